/**
 * `--journal`: records the mappings of `map --keep` before they are requested, so that the next start can clean up after a
 * crash. Each process has its own file, named after its pid, and takes over the files of processes that have ended. So two
 * processes never write to the same file.
 */
import type { FilePort } from '@portwright/core';
import { cleanUpAfterCrash, decodeJournal, LeaseStore, type CleanUp, type PortMapper } from '@portwright/core/mapping';
import { nodeFile } from '@portwright/transport-node';
import { ResultAsync } from '@portwright/core/result';
import type { Host } from '../../host.ts';

export interface OpenJournal {
  /** What this run maps, recorded before it is requested. */
  readonly leases: LeaseStore;
  /** The mappings of earlier runs on this gateway, and the outcome of their clean-up. */
  readonly cleanUp: Pick<CleanUp, 'deleted' | 'left' | 'failed'>;
  /** The paths of unreadable journals of earlier runs. Their mappings may still exist. */
  readonly damaged: readonly string[];
  /** The first error in reading or writing the journal; null if there is none. */
  readonly problem: () => string | null;
}

/** Takes over the journals of ended processes, and cleans up their mappings on this gateway. */
export async function openJournal({ stateFolder }: Host, mapper: PortMapper): Promise<OpenJournal> {
  const { join } = process.getBuiltinModule('node:path');
  const folder = join(stateFolder, 'journal');
  let problem: string | null = null;
  const noted = (error: { readonly message: string }): void => {
    problem ??= error.message;
  };
  const cleaned: CleanUp[] = [];
  const damaged: string[] = [];
  for (const path of await takeOver(folder)) {
    // A file that can't be read at all fails in the clean-up.
    const content = decodeJournal((await journalFile(path).read()).unwrapOr(null));
    if (content.unreadable > 0) damaged.push(await setAside(path));
    (await cleanUpAfterCrash(mapper, journalFile(path))).match((one) => cleaned.push(one), noted);
  }
  const own = journalFile(join(folder, `${process.pid}.json`));
  const file: FilePort = { read: () => own.read().orTee(noted), write: (text) => own.write(text).orTee(noted) };
  return {
    leases: new LeaseStore({ file }),
    cleanUp: {
      deleted: cleaned.flatMap(({ deleted }) => deleted),
      left: cleaned.flatMap(({ left }) => left),
      failed: cleaned.flatMap(({ failed }) => failed),
    },
    damaged,
    problem: () => problem,
  };
}

/** An empty journal is deleted. */
function journalFile(path: string): FilePort {
  const file = nodeFile(path);
  const { rm } = process.getBuiltinModule('node:fs').promises;
  return {
    read: () => file.read(),
    write: (text) => file.write(text).andTee(() => (isEmpty(text) ? rm(path, { force: true }) : undefined)),
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

function isEmpty(text: string): boolean {
  const { entries, unreadable } = decodeJournal(text);
  return entries.length === 0 && unreadable === 0;
}

/** Copies a damaged journal, so that it is reported once, and kept for inspection. */
async function setAside(path: string): Promise<string> {
  const { copyFile } = process.getBuiltinModule('node:fs').promises;
  const aside = `${path}.bad`;
  return (await ResultAsync.fromPromise(copyFile(path, aside), () => undefined)).isOk() ? aside : path;
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
