import type { ActionHandler } from '../gateway/action.ts';
import type { ErrorNames } from './error-names.ts';

/** UDA 1.0, 2.3: the data types that these services use. */
export type DataType = 'string' | 'boolean' | 'ui2' | 'ui4';

export interface StateVariable {
  readonly name: string;
  readonly type: DataType;
  readonly isEvented: boolean;
  readonly defaultValue?: string;
  /** The allowedValueList. */
  readonly allowed?: readonly string[];
  /** The allowedValueRange. */
  readonly range?: readonly [minimum: number, maximum: number];
  /** The code for a value outside of the list or range, where the specification names a more specific one than 601. */
  readonly outsideCode?: number;
}

/** An argument and the state variable that it is related to, from which it has its type and its limits. */
export interface Argument {
  readonly name: string;
  readonly variable: StateVariable;
}

export interface Action {
  readonly name: string;
  /** In the order of the specification. */
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  /** The specification leaves it to the device: a device without it answers 602, and its SCPD leaves it out. */
  readonly isOptional: boolean;
  /** The version of the service type that brought it; a call in the name of a lower one is answered with 401. */
  readonly since: number;
  readonly handle: ActionHandler;
}

/**
 * Where the versions differ. The services of 2001 know 402 for any argument that they dislike; those of 2010 use the
 * codes 600 and 601 of UDA 1.1, and codes of their own.
 */
export interface Dialect {
  /** A value that is not in the list or the range of its state variable. */
  readonly outOfRange: number;
  /** A value of the right type that means nothing: an address that is none. */
  readonly invalidValue: number;
  /** A mapping for another host than the caller, refused. */
  readonly foreignClient: number;
  /** No room for another mapping. */
  readonly full: number;
  readonly internalPortZero: number;
  /** The external port belongs to something else than UPnP. */
  readonly reservedPort: number;
  /** A variable that can't be set. */
  readonly readOnly: number;
  /** What a lease of 0 asks for. */
  readonly zeroLease: 'permanent' | 'maximum';
}

/** WANIPConnection:1, WANPPPConnection:1 and their siblings of 2001. */
export const DIALECT_2001: Dialect = {
  outOfRange: 402,
  invalidValue: 402,
  foreignClient: 718,
  full: 501,
  internalPortZero: 402,
  reservedPort: 718,
  readOnly: 501,
  zeroLease: 'permanent',
};

/** WANIPConnection:2 and WANIPv6FirewallControl:1. */
export const DIALECT_2010: Dialect = {
  outOfRange: 601,
  invalidValue: 600,
  foreignClient: 606,
  full: 728,
  internalPortZero: 732,
  reservedPort: 729,
  readOnly: 731,
  zeroLease: 'maximum',
};

export interface ServiceDefinition {
  /** The type without its version: `urn:schemas-upnp-org:service:WANIPConnection`. */
  readonly type: string;
  readonly version: number;
  readonly dialect: Dialect;
  readonly errors: ErrorNames;
  readonly variables: readonly StateVariable[];
  /** By name, in the order of the specification. */
  readonly actions: ReadonlyMap<string, Action>;
}

/** An action as the tables write it: arguments as pairs of name and related state variable. */
export interface ActionRow {
  readonly name: string;
  readonly in?: readonly ArgumentRow[];
  readonly out?: readonly ArgumentRow[];
  readonly optional?: true;
  readonly since?: number;
  readonly handle: ActionHandler;
}

export type ArgumentRow = readonly [name: string, variable: string];

/** A state variable as the tables write it. */
export interface VariableRow extends Omit<StateVariable, 'isEvented'> {
  readonly evented?: true;
}

export interface ServiceTable extends Omit<ServiceDefinition, 'variables' | 'actions'> {
  readonly variables: readonly VariableRow[];
  readonly actions: readonly ActionRow[];
}

/** Resolves a table's names once, so that a call looks nothing up by name but its action. */
export function defineService(table: ServiceTable): ServiceDefinition {
  const variables = table.variables.map(({ evented, ...variable }) => ({ ...variable, isEvented: evented ?? false }));
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const resolve = ([name, variableName]: ArgumentRow): Argument => {
    const variable = byName.get(variableName);
    if (variable === undefined) throw new Error(`${table.type} has no state variable ${variableName}`);
    return { name, variable };
  };
  return {
    ...table,
    variables,
    actions: new Map(
      table.actions.map((row): [string, Action] => [
        row.name,
        {
          name: row.name,
          inputs: (row.in ?? []).map(resolve),
          outputs: (row.out ?? []).map(resolve),
          isOptional: row.optional ?? false,
          since: row.since ?? 1,
          handle: row.handle,
        },
      ]),
    ),
  };
}
