import type { Caller } from '../bench/caller.ts';
import type { TableEntry } from '../bench/mapping-table.ts';
import { keyOfEntry } from '../bench/mappings.ts';
import type { ServiceUnderTest } from '../bench/service-under-test.ts';
import { NO_SUCH_PROTOCOL } from '../checks/wan-ip-refusals.ts';

/** What may be asked for about an entry: the table says whether it helped, since some gateways report success falsely. */
export type Attempt = () => PromiseLike<unknown>;

const PROTOCOLS: readonly string[] = ['TCP', 'UDP'];

/**
 * The ways to delete an entry, the usual one first. Each needs a reading of the table after it.
 *
 * @param others - the entries that must stay: no way may reach one of them
 */
export function waysToDelete(
  service: ServiceUnderTest,
  { self, second }: { readonly self: Caller; readonly second: Caller | null },
  entry: TableEntry,
  others: readonly TableEntry[],
): readonly Attempt[] {
  const { externalPort, protocol, internalClient } = entry;
  // There are gateways that let a mapping be deleted only by the host that it leads to.
  const owner = internalClient === second?.address ? second : self;
  const another = owner === self ? second : self;
  const isFree = (candidate: string): boolean =>
    !others.some((other) => other.externalPort === externalPort && other.protocol === candidate);
  const deleteAs = (spelling: string, from: Caller): Attempt => {
    const key = { ...keyOfEntry(entry), NewProtocol: spelling };
    return () => service.call('DeletePortMapping', key, { from });
  };
  const isKnown = PROTOCOLS.includes(protocol);
  // linux-igd lists a protocol that it doesn't know as an empty one.
  const spellings = isKnown ? [] : [NO_SUCH_PROTOCOL, ...PROTOCOLS.filter(isFree)];
  const ranges = service.version < 2 ? [] : (isKnown ? [protocol] : PROTOCOLS).filter(isFree);
  return [
    deleteAs(protocol, owner),
    ...(another === null ? [] : [deleteAs(protocol, another)]),
    ...spellings.map((spelling) => deleteAs(spelling, owner)),
    ...ranges.map((NewProtocol): Attempt => {
      const range = { NewStartPort: externalPort, NewEndPort: externalPort, NewProtocol, NewManage: 0 };
      return () => service.call('DeletePortMappingRange', range, { from: owner });
    }),
  ];
}
