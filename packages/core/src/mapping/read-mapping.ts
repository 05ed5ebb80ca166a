/** Reads one mapping, from gateways that answer with another one, too. */
import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { keyInput, toPortMapping, type MappingKey, type PortMapping, type Protocol } from '../client/port-mapping.ts';
import type { CallError, CallOptions } from '../client/service-client.ts';
import { malformed } from '../malformed.ts';

/** The codes for "there is no such mapping": 714 by the book; 713 and 730 have been seen. */
const ABSENT: readonly (number | null)[] = [713, 714, 730];
/** End a table: 713 by the book, 714 on some routers, 402 on TP-Link ER and Omada. */
const END_CODES: readonly (number | null)[] = [713, 714, 402];
/** For one mapping nobody reads more: miniupnpd holds some hundreds, and listings exist that never end. */
const MAX_ENTRIES = 512;

/**
 * The mapping of one external port and protocol; null where there is none.
 *
 * The answer does not echo the key, and a Netgear RAX30 answers for a port that is not mapped with the entry of another
 * one. So what is not as `expected` is believed only of a gateway that does not answer for a port taken at random; on
 * others the table is read. One that can't be read to its end leaves it open: an error.
 *
 * @see WANIPConnection:1, 2.4.15 (GetSpecificPortMappingEntry)
 */
export function readMapping(
  gateway: Gateway,
  mapping: MappingKey,
  expected: (entry: PortMapping) => boolean,
  options?: CallOptions,
): ResultAsync<PortMapping | null, CallError> {
  return safeTry<PortMapping | null, CallError>(async function* () {
    const { externalPort, protocol } = mapping;
    const key = keyInput(mapping);
    const answer = await gateway.connection.call('GetSpecificPortMappingEntry', key, options);
    if (answer.isErr()) {
      const { error } = answer;
      return error.kind === 'upnp-fault' && ABSENT.includes(error.code) ? ok(null) : err(error);
    }
    const entry = toPortMapping({ ...answer.value, ...key });
    if (expected(entry) || !(await answersForAnyPort(gateway, protocol, options))) return ok(entry);
    const isIt = (one: PortMapping): boolean => one.externalPort === externalPort && one.protocol === protocol;
    const { found, complete } = await findInTable(gateway, isIt, options);
    if (found !== null || complete) return ok(found);
    const port = `${protocol} port ${externalPort}`;
    return err(
      malformed('response', `the entry of ${port}`, 'GetSpecificPortMappingEntry', `that of ${entry.internalClient}`),
    );
  });
}

/** A port that is mapped by chance costs a reading of the table, and misleads nobody. */
async function answersForAnyPort(gateway: Gateway, protocol: Protocol, options?: CallOptions): Promise<boolean> {
  const port = 49_152 + Math.floor(gateway.transport.random.fraction() * 16_384);
  const key = keyInput({ externalPort: port, protocol });
  return (await gateway.connection.call('GetSpecificPortMappingEntry', key, options)).isOk();
}

/** What was found in a table, and whether all of it was seen. */
export interface TableSearch {
  readonly found: PortMapping | null;
  readonly complete: boolean;
}

/** Walks the table up to the entry that is sought; no further than 512 entries. */
export async function findInTable(
  gateway: Gateway,
  isIt: (entry: PortMapping) => boolean,
  options?: CallOptions,
): Promise<TableSearch> {
  for (let index = 0; index < MAX_ENTRIES; index += 1) {
    const answer = await gateway.connection.call('GetGenericPortMappingEntry', { NewPortMappingIndex: index }, options);
    if (answer.isErr()) {
      const { error } = answer;
      return { found: null, complete: error.kind === 'upnp-fault' && END_CODES.includes(error.code) };
    }
    const entry = toPortMapping(answer.value);
    if (isIt(entry)) return { found: entry, complete: true };
  }
  return { found: null, complete: false };
}
