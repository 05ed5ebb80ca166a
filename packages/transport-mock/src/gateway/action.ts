import { err, ok, type Result } from '@portwright/core/result';
import type { ServiceInstance } from '../description/device-tree.ts';
import type { Gateway } from './gateway.ts';

/** A UPnP error (UDA 1.0, 3.2.2). */
export interface ActionFault {
  readonly code: number;
}

export type ArgumentValue = string | number | boolean;

/** Input arguments by name, decoded and checked against the service's table. */
export type ActionArguments = ReadonlyMap<string, ArgumentValue>;

/** Output arguments by name; the table decides on their order. */
export type ActionOutput = Readonly<Record<string, ArgumentValue>>;

/** One action, called. */
export interface ActionCall {
  readonly gateway: Gateway;
  /** The service that was called: actions of WANIPConnection work on its connection, and speak its dialect. */
  readonly service: ServiceInstance;
  readonly args: ActionArguments;
  /** The address that the request came from. */
  readonly caller: string;
}

/** What a gateway does when an action is called. It changes the state at once, or refuses and changes nothing. */
export type ActionHandler = (call: ActionCall) => Result<ActionOutput, ActionFault>;

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
