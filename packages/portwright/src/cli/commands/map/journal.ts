/**
 * `--journal`: records the mappings of `map --keep` before they are requested, so that the next start can clean up after a
 * crash.
 */
import { printable, type FilePort } from '@portwright/core';
import {
  cleanUpAfterCrash,
  decodeJournal,
  LeaseStore,
  type CleanUp,
  type JournalEntry,
  type PortMapper,
} from '@portwright/core/mapping';
import { nodeFile } from '@portwright/transport-node';
import { ResultAsync } from '@portwright/core/result';
import type { Host } from '../../host.ts';
import type { Outcome } from '../../output/outcome.ts';
import { takeOver } from './journal-files.ts';

export interface Journal {
  /** What this run maps, recorded before it is requested. */
  readonly leases: LeaseStore;
  /**
   * Deletes what earlier runs have left on this router. The outcome has the JSON of all clean-ups of this run; its text
   * and warnings say what is new.
   */
  cleanUp(mapper: PortMapper): Promise<Outcome>;
  /** Whether the journal could not be read or written: a warning, once. */
  writeWarnings(): readonly string[];
}

/** Takes over the journals of ended processes. */
export async function openJournal({ stateFolder }: Pick<Host, 'stateFolder'>): Promise<Journal> {
  const { join } = process.getBuiltinModule('node:path');
  const files = await takeOver(join(stateFolder, 'journal'));
  let problem: string | null = null;
  const noted = (error: { readonly message: string }): void => {
    problem ??= error.message;
  };
  const warnings = files.undecided.map(
    (path) =>
      'Cannot tell whether the Portwright that wrote this journal still runs. Its ports may still be mapped; check with the ' +
      `list command, and delete the file if it has ended: ${path}`,
  );
  const readable: FilePort[] = [];
  for (const path of files.taken) {
    const { isReadable, setAside } = await examine(path);
    if (isReadable) readable.push(journalFile(path));
    if (setAside !== null) {
      warnings.push(
        `Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${setAside}`,
      );
    }
  }
  const own = journalFile(files.own);
  const leases = new LeaseStore({
    file: { read: () => own.read().orTee(noted), write: (text) => own.write(text).orTee(noted) },
  });
  const settled: Pick<CleanUp, 'deleted' | 'left'>[] = [];
  const told = new Set<string>();
  return {
    leases,
    cleanUp: async (mapper) => {
      const cleaned: CleanUp[] = [];
      for (const file of readable) (await cleanUpAfterCrash(mapper, file)).match((one) => cleaned.push(one), noted);
      settled.push(...cleaned);
      const all = (name: 'deleted' | 'left'): readonly JournalEntry[] => settled.flatMap((one) => one[name]);
      const failed = cleaned.flatMap((one) => one.failed);
      const deleted = cleaned.flatMap((one) => one.deleted);
      warnings.push(...failed.map(notUnmapped));
      const isNew = (warning: string): boolean => !told.has(warning) && told.add(warning).has(warning);
      return {
        json: { cleanedUp: { deleted: all('deleted'), left: all('left'), failed } },
        text: () =>
          deleted.map((one) => `Unmapped ${entryPhrase(one)}, which an earlier run had left mapped\n`).join(''),
        warnings: warnings.splice(0).filter(isNew),
      };
    },
    writeWarnings: () =>
      problem === null
        ? []
        : [`Cannot write the journal: ${problem}. After a crash, the port stays mapped until its lease ends.`],
  };
}

function notUnmapped(entry: JournalEntry): string {
  return `Cannot unmap ${entryPhrase(entry)}, which an earlier run left mapped. The next run with --journal tries again.`;
}

function entryPhrase({ protocol, externalPort, internalClient, internalPort }: JournalEntry): string {
  return `${protocol} port ${externalPort} -> ${printable(internalClient)}:${internalPort}`;
}

/**
 * Sets a damaged journal aside, so that it is reported once, and kept for inspection. Its entries that can be read are
 * cleaned up all the same.
 *
 * @returns `setAside`: where it is then, or where it still is if it could not be set aside; null: nothing is wrong with it
 */
async function examine(path: string): Promise<{ readonly isReadable: boolean; readonly setAside: string | null }> {
  const { copyFile, rename } = process.getBuiltinModule('node:fs').promises;
  const aside = `${path}.bad`;
  const text = await nodeFile(path).read();
  if (text.isOk() && decodeJournal(text.value).unreadable === 0) return { isReadable: true, setAside: null };
  // A copy, so that a crash does not lose the entries that can be read. What can't be read at all can't be copied.
  const done = await ResultAsync.fromPromise(
    text.isOk() ? copyFile(path, aside) : rename(path, aside),
    () => undefined,
  );
  // Cleaning up drops what can't be read from the file: not before there is a copy.
  return { isReadable: text.isOk() && done.isOk(), setAside: done.isOk() ? aside : path };
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

function isEmpty(text: string): boolean {
  const { entries, unreadable } = decodeJournal(text);
  return entries.length === 0 && unreadable === 0;
}
