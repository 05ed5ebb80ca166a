/** What can change on a gateway, and how two of its states are compared. */
import { knownAddress, type ConnectionState } from '../../client/connection-state.ts';
import { classifyAddress, type AddressClass } from '../../addresses/address-class.ts';

/** The way in which a change was noticed. */
export type ChangeSource = 'event' | 'announcement' | 'poll';

export type GatewayChange = { readonly source: ChangeSource } & (
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass }
  | { readonly kind: 'connection'; readonly status: string | null; readonly connected: boolean }
  /** The mapping table has changed, by whomever; null where the number of its entries was not told. By events only. */
  | { readonly kind: 'mappings'; readonly entries: number | null }
  /** It was started anew, or its connection was: mappings may be lost, and its URLs others. */
  | { readonly kind: 'restarted' }
  /** It does not answer any more. `restarted` follows when it does. */
  | { readonly kind: 'gone' }
  /** This host is on another network, or has another address on it. The gateway has to be found anew. */
  | { readonly kind: 'network' }
);

/** The state after an event. Of another status the uptime is unknown. */
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

/** The state after a look. What a gateway did not tell this time (a fault, an answer that was lost) is as it was. */
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

/** What is to be told of two states. */
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

/** What events have said of the mapping table. SystemUpdateID (WANIPConnection:2, 2.3.23) grows with every change. */
export interface EventedTable {
  readonly entries: string | undefined;
  readonly updateId: string | undefined;
}

/** What is known after an event. The first of all tells what there is (UDA 1.1, 4.2), and later ones what has changed. */
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
