/** What stands in a gateway's table at one key, and whose it is. */
import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { keyInput, type MappingKey, type PortMapping } from '../client/port-mapping.ts';
import type { CallError, CallOptions } from '../client/service-client.ts';
import type { Holder } from './attempt.ts';
import { readMapping } from './read-mapping.ts';

/** The entry at a key, seen from a mapping that is, or is to be, there. */
export interface Standing {
  readonly entry: PortMapping | null;
  readonly holder: Holder;
}

/** Looks who holds a mapping's key. It never fails: a gateway that does not tell leaves it `unknown`. */
export async function standingAt(gateway: Gateway, mapping: PortMapping, limits: CallOptions): Promise<Standing> {
  const read = await readMapping(gateway, mapping, (entry) => isOwn(entry, mapping), limits);
  if (read.isErr()) return { entry: null, holder: 'unknown' };
  const entry = read.value;
  if (entry === null) return { entry, holder: 'nobody' };
  return { entry, holder: isOwn(entry, mapping) ? 'own' : 'other' };
}

/** This host's, and this program's: another program on the same host has another port or calls itself otherwise. */
function isOwn(entry: PortMapping, mapping: PortMapping): boolean {
  const isThisProgram = entry.internalPort === mapping.internalPort || entry.description === mapping.description;
  return entry.internalClient === mapping.internalClient && isThisProgram;
}

/**
 * Whether an entry leads where it was to lead. Internal port 0, which is none, stands for one that was not told: a build
 * of OpenWrt reads every entry back so.
 */
export function leadsTo(entry: PortMapping, { internalClient, internalPort }: PortMapping): boolean {
  const isPort = entry.internalPort === internalPort || entry.internalPort === 0;
  return entry.internalClient === internalClient && isPort && entry.enabled !== false;
}

/**
 * Deletes a mapping, unless it is gone or somebody else's by now. Where the gateway does not let it be read it is
 * deleted: it was granted to this host.
 */
export async function giveBack(
  gateway: Gateway,
  mapping: PortMapping,
  limits: CallOptions = {},
): Promise<Result<unknown, CallError>> {
  const { holder } = await standingAt(gateway, mapping, limits);
  return holder === 'own' || holder === 'unknown' ? removeMapping(gateway, mapping, limits) : ok(undefined);
}

/** Deletes one mapping, whosever it is. */
export function removeMapping(
  gateway: Gateway,
  mapping: MappingKey,
  limits: CallOptions,
): ResultAsync<unknown, CallError> {
  return gateway.connection.call('DeletePortMapping', keyInput(mapping), limits);
}
