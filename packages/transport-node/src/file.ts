import { dirname } from 'node:path';
import type { FilePort, TransportError } from '@portwright/core';
import { assertArguments, TEXT } from '@portwright/core/internal';
import { ResultAsync } from '@portwright/core/result';
import { fs } from './fs.ts';
import { fromSystem } from './transport-error.ts';

/**
 * A file, for the memory of a gateway or a journal. It is written beside itself and renamed, so that a crash in the
 * middle leaves the old text; folders that are missing are made. Only its owner can read it.
 *
 * @throws PortwrightException (`invalid-argument`) for a path that is no text: a number would be an open file's
 */
export function nodeFile(path: string): FilePort {
  assertArguments(['path', path, TEXT]);
  return {
    read: () => guard(path, readOrNull(path)),
    write: (text) => guard(path, replace(path, text)),
  };
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await fs.promises.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function replace(path: string, text: string): Promise<void> {
  // XDG Base Directory Specification: only its owner reads a folder of files that others have no business with.
  await fs.promises.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Two processes that write at once must not write into each other's.
  const beside = `${path}.${process.pid}`;
  await fs.promises.writeFile(beside, text, { mode: 0o600 });
  await fs.promises.rename(beside, path);
}

function guard<T>(path: string, work: Promise<T>): ResultAsync<T, TransportError> {
  return ResultAsync.fromPromise(work, (error) => fromSystem(error, path));
}
