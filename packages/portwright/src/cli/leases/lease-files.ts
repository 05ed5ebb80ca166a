/**
 * The PCP and NAT-PMP leases that runs of `map` have left, each run in a file of its own in portwright/leases/. Only who knows
 * the nonce of a PCP mapping can delete it (RFC 6887, 11.3), and NAT-PMP deletes by the internal port: `unmap`, in another
 * process, finds both here.
 */
import type { FilePort, MappingKey } from '@portwright/core';
import { encodeJournal } from '@portwright/core/internal';
import { decodeJournal, type JournalEntry, type Lease } from '@portwright/core/mapping';
import { okAsync, ResultAsync } from '@portwright/core/result';
import { nodeFile } from '@portwright/transport-node';
import type { Host } from '../host.ts';

/** A lease of an earlier run. */
export interface LeftLease {
  readonly lease: Lease;
  /** Removes it from its file. */
  forget(): Promise<void>;
}

/**
 * The file of this run. There is none before there is a lease for it, and none after the last one: UPnP leases need none, and
 * cost no access to the disk.
 */
export function leaseFile(host: Pick<Host, 'stateFolder'>): FilePort {
  const { join } = process.getBuiltinModule('node:path');
  const file = withoutUpnp(join(folderOf(host), `${process.pid}-${Date.now()}.json`));
  let isThere = false;
  return {
    read: () => (isThere ? file.read() : okAsync(null)),
    write: (text) => {
      const isNeeded = decodeJournal(text).entries.some(isKeptHere);
      if (!isNeeded && !isThere) return okAsync(undefined);
      isThere = isNeeded;
      return file.write(text);
    },
  };
}

/** The leases of a port that have not expired. Expired ones are removed. @param now - in milliseconds since 1970 */
export async function leftLeases(
  host: Pick<Host, 'stateFolder'>,
  key: MappingKey,
  now: number,
): Promise<readonly LeftLease[]> {
  const { join } = process.getBuiltinModule('node:path');
  const { readdir } = process.getBuiltinModule('node:fs').promises;
  const folder = folderOf(host);
  const names = (await ResultAsync.fromPromise(readdir(folder), () => undefined)).unwrapOr<string[]>([]);
  const found: LeftLease[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const file = withoutUpnp(join(folder, name));
    const { entries } = decodeJournal((await file.read()).unwrapOr(null));
    const left = entries.filter(({ expiresAt = Infinity }) => expiresAt > now);
    if (left.length < entries.length) (await file.write(encodeJournal(left))).unwrapOr(undefined);
    found.push(
      ...left
        .filter((one) => isOf(one, key))
        .map((entry) => ({ lease: leaseOf(entry), forget: forgetIn(file, entry) })),
    );
  }
  return found;
}

function forgetIn(file: FilePort, entry: JournalEntry): () => Promise<void> {
  return async () => {
    const { entries } = decodeJournal((await file.read()).unwrapOr(null));
    const others = entries.filter((one) => JSON.stringify(one) !== JSON.stringify(entry));
    (await file.write(encodeJournal(others))).unwrapOr(undefined);
  };
}

function isOf(entry: JournalEntry, { externalPort, protocol }: MappingKey): boolean {
  return entry.externalPort === externalPort && entry.protocol === protocol.toUpperCase();
}

function leaseOf(entry: JournalEntry): Lease {
  const unknown = { remoteHost: '', enabled: true, leaseSeconds: null, requestedSeconds: 0 };
  return { ...unknown, ...entry, details: entry.details ?? {} };
}

function isKeptHere({ via }: JournalEntry): boolean {
  return via !== 'upnp-igd';
}

function folderOf({ stateFolder }: Pick<Host, 'stateFolder'>): string {
  return process.getBuiltinModule('node:path').join(stateFolder, 'leases');
}

function withoutUpnp(path: string): FilePort {
  const file = nodeFile(path);
  const { rm } = process.getBuiltinModule('node:fs').promises;
  return {
    read: () => file.read(),
    write: (text) => {
      const entries = decodeJournal(text).entries.filter(isKeptHere);
      if (entries.length > 0) return file.write(encodeJournal(entries));
      // It may not be there in the first place.
      return ResultAsync.fromSafePromise(rm(path, { force: true }).catch(() => undefined));
    },
  };
}
