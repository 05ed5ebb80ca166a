import { err, ok, type Result } from '@portwright/core/result';
import type { Action, ActionArguments, ActionFault, ArgumentValue, Dialect, StateVariable } from './model.ts';

/** An argument as it stood in the request. */
export interface RawArgument {
  readonly name: string;
  readonly text: string;
}

/**
 * UDA 1.0, 3.2.2: 402 is for "not enough in args, too many in args, no in arg by that name, one or more in args are of
 * the wrong data type"; and 3.2.1: "every in argument ... must be included, in the same order as specified in the
 * service description".
 */
export function decodeArguments(
  action: Action,
  raw: readonly RawArgument[],
  dialect: Dialect,
): Result<ActionArguments, ActionFault> {
  if (raw.length !== action.inputs.length) return err({ code: 402 });
  const decoded = new Map<string, ArgumentValue>();
  for (const [index, { name, variable }] of action.inputs.entries()) {
    const given = raw[index];
    if (given?.name !== name) return err({ code: 402 });
    const value = decodeValue(variable, given.text);
    if (value === null) return err({ code: 402 });
    decoded.set(name, value);
  }
  // Types come before limits: the values that are no values at all are the more specific mistake.
  for (const { name, variable } of action.inputs) {
    if (!isAllowed(variable, decoded.get(name))) return err({ code: variable.outsideCode ?? dialect.outOfRange });
  }
  return ok(decoded);
}

/** The arguments that an action has, by their names: for a gateway that takes them in any order. */
export function inDeclaredOrder(action: Action, raw: readonly RawArgument[]): readonly RawArgument[] {
  return action.inputs.flatMap(({ name }) => raw.find((given) => given.name === name) ?? []);
}

function decodeValue(variable: StateVariable, text: string): ArgumentValue | null {
  switch (variable.type) {
    case 'string':
      return text;
    case 'boolean':
      return decodeBoolean(text.trim());
    case 'ui2':
      return decodeInteger(text.trim(), 0xffff);
    case 'ui4':
      return decodeInteger(text.trim(), 0xffff_ffff);
  }
}

/** WANIPConnection:2, 1.3.1: "yes" and "no" are deprecated, and "MUST be accepted on input". */
function decodeBoolean(text: string): boolean | null {
  if (text === '1' || text === 'true' || text === 'yes') return true;
  return text === '0' || text === 'false' || text === 'no' ? false : null;
}

function decodeInteger(text: string, maximum: number): number | null {
  if (!/^\d{1,10}$/.test(text)) return null;
  const value = Number(text);
  return value <= maximum ? value : null;
}

function isAllowed({ allowed, range }: StateVariable, value: ArgumentValue | undefined): boolean {
  if (allowed !== undefined) return typeof value === 'string' && allowed.includes(value);
  if (range === undefined) return true;
  return typeof value === 'number' && value >= range[0] && value <= range[1];
}
