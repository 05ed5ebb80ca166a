/**
 * The journals in a folder. Each process has its own file, named after its pid and its start, and takes over the files of
 * processes that have ended. So two processes never write to the same file.
 */
import { ResultAsync } from '@portwright/core/result';
import { livenessOf, startOf, UNKNOWN_START, type Liveness } from './process-start.ts';

export interface JournalFiles {
  /** The path of the file of this process. */
  readonly own: string;
  /** The paths of the files that this process has taken over. */
  readonly taken: readonly string[];
  /** The paths of files of which nobody can tell whether their process still runs. They are left alone. */
  readonly undecided: readonly string[];
}

/** `1234-5678x9a.json` is the journal of process 1234, `1234-5678x9a.1.json` one that it has taken over. */
const NAME = /^(\d+)-([\da-z]+)(?:\.\d+)?\.json$/i;
/** `1234-5678x9a.json.1234` is an unfinished write. */
const UNFINISHED = /^(\d+)-([\da-z]+)(?:\.\d+)?\.json\.\d+$/i;

/** Of two processes that start at once, one gets a file: renaming it hides it from the other. */
export async function takeOver(folder: string): Promise<JournalFiles> {
  const { join } = process.getBuiltinModule('node:path');
  const { readdir, rename, rm } = process.getBuiltinModule('node:fs').promises;
  const own = `${process.pid}-${(await startOf(process.pid)) ?? UNKNOWN_START}`;
  const names = (await ResultAsync.fromPromise(readdir(folder), () => undefined)).unwrapOr<string[]>([]);
  const taken: string[] = [];
  const undecided: string[] = [];
  let count = 0;
  for (const name of names) {
    const path = join(folder, name);
    if (UNFINISHED.test(name)) {
      if ((await livenessOfOwner(name, UNFINISHED)) === 'ended') await rm(path, { force: true }).catch(() => undefined);
      continue;
    }
    if (!NAME.test(name)) continue;
    const liveness = await livenessOfOwner(name, NAME);
    if (liveness === 'undecided') undecided.push(path);
    if (liveness !== 'ended') continue;
    let to: string;
    do {
      count += 1;
      to = `${own}.${count}.json`;
    } while (names.includes(to) || names.includes(`${to}.bad`));
    const isTaken = await ResultAsync.fromPromise(rename(path, join(folder, to)), () => undefined);
    if (isTaken.isOk()) taken.push(join(folder, to));
  }
  return { own: join(folder, `${own}.json`), taken, undecided };
}

async function livenessOfOwner(name: string, pattern: RegExp): Promise<Liveness> {
  const [, pid, start = UNKNOWN_START] = pattern.exec(name) ?? [];
  // This process has written nothing yet: an earlier one had the same pid.
  return Number(pid) === process.pid ? 'ended' : livenessOf(start, await startOf(Number(pid)));
}
