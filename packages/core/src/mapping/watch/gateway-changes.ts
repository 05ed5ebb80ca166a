/** The changes that a watch reports, and how two states of a gateway are compared. */
import { knownAddress, type ConnectionState } from '../../client/connection-state.ts';
import { classifyAddress, type AddressClass } from '../../addresses/address-class.ts';

/**
 * How a change was noticed. Changes from announcements were confirmed by the gateway itself: by its description, its
 * uptime, or a mapping that is gone.
 */
export type ChangeSource = 'event' | 'announcement' | 'poll';

export type GatewayChange = { readonly source: ChangeSource } & (
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass }
  | { readonly kind: 'connection'; readonly status: string | null; readonly connected: boolean }
  /** The mapping table has changed, by any client. `entries`: null if unknown. From events only. */
  | { readonly kind: 'mappings'; readonly entries: number | null }
  /** The gateway or its connection has restarted: mappings may be lost, and its URLs may be others. */
  | { readonly kind: 'restarted' }
  /** The gateway does not answer any more. `restarted` follows when it does. */
  | { readonly kind: 'gone' }
  /** This host is on another network, or has another address. Search for the gateway again. */
  | { readonly kind: 'network' }
);

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

/** The state after a poll. A value that is missing this time (a fault, a lost answer) stays as it was. */
export function afterLook(before: ConnectionState, { errors, ...answered }: ConnectionState): ConnectionState {
  const { status, connected, externalAddress, externalAddressClass } = before;
  const isAddressMissing = errors.length > 0 && answered.externalAddressClass === 'invalid';
  return {
    ...answered,
    errors,
    ...(errors.length > 0 && answered.status === null ? { status, connected } : {}),
    ...(isAddressMissing ? { externalAddress, externalAddressClass } : {}),
  };
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
