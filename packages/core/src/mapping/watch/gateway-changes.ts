/** How two states of a gateway are compared. */
import { knownAddress, type ConnectionState } from '../../client/connection-state.ts';
import { classifyAddress } from '../../addresses/address-class.ts';
import type { ChangeSource, GatewayChange } from '../port-mapper.ts';

/** The state after an event. With another status, the uptime is unknown. */
export function afterEvent(before: ConnectionState, properties: ReadonlyMap<string, string>): ConnectionState {
  const status = properties.get('ConnectionStatus') ?? before.status;
  const address = properties.get('ExternalIPAddress');
  return {
    ...before,
    ...(status === before.status
      ? {}
      : { status, connected: /^(connected|up)$/i.test(status ?? ''), uptimeSeconds: null }),
    ...(address === undefined
      ? {}
      : { externalAddress: knownAddress(address), externalAddressClass: classifyAddress(address) }),
  };
}

/** What a poll has told: without the values that are missing this time (a fault, a lost answer). */
export function toldBy(state: ConnectionState): Partial<ConnectionState> {
  const { status, connected, externalAddress, externalAddressClass, ...others } = state;
  const isMissing = state.errors.length > 0;
  return {
    ...others,
    ...(isMissing && status === null ? {} : { status, connected }),
    ...(isMissing && externalAddressClass === 'invalid' ? {} : { externalAddress, externalAddressClass }),
  };
}

/** The state after a poll. What it has not told stays as it was. */
export function afterLook(before: ConnectionState, state: ConnectionState): ConnectionState {
  return { ...before, ...toldBy(state) };
}

/** The differences between two states. */
export function changesBetween(
  before: ConnectionState,
  after: ConnectionState,
  source: ChangeSource,
): readonly GatewayChange[] {
  const { externalAddress: address, externalAddressClass: addressClass, status, connected } = after;
  const changes: GatewayChange[] = [];
  if (address !== before.externalAddress) changes.push({ kind: 'externalAddress', address, addressClass, source });
  if (status !== before.status) changes.push({ kind: 'connection', status, connected, source });
  return changes;
}

/** The mapping table as events describe it. SystemUpdateID (WANIPConnection:2, 2.3.23) grows with every change. */
export interface EventedTable {
  readonly entries: string | undefined;
  readonly updateId: string | undefined;
}

/** The table after an event. The first event has every variable (UDA 1.1, 4.2), later ones those that changed. */
export function tableAfter(before: EventedTable | null, properties: ReadonlyMap<string, string>): EventedTable {
  return {
    entries: properties.get('PortMappingNumberOfEntries') ?? before?.entries,
    updateId: properties.get('SystemUpdateID') ?? before?.updateId,
  };
}

export function tableChanges(before: EventedTable, { entries, updateId }: EventedTable): readonly GatewayChange[] {
  if (entries === before.entries && updateId === before.updateId) return [];
  const count = /^\d+$/.test(entries ?? '') ? Number(entries) : null;
  return [{ kind: 'mappings', entries: count, source: 'event' }];
}
