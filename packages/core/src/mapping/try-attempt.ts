/** One attempt at a mapping: the request, and what really came of it. */
import type { Result, ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { DEFAULT_DESCRIPTION, type MappingKey, type PortMapping } from '../client/port-mapping.ts';
import type { CallError, CallOptions } from '../client/service-client.ts';
import type { AttemptError, Holder, MappingAttempt, UnconfirmedError } from './attempt.ts';
import { readMapping } from './read-mapping.ts';

/**
 * Whether the gateway's table was seen to hold a mapping. `unverifiable`: it did not let the entry be read;
 * `unverified`: nobody asked.
 */
export type Verification = 'verified' | 'unverifiable' | 'unverified';

/** What one attempt came to. */
export type Trial =
  | { readonly kind: 'mapped'; readonly granted: PortMapping; readonly verified: Verification }
  | { readonly kind: 'failed'; readonly error: AttemptError; readonly holder: Holder };

/** A request of this kind never reached the gateway. */
const UNSENT: readonly string[] = ['refused', 'unreachable', 'aborted', 'failed', 'not-permitted', 'http-status'];

/** Asks once; reads where the answer leaves a doubt, or to verify. */
export async function tryAttempt(
  gateway: Gateway,
  requested: PortMapping,
  attempt: MappingAttempt,
  verify: boolean,
  limits: CallOptions,
): Promise<Trial> {
  const wanted: PortMapping = { ...requested, ...taken(attempt) };
  const removed = attempt.replacing ? await removeMapping(gateway, wanted, limits) : undefined;
  if (removed?.isErr() === true) return { kind: 'failed', error: removed.error, holder: 'own' };
  const asked = await ask(gateway, wanted, attempt, limits);
  if (asked.isErr()) return whatBecame(gateway, wanted, asked.error, limits);
  const granted = { ...wanted, externalPort: asked.value };
  return verify ? confirm(gateway, granted, limits) : { kind: 'mapped', granted, verified: 'unverified' };
}

function taken({ externalPort, leaseSeconds, description }: MappingAttempt): Partial<PortMapping> {
  return { externalPort, leaseSeconds, description };
}

/** Asks for it; gives the external port. */
async function ask(
  { connection }: Gateway,
  wanted: PortMapping,
  { method }: MappingAttempt,
  limits: CallOptions,
): Promise<Result<number, CallError>> {
  const entry = {
    NewRemoteHost: wanted.remoteHost,
    NewExternalPort: wanted.externalPort,
    NewProtocol: wanted.protocol,
    NewInternalPort: wanted.internalPort,
    NewInternalClient: wanted.internalClient,
    NewEnabled: true,
    NewPortMappingDescription: wanted.description ?? DEFAULT_DESCRIPTION,
    NewLeaseDuration: wanted.leaseSeconds ?? 0,
  };
  return method === 'any'
    ? connection.call('AddAnyPortMapping', entry, limits).map(({ NewReservedPort }) => NewReservedPort)
    : connection.call('AddPortMapping', entry, limits).map(() => wanted.externalPort);
}

/** After a success: whether the table has it. */
async function confirm(gateway: Gateway, wanted: PortMapping, limits: CallOptions): Promise<Trial> {
  const read = await readMapping(gateway, wanted, (entry) => leadsTo(entry, wanted), limits);
  if (read.isErr()) return { kind: 'mapped', granted: wanted, verified: 'unverifiable' };
  const entry = read.value;
  if (entry !== null && leadsTo(entry, wanted)) return { kind: 'mapped', granted: entry, verified: 'verified' };
  return { kind: 'failed', error: unconfirmed(wanted, entry), holder: entry === null ? 'nobody' : 'other' };
}

/** After a failure: the mapping may be there all the same, or the port may be in somebody's hands. */
async function whatBecame(
  gateway: Gateway,
  wanted: PortMapping,
  error: CallError,
  limits: CallOptions,
): Promise<Trial> {
  const isUncertain = error.kind === 'malformed' || (error.kind === 'transport' && !UNSENT.includes(error.code));
  const isConflict = error.kind === 'upnp-fault' && error.code === 718;
  if (!isUncertain && !isConflict) return { kind: 'failed', error, holder: 'unknown' };
  const read = await readMapping(gateway, wanted, (entry) => leadsTo(entry, wanted), limits);
  if (read.isErr()) return { kind: 'failed', error, holder: 'unknown' };
  const entry = read.value;
  if (entry === null) return { kind: 'failed', error, holder: 'nobody' };
  if (isUncertain && leadsTo(entry, wanted)) return { kind: 'mapped', granted: entry, verified: 'verified' };
  return { kind: 'failed', error, holder: isOwn(entry, wanted) ? 'own' : 'other' };
}

/** This host's, and this program's: another program on the same host has another port or calls itself otherwise. */
function isOwn(entry: PortMapping, wanted: PortMapping): boolean {
  const isThisProgram = entry.internalPort === wanted.internalPort || entry.description === wanted.description;
  return entry.internalClient === wanted.internalClient && isThisProgram;
}

/** Whether an entry leads where it was to lead. */
export function leadsTo(entry: PortMapping, { internalClient, internalPort }: PortMapping): boolean {
  return entry.internalClient === internalClient && entry.internalPort === internalPort && entry.enabled !== false;
}

function unconfirmed({ externalPort, protocol }: PortMapping, entry: PortMapping | null): UnconfirmedError {
  const port = `${protocol} port ${externalPort}`;
  const found = entry === null ? 'holds no such entry' : `has it lead to ${entry.internalClient}:${entry.internalPort}`;
  return {
    kind: 'unconfirmed',
    code: entry === null ? 'absent' : 'foreign',
    message: `the gateway said that ${port} is mapped, and its table ${found}`,
    entry,
    hint: entry === null ? 'Its table may be full: remove old mappings in its settings.' : undefined,
  };
}

/** Deletes one mapping. */
export function removeMapping(
  gateway: Gateway,
  { externalPort, protocol, remoteHost }: MappingKey,
  limits: CallOptions,
): ResultAsync<unknown, CallError> {
  const key = { NewRemoteHost: remoteHost ?? '', NewExternalPort: externalPort, NewProtocol: protocol };
  return gateway.connection.call('DeletePortMapping', key, limits);
}
