/**
 * `--journal`: what `map --keep` maps is written down before it is asked for, so that the next start can clean up after a
 * crash. Each process has a file of its own, named after it, and takes over those whose process is gone: so two that run
 * at once never write into the same one.
 */
import type { FilePort, Gateway, PortMapping } from '@portwright/core';
import { cleanUpAfterCrash, Journal, type CleanUp } from '@portwright/core/mapping';
import { nodeFile } from '@portwright/transport-node';
import { ResultAsync } from '@portwright/core/result';
import type { Host } from '../../host.ts';
import type { Mapped, MapRequest, OnGranted } from './request.ts';

export interface OpenJournal {
  readonly journal: Journal;
  /** What earlier runs had left on this gateway, and what became of it. */
  readonly cleanUp: CleanUp;
  /** Asks for what a request wants, and has it written down before and after. */
  readonly around: (
    gateway: Gateway,
    request: MapRequest,
    hear: OnGranted,
    ask: (onGranted: OnGranted) => Promise<Mapped>,
  ) => Promise<Mapped>;
  /** Journals of earlier runs that could not be read, where they are now: what was in them may still be mapped. */
  readonly damaged: readonly string[];
  /** What keeps it from being read or written; null while nothing does. */
  readonly problem: () => string | null;
}

/** Takes over what processes have left that are gone, and cleans up what of it is on this gateway. */
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

/** A crash may come before the answer does; and what is granted may be another port. */
async function around(
  journal: Journal,
  gateway: Gateway,
  request: MapRequest,
  hear: OnGranted,
  ask: (onGranted: OnGranted) => Promise<Mapped>,
): Promise<Mapped> {
  const { port: externalPort, internalPort, description = 'Portwright' } = request;
  // Where the adapter can't tell the address, what is granted does.
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
  // What the gateway did not delete again is for the next start.
  if (mapped.isErr() && mapped.error.code === 'left-behind') return mapped;
  const standing = mapped.unwrapOr([]).map(({ granted }) => granted);
  for (const one of written) {
    if (!standing.some((other) => isSameKey(one, other))) await journal.remove(gateway, one);
  }
  return mapped;
}

function isSameKey(one: PortMapping, other: PortMapping): boolean {
  return one.protocol === other.protocol && one.externalPort === other.externalPort;
}

/** One that holds nothing is not there. */
function journalFile(path: string): FilePort {
  const file = nodeFile(path);
  const { rm } = process.getBuiltinModule('node:fs').promises;
  return {
    read: () => file.read(),
    write: (text) => file.write(text).andTee(() => (text === '[]\n' ? rm(path, { force: true }) : undefined)),
  };
}

/** `1234.json` is that of a process, `1234.1.json` one that it has taken over. */
const NAME = /^(\d+)(?:\.\d+)?\.json$/;
/** `1234.json.1234` is one that was being written. */
const UNFINISHED = /\.json\.(\d+)$/;

/** Of two that start at once, one gets a file: it is renamed, and the other does not find it any more. */
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

/** Whether there is something in it that is no journal. What can't be read at all is told of by whoever reads it next. */
async function isDamaged(path: string): Promise<boolean> {
  const text = (await journalFile(path).read()).unwrapOr(null);
  if (text === null) return false;
  try {
    return !Array.isArray(JSON.parse(text));
  } catch {
    return true;
  }
}

/** Under a name that is not taken over again: it is told of once, and kept for whoever wants to look at it. */
async function setAside(path: string): Promise<string> {
  const { rename } = process.getBuiltinModule('node:fs').promises;
  const aside = `${path}.bad`;
  return (await ResultAsync.fromPromise(rename(path, aside), () => undefined)).isOk() ? aside : path;
}

/** Another process, that is: a file of this one's number is that of an earlier one, which had the number too. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    // Sends nothing.
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
