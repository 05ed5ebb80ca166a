/** Deletes mappings of PCP and NAT-PMP servers. */
import { err, errAsync, ResultAsync, type Result } from '../../result.ts';
import { aborted } from '../../abort.ts';
import type { CallOptions } from '../../call-options.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { CallError } from '../../errors.ts';
import { checkPort, checkProtocol, type PortMapping } from '../../port-mapping.ts';
import { lostAddress } from '../lost-address.ts';
import type { LostLease } from '../port-mapper.ts';
import type { Lease, NotUnmappedError, UnmapPortOptions } from '../types.ts';
import { deletionOutcome } from './answers.ts';
import { askServer, openForClients, type Connection } from './connection.ts';
import { controlDetails, familyOf } from './control-lease.ts';
import type { MapRequest } from './port-control.ts';

type Deleted = 'deleted' | 'absent';

/**
 * Deletes the mapping of a lease, from each address that it leads to. An address that this host has lost may be another's,
 * and only its owner can delete what leads to it.
 */
export async function releaseOnServer(
  connection: Connection,
  lease: LostLease,
  limits: CallOptions,
): Promise<Result<Deleted, CallError>> {
  const details = controlDetails(lease);
  let deleted: Result<Deleted, CallError> = err(lostAddress(lease.internalClient));
  for (const client of details?.clients ?? []) {
    if (limits.signal?.aborted === true) return err(aborted('the deletion'));
    if ((await isOwnAddress(connection.transport, client)) === false) continue;
    const one = await deleteMappingFrom(connection, client, { ...lease, nonce: details?.nonce ?? '' }, limits);
    if (one.isErr()) return one;
    if (deleted.isErr() || one.value === 'deleted') deleted = one;
  }
  return deleted;
}

/** @param client - the address that it leads to; default: the system's choice */
async function deleteMappingFrom(
  connection: Connection,
  client: string | undefined,
  { protocol, internalPort, nonce }: Pick<MapRequest, 'protocol' | 'internalPort' | 'nonce'>,
  limits: CallOptions,
): Promise<Result<Deleted, CallError>> {
  // Internal port 0 would delete every mapping of this host, of both protocols on miniupnpd.
  const port = checkPort('internalPort', internalPort);
  const opened = port.isErr() ? port : await openForClients(connection, client);
  if (opened.isErr()) return err(opened.error);
  const [socket] = opened.value as readonly [Parameters<typeof askServer>[1]];
  const request = { protocol, internalPort, nonce, externalPort: 0, externalAddress: null, isExact: false };
  const answered = await askServer(connection, socket, { ...request, lifetimeSeconds: 0 }, 'request', limits);
  return deletionOutcome(connection.protocol, answered);
}

/**
 * Deletes a mapping: that of a lease; else by its port, which NAT-PMP takes for the internal one. A PCP mapping needs the nonce
 * of its lease.
 */
export function unmapOnServer(
  connection: Connection,
  options: UnmapPortOptions,
  lease: Lease | undefined,
): ResultAsync<PortMapping | null, CallError | NotUnmappedError> {
  const { externalPort, internalClient, deadlineMs = 8_000, signal } = options;
  const limits = { deadlineMs, signal };
  const port = `${options.protocol.toUpperCase()} port ${externalPort}`;
  if (lease !== undefined) return new ResultAsync(releaseOnServer(connection, lease, limits)).map(() => lease);
  const checked = checkPort('externalPort', externalPort).andThen(() => checkProtocol(options.protocol));
  return checked.asyncAndThen<PortMapping | null, CallError | NotUnmappedError>((protocol) => {
    if (connection.protocol.via === 'pcp') return errAsync(withoutNonce(port));
    const mapping = { protocol, internalPort: externalPort, nonce: '' };
    return new ResultAsync(deleteMappingFrom(connection, internalClient, mapping, limits)).map(() => null);
  });
}

function withoutNonce(port: string): NotUnmappedError {
  const message = `only the program that has mapped ${port} can delete the mapping (PCP)`;
  const hint = 'Close that program, or wait until the lease of the mapping ends: a day at most.';
  return { kind: 'not-unmapped', code: 'no-nonce', message, mapping: null, hint };
}

/** Deletes what an earlier run has left. @returns `left`: gone, or another's; `failed`: not deleted, or nobody can tell */
export async function cleanUpOnServer(connection: Connection, lost: LostLease): Promise<'deleted' | 'left' | 'failed'> {
  if (controlDetails(lost) === null || lost.family !== familyOf(connection.server)) return 'failed';
  const released = await releaseOnServer(connection, lost, { deadlineMs: CLEAN_UP_MS });
  return released.match(
    (how) => (how === 'deleted' ? 'deleted' : 'left'),
    (error) => (error.code === 'no-address' ? 'left' : 'failed'),
  );
}

const CLEAN_UP_MS = 8_000;
