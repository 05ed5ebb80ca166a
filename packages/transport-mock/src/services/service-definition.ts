import type { Action, ActionHandler, Argument, Dialect, ServiceDefinition, StateVariable } from '../gateway/model.ts';

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
