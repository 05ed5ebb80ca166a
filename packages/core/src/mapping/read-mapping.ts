import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { listMappings } from '../client/list-mappings.ts';
import { toPortMapping, type MappingKey, type PortMapping } from '../client/port-mapping.ts';
import type { CallError, CallOptions } from '../client/service-client.ts';

/** The codes for "there is no such mapping": 714 by the book; 713 and 730 have been seen. */
const ABSENT: readonly (number | null)[] = [713, 714, 730];

/**
 * The mapping of one external port and protocol; null where there is none.
 *
 * The answer does not echo the key, and a Netgear RAX30 answers for a port that is not mapped with the entry of another
 * one: so what is not as `expected` is looked for in the whole table before it is believed.
 *
 * @see WANIPConnection:1, 2.4.15 (GetSpecificPortMappingEntry)
 */
export function readMapping(
  gateway: Gateway,
  { externalPort, protocol, remoteHost = '' }: MappingKey,
  expected: (entry: PortMapping) => boolean,
  options?: CallOptions,
): ResultAsync<PortMapping | null, CallError> {
  return safeTry<PortMapping | null, CallError>(async function* () {
    const key = { NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol };
    const answer = await gateway.connection.call('GetSpecificPortMappingEntry', key, options);
    if (answer.isErr()) {
      const { error } = answer;
      return error.kind === 'upnp-fault' && ABSENT.includes(error.code) ? ok(null) : err(error);
    }
    const entry = toPortMapping({ ...answer.value, ...key });
    if (expected(entry)) return ok(entry);
    const { mappings, complete } = yield* listMappings(gateway, options);
    const listed = mappings.find((one) => one.externalPort === externalPort && one.protocol === protocol);
    // A table that could not be read to its end proves nothing by what it does not hold.
    return ok(listed ?? (complete ? null : entry));
  });
}
