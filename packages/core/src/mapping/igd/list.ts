import { ok, safeTry, type ResultAsync } from '../../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../../arguments.ts';
import type { Gateway } from '../../client/gateway.ts';
import { walkMappings, type MappingList } from '../../client/walk-mappings.ts';
import { checkProtocol, type PortMapping, type Protocol, type ProtocolName } from '../../port-mapping.ts';
import { toPortMapping } from '../../client/mapping-arguments.ts';
import type { CallError } from '../../errors.ts';
import type { CallOptions } from '../../call-options.ts';
import { decodePortListing, type UnreadableMapping } from '../../igd/port-listing.ts';
import { offersAction } from './offered-actions.ts';

export interface ListMappingsOptions extends CallOptions {
  /**
   * Only those of one protocol: `complete` is then what the gateway shows this host. Default: both, with a check that none
   * is missing.
   */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Entries, from 1, that the gateway may be asked for at once; a longer table is read entry by entry. Default: 128, since
   * miniupnpd 2.3.1 on nftables has room for that many ports in a listing, writes on beyond it, and ends; on iptables it
   * lists a thousand, and nothing tells one from the other. Infinity, for a gateway that is known to do better, saves the
   * request that tells how long the table is.
   */
  readonly atOnce?: number | undefined;
}

/** As many as there are ports: for 0, which is all of them by the book, miniupnpd lists 1000 and leaves the rest out. */
const ALL_PORTS = 65_535;

/**
 * Reads the mapping table: in one request for each protocol, where the gateway has the action for it and the table is not
 * too long, which one more request tells; else in one request an entry.
 *
 * A FRITZ!Box lists only what the caller may see, and says nothing of it; so a listing of both protocols is followed by
 * one more request, for the entry after the last, and if there is one, the table is read entry by entry. So is it if the
 * listing has rows that can't be read, or is not well-formed.
 *
 * @see WANIPConnection:2, 2.5.21 (GetListOfPortMappings)
 */
export function listMappings(gateway: Gateway, options: ListMappingsOptions = {}): ResultAsync<MappingList, CallError> {
  return safeTry<MappingList, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const { atOnce = 128 } = options;
    const protocol = options.protocol === undefined ? undefined : yield* checkProtocol(options.protocol);
    const isOffered = await offersAction(gateway, 'GetListOfPortMappings', options);
    const listed =
      isOffered && (atOnce === Infinity || (await endsWithin(gateway, atOnce, options)))
        ? await listing(gateway, protocol === undefined ? ['TCP', 'UDP'] : [protocol], options)
        : null;
    if (
      listed?.isWhole === true &&
      (protocol !== undefined || (await endsWithin(gateway, listed.mappings.length, options)))
    ) {
      return ok({ mappings: listed.mappings, unreadable: [], complete: true, error: null });
    }
    const walked = await walkMappings(gateway, options);
    // A part of the table is better than nothing.
    if (walked.isErr() && listed !== null) {
      const { mappings, unreadable } = listed;
      return ok({ mappings, unreadable, complete: false, error: walked.error });
    }
    const table = yield* walked;
    const mappings = table.mappings.filter((mapping) => protocol === undefined || mapping.protocol === protocol);
    return ok({ ...table, mappings });
  });
}

interface Listing extends Pick<MappingList, 'mappings' | 'unreadable'> {
  /** False if a row can't be read, or may be missing. */
  readonly isWhole: boolean;
}

/** Null where the gateway does not offer it after all, or answers with what can't be read. */
async function listing(
  gateway: Gateway,
  protocols: readonly Protocol[],
  options: CallOptions,
): Promise<Listing | null> {
  let isWhole = true;
  const mappings: PortMapping[] = [];
  const unreadable: UnreadableMapping[] = [];
  for (const NewProtocol of protocols) {
    const range = { NewStartPort: 1, NewEndPort: 65_535, NewManage: true, NewNumberOfPorts: ALL_PORTS };
    const answer = await gateway.connection.call('GetListOfPortMappings', { ...range, NewProtocol }, options);
    if (answer.isErr()) {
      const { error } = answer;
      // 730 by the book, 714 on others: there is none.
      if (error.kind === 'upnp-fault' && (error.code === 730 || error.code === 714)) continue;
      return null;
    }
    const decoded = decodePortListing(answer.value.NewPortListing).unwrapOr(null);
    if (decoded === null) return null;
    mappings.push(...decoded.entries.map(toPortMapping));
    unreadable.push(...decoded.unreadable);
    isWhole &&= decoded.unreadable.length === 0 && decoded.damage === null;
  }
  return { mappings, unreadable, isWhole };
}

/** Whether the table has that many entries, or fewer. */
async function endsWithin(gateway: Gateway, length: number, options: CallOptions): Promise<boolean> {
  const index = { NewPortMappingIndex: Math.min(length, 65_535) };
  const beyond = await gateway.connection.call('GetGenericPortMappingEntry', index, options);
  return beyond.isErr() && beyond.error.kind === 'upnp-fault';
}
