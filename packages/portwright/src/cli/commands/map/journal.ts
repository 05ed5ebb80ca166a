/**
 * `--journal`: records the mappings of `map --keep` before they are requested, so that the next start can clean up after a
 * crash. Each process has its own file, named after its pid, and takes over the files of processes that have ended. So two
 * processes never write to the same file.
 */
import type { FilePort, Gateway, PortMapping } from '@portwright/core';
import { cleanUpAfterCrash, Journal, type CleanUp } from '@portwright/core/mapping';
import { nodeFile } from '@portwright/transport-node';
import { ResultAsync } from '@portwright/core/result';
import type { Host } from '../../host.ts';
import type { Mapped, MapRequest, OnGranted } from './request.ts';

export interface OpenJournal {
  readonly journal: Journal;
  /** The mappings of earlier runs on this gateway, and the outcome of their clean-up. */
  readonly cleanUp: CleanUp;
  /** Sends the request, and records its mappings before and after. */
  readonly around: (
    gateway: Gateway,
    request: MapRequest,
    hear: OnGranted,
    ask: (onGranted: OnGranted) => Promise<Mapped>,
  ) => Promise<Mapped>;
  /** The paths of unreadable journals of earlier runs. Their mappings may still exist. */
  readonly damaged: readonly string[];
  /** The first error in reading or writing the journal; null if there is none. */
  readonly problem: () => string | null;
}

/** Takes over the journals of ended processes, and cleans up their mappings on this gateway. */
export async function openJournal({ stateFolder }: Host, gateway: Gateway): Promise<OpenJournal> {
  const { join } = process.getBuiltinModule('node:path');
  const folder = join(stateFolder, 'journal');
  let problem: string | null = null;
  const noted = (error: { readonly message: string }): void => {
    problem ??= error.message;
  };
  const cleaned: CleanUp[] = [];
  const damaged: string[] = [];
  for (const path of await takeOver(folder)) {
    if (await isDamaged(path)) {
      damaged.push(await setAside(path));
      continue;
    }
    const result = await cleanUpAfterCrash(gateway, journalFile(path));
    result.match((one) => cleaned.push(one), noted);
  }
  const own = journalFile(join(folder, `${process.pid}.json`));
  const journal = new Journal({ read: () => own.read().orTee(noted), write: (text) => own.write(text).orTee(noted) });
  return {
    journal,
    cleanUp: {
      deleted: cleaned.flatMap(({ deleted }) => deleted),
      left: cleaned.flatMap(({ left }) => left),
      failed: cleaned.flatMap(({ failed }) => failed),
    },
    damaged,
    around: (...work) => around(journal, ...work),
    problem: () => problem,
  };
}

/** Records before the request, since a crash may come before the answer, and again after it: the port may be another. */
async function around(
  journal: Journal,
  gateway: Gateway,
  request: MapRequest,
  hear: OnGranted,
  ask: (onGranted: OnGranted) => Promise<Mapped>,
): Promise<Mapped> {
  const { port: externalPort, internalPort, description = 'Portwright' } = request;
  // If the adapter does not know the local address, the granted mapping has it.
  const same = { externalPort, internalPort, internalClient: gateway.localAddress ?? '', description };
  const written: PortMapping[] = request.protocols.map((protocol) => ({
    ...same,
    protocol,
    remoteHost: '',
    enabled: true,
    leaseSeconds: null,
  }));
  for (const one of written) await journal.add(gateway, one);
  const mapped = await ask(async (granted) => {
    written.push(granted);
    await journal.add(gateway, granted);
    await hear(granted);
  });
  // The next start cleans up what may exist.
  const remaining = mapped.match(
    (all) => all.map(({ granted }) => granted),
    (error) => (error.kind === 'not-mapped' ? error.mayStand : []),
  );
  for (const one of written) {
    if (!remaining.some((other) => isSameKey(one, other))) await journal.remove(gateway, one);
  }
  return mapped;
}

function isSameKey(one: PortMapping, other: PortMapping): boolean {
  return one.protocol === other.protocol && one.externalPort === other.externalPort;
}

/** An empty journal is deleted. */
function journalFile(path: string): FilePort {
  const file = nodeFile(path);
  const { rm } = process.getBuiltinModule('node:fs').promises;
  return {
    read: () => file.read(),
    write: (text) => file.write(text).andTee(() => (text === '[]\n' ? rm(path, { force: true }) : undefined)),
  };
}

/** `1234.json` is the journal of process 1234, `1234.1.json` one that it has taken over. */
const NAME = /^(\d+)(?:\.\d+)?\.json$/;
/** `1234.json.1234` is an unfinished write. */
const UNFINISHED = /\.json\.(\d+)$/;

/** Of two processes that start at once, one gets a file: renaming it hides it from the other. */
async function takeOver(folder: string): Promise<readonly string[]> {
  const { join } = process.getBuiltinModule('node:path');
  const { readdir, rename, rm } = process.getBuiltinModule('node:fs').promises;
  const names = (await ResultAsync.fromPromise(readdir(folder), () => undefined)).unwrapOr<string[]>([]);
  const taken: string[] = [];
  let count = 0;
  for (const name of names) {
    const writer = UNFINISHED.exec(name)?.[1];
    if (writer !== undefined && !isRunning(Number(writer))) await rm(join(folder, name)).catch(() => undefined);
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    let own: string;
    do {
      count += 1;
      own = `${process.pid}.${count}.json`;
    } while (names.includes(own) || names.includes(`${own}.bad`));
    const path = join(folder, own);
    if ((await ResultAsync.fromPromise(rename(join(folder, name), path), () => undefined)).isOk()) taken.push(path);
  }
  return taken;
}

/** Whether the file's content is no journal. A file that cannot be read at all fails later, in the clean-up. */
async function isDamaged(path: string): Promise<boolean> {
  const text = (await journalFile(path).read()).unwrapOr(null);
  if (text === null) return false;
  try {
    return !Array.isArray(JSON.parse(text));
  } catch {
    return true;
  }
}

/** Renames a damaged journal, so that it is reported once, and kept for inspection. */
async function setAside(path: string): Promise<string> {
  const { rename } = process.getBuiltinModule('node:fs').promises;
  const aside = `${path}.bad`;
  return (await ResultAsync.fromPromise(rename(path, aside), () => undefined)).isOk() ? aside : path;
}

/** Whether another process runs. A file with this process's pid is from an earlier process with the same pid. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    // Signal 0 only checks that the process exists.
    return process.kill(pid, 0);
  } catch (error) {
    // It exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
