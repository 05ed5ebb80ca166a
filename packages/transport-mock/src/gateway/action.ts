import { err, ok, type Result } from '@portwright/core/result';
import type { ActionArguments, ActionFault, ActionOutput } from './model.ts';

/** Success without output arguments. */
export function done(): Result<ActionOutput, ActionFault> {
  return ok({});
}

export function refuse(code: number): Result<never, ActionFault> {
  return err({ code });
}

export function textArgument(args: ActionArguments, name: string): string {
  const value = args.get(name);
  return typeof value === 'string' ? value : unlisted(name);
}

export function numberArgument(args: ActionArguments, name: string): number {
  const value = args.get(name);
  return typeof value === 'number' ? value : unlisted(name);
}

export function booleanArgument(args: ActionArguments, name: string): boolean {
  const value = args.get(name);
  return typeof value === 'boolean' ? value : unlisted(name);
}

/** A handler asks for an argument that its table doesn't list, or lists with another type: this package's own bug. */
function unlisted(name: string): never {
  throw new Error(`the service's table does not list ${name} with this use`);
}
