/** Deletes one mapping of an IGD's table. */
import { err, safeTry, type ResultAsync } from '../../result.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf, localAddressOf, nextInternalClient } from '../../client/internal-client.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { CallOptions } from '../../call-options.ts';
import type { CallError } from '../../errors.ts';
import { checkMappingKey } from '../../client/mapping-arguments.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../../port-mapping.ts';
import { printable } from '../../text.ts';
import type { Owner } from '../attempts.ts';
import type { Lease, NotUnmappedError, UnmapPortOptions } from '../types.ts';
import { elsewhereOf } from './ask-elsewhere.ts';
import { ownerOf, removeMapping } from './ownership.ts';
import { isRefusal, readTwice } from './read-mapping.ts';
import { bindSourceAddress } from './source-address.ts';

/**
 * Deletes a mapping, if it leads to this host: many gateways let any host delete any mapping. One that can't be read is
 * left alone, too, unless it is forced, or the gateway refuses to show what it has granted to this host itself. If the
 * control URL has moved, the request goes to where the description has it now. An answer that proves nothing, such as an
 * empty one, is settled by reading. If this host gets another address meanwhile, the request is repeated from there.
 *
 * @param lease - the lease that is meant; its description and internal port tell whose the mapping is, too
 */
export function unmapMapping(
  gateway: Gateway,
  options: UnmapPortOptions,
  lease?: Lease,
): ResultAsync<PortMapping | null, UnmapError> {
  return safeTry<PortMapping | null, UnmapError>(async function* () {
    const local = await localAddressOf(gateway);
    const own = (await internalClientOf(gateway, options.internalClient)).unwrapOr(undefined);
    const unmapped = await unmapOn(gateway, options, lease);
    if (unmapped.isOk() || unmapped.error.kind === 'not-unmapped') return unmapped;
    const elsewhere = await elsewhereOf(gateway)(unmapped.error, limitsOf(options));
    if (elsewhere !== null) return unmapOn(elsewhere, options, lease);
    const isLost = local !== null && (await isOwnAddress(gateway.transport, local)) === false;
    const isOver = (): boolean => options.signal?.aborted === true;
    if (!isLost || (await nextInternalClient(gateway, isOver)) === null) return unmapped;
    // The mapping that is meant leads to the address that this host had.
    return unmapOn(gateway, { ...options, internalClient: own }, lease);
  });
}

type UnmapError = CallError | NotUnmappedError;

function unmapOn(
  gateway: Gateway,
  options: UnmapPortOptions,
  lease: Lease | undefined,
): ResultAsync<PortMapping | null, UnmapError> {
  return safeTry<PortMapping | null, UnmapError>(async function* () {
    const key = yield* checkMappingKey(options);
    const own = yield* await internalClientOf(gateway, options.internalClient);
    const bound = await bindSourceAddress(gateway, own);
    const limits = limitsOf(options);
    const owner = (entry: PortMapping): Owner =>
      lease === undefined ? ownerByHost(entry, own) : ownerOf(entry, lease);
    const read = await readTwice(bound, key, (entry) => owner(entry) === 'own', limits);
    const mapping = read.unwrapOr(null);
    const port = `${key.protocol} port ${key.externalPort}`;
    if (options.force !== true) {
      if (read.isErr()) {
        const { error } = read;
        const isGranted = lease !== undefined && isRefusal(error);
        if (!isGranted && error.kind === 'transport') return err(error);
        if (!isGranted) return err(notUnmapped('unknown', `can't read who owns ${port}: ${error.message}`));
      } else if (mapping === null) return err(notUnmapped('absent', `${port} is not mapped`));
      else if (owner(mapping) !== 'own') return err(notOwn(port, mapping, own));
    }
    const isGone = (entry: PortMapping | null): boolean =>
      entry === null || (mapping !== null && !isSameMapping(entry, mapping));
    return (await removeMapping(bound, key, limits, isGone)).map(() => mapping);
  });
}

/** Whether an entry is still the same: its port may lead elsewhere by now. */
function isSameMapping(one: PortMapping, other: PortMapping): boolean {
  return one.internalClient === other.internalClient && one.internalPort === other.internalPort;
}

/** Without the rest of the options, which may be a lease. */
function limitsOf({ deadlineMs, signal }: CallOptions): CallOptions {
  return { deadlineMs, signal };
}

/**
 * Whose a mapping is that leads to a client. Where the table does not spell the client as an address, what this program
 * maps without a name of its own is its own.
 */
function ownerByHost({ internalClient, description }: PortMapping, own: string): Owner {
  switch (sameHost(internalClient, own)) {
    case 'same':
      return 'own';
    case 'different':
      return 'other';
    case 'unknown':
      return description === DEFAULT_DESCRIPTION ? 'own' : 'unknown';
  }
}

function notOwn(port: string, mapping: PortMapping, own: string): NotUnmappedError {
  const { internalClient, internalPort } = mapping;
  switch (sameHost(internalClient, own)) {
    case 'same':
      return notUnmapped('not-own', `${port} is mapped to another program, on port ${internalPort}`, mapping);
    case 'different':
      return notUnmapped('not-own', `${port} is mapped to another device, ${internalClient}`, mapping);
    case 'unknown':
      return notUnmapped(
        'unknown',
        `can't tell who owns ${port}: the router lists "${printable(internalClient)}" as its client`,
        mapping,
      );
  }
}

function notUnmapped(
  code: NotUnmappedError['code'],
  message: string,
  mapping: PortMapping | null = null,
): NotUnmappedError {
  const hint = code === 'absent' ? 'Check the port and the protocol.' : 'To delete the mapping anyway, set force.';
  return { kind: 'not-unmapped', code, message, mapping, hint };
}
