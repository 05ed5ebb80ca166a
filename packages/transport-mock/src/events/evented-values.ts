import type { ArgumentValue, ServiceInstance } from '../gateway/model.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { MappingTable } from '../gateway/mapping-table.ts';

/** State variables by name, as events write them; in the order of the service's table. */
export type EventedValues = ReadonlyMap<string, string>;

/** Those that no action tells: WANIPConnection:2, 2.3.15 and 2.3.23. */
const OF_THE_TABLE: Readonly<Record<string, (mappings: MappingTable) => number>> = {
  PortMappingNumberOfEntries: (mappings) => mappings.size,
  SystemUpdateID: (mappings) => mappings.updateId,
};

/** Every variable of a service that its table marks as evented, with its value now. */
export function eventedValues(gateway: Gateway, service: ServiceInstance): EventedValues {
  const evented = service.definition.variables.filter(({ isEvented }) => isEvented);
  return new Map(evented.map(({ name }) => [name, write(valueOf(gateway, service, name))]));
}

/** What of it has another value than before. */
export function changedValues(before: EventedValues, now: EventedValues): EventedValues {
  return new Map([...now].filter(([name, value]) => before.get(name) !== value));
}

/** What a Get action would say, so that events and answers never differ. */
function valueOf(gateway: Gateway, service: ServiceInstance, name: string): ArgumentValue {
  const { connection, definition } = service;
  const ofTheTable = OF_THE_TABLE[name];
  if (ofTheTable !== undefined) return connection === null ? 0 : ofTheTable(connection.mappings);
  for (const { inputs, outputs, handle } of definition.actions.values()) {
    const output = inputs.length === 0 ? outputs.find(({ variable }) => variable.name === name) : undefined;
    if (output === undefined) continue;
    return handle({ gateway, service, args: new Map(), caller: '' })
      .map((values) => values[output.name] ?? '')
      .unwrapOr('');
  }
  return '';
}

/** UDA 1.0, 2.3: a boolean is sent as 0 or 1. */
function write(value: ArgumentValue): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
