import { errAsync, ResultAsync, type Result } from '../result.ts';
import { checkArguments, isObject, LEASE, LEASE_OR_OPTIONS, listOf, PORT_MAPPER, type Passed } from '../arguments.ts';
import type { CallError } from '../errors.ts';
import type { PortMapping } from '../port-mapping.ts';
import { isOn } from './same-gateway.ts';
import type { MappedBoth } from './map-both.ts';
import type { MappedPort, PortMapper } from './port-mapper.ts';
import type { Lease, NotUnmappedError, UnmapPortOptions } from './types.ts';

/** What was deleted of each protocol. */
type UnmappedBoth = readonly [tcp: PortMapping | null, udp: PortMapping | null];

type UnmapError = CallError | NotUnmappedError;

/**
 * Deletes a mapping: that of a port and a protocol, or what {@link mapPort} gave. Many gateways let any host delete any
 * mapping, so it is read first, and deleted only if it leads to this host, or to `internalClient`. A mapping that can't be
 * read is left alone, unless `force` is set, or the gateway refuses to show what it has granted.
 *
 * Of what `mapPort` gave for both protocols, each is tried, and the first error is returned. `deadlineMs` and `signal` are
 * for each request.
 *
 * Errors: `not-unmapped` (`not-own`, `absent`, `unknown`); `invalid-argument`; those of the requests: `transport`,
 * `upnp-fault`, `malformed`.
 *
 * @returns what was deleted; null where the gateway does not show it
 *
 * @example
 * ```ts
 * const mapped = await orThrow(mapPort(mapper, { externalPort: 7777, protocol: 'both' }));
 * await orThrow(unmapPort(mapper, mapped));
 *
 * await orThrow(unmapPort(mapper, { externalPort: 7778, protocol: 'UDP' }));
 * ```
 */
export function unmapPort(
  mapper: PortMapper,
  mapped: UnmapPortOptions | MappedPort,
): ResultAsync<PortMapping | null, UnmapError>;
export function unmapPort(mapper: PortMapper, mapped: MappedBoth): ResultAsync<UnmappedBoth, UnmapError>;
export function unmapPort(
  mapper: PortMapper,
  mapped: UnmapPortOptions | MappedPort | MappedBoth,
): ResultAsync<PortMapping | null | UnmappedBoth, UnmapError>;
export function unmapPort(
  mapper: PortMapper,
  mapped: UnmapPortOptions | MappedPort | MappedBoth,
): ResultAsync<PortMapping | null | UnmappedBoth, UnmapError> {
  const checked = checkArguments(['mapper', mapper, PORT_MAPPER], whatIn(mapped));
  return checked.asyncAndThen<PortMapping | null | UnmappedBoth, UnmapError>(() => {
    if (isBoth(mapped)) return new ResultAsync(unmapBoth(mapper, mapped));
    return isOne(mapped) ? unmapLease(mapper, mapped.granted) : mapper.unmap(mapped);
  });
}

function isBoth(mapped: unknown): mapped is MappedBoth {
  return isObject(mapped) && Array.isArray(mapped['leases']) && mapped['leases'].length === 2;
}

function isOne(mapped: unknown): mapped is MappedPort {
  return isObject(mapped) && 'requested' in mapped && 'granted' in mapped;
}

function whatIn(mapped: unknown): Passed {
  if (isBoth(mapped)) return ['leases', mapped.leases, listOf(LEASE)];
  return isOne(mapped) ? ['granted', mapped.granted, LEASE] : ['options', mapped, LEASE_OR_OPTIONS];
}

async function unmapBoth(
  mapper: PortMapper,
  { leases: [tcp, udp] }: MappedBoth,
): Promise<Result<UnmappedBoth, UnmapError>> {
  const ofTcp = await unmapLease(mapper, tcp);
  const ofUdp = await unmapLease(mapper, udp);
  return ofTcp.andThen((one) => ofUdp.map((other) => [one, other] as const));
}

/** A lease of another router says nothing about the same port on this one. */
function unmapLease(mapper: PortMapper, lease: Lease): ResultAsync<PortMapping | null, UnmapError> {
  const { externalPort, protocol, remoteHost, internalClient } = lease;
  if (isOn(lease, mapper)) return mapper.unmap({ externalPort, protocol, remoteHost, internalClient }, lease);
  const message = `${protocol} port ${externalPort} is mapped on another router`;
  const hint = 'Pass the mapper that has mapped it.';
  return errAsync({ kind: 'not-unmapped', code: 'absent', message, mapping: null, hint });
}
