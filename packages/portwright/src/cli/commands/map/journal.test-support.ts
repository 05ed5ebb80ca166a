/** A folder of journals for each test, and `map --keep --journal` on it. */
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { run, type Run, type RunOptions } from '../../host.test-support.ts';
import { startOf } from './process-start.ts';

export let stateFolder: string;

/** Makes a folder for each test of a file. Each file calls it: the files may share this module. */
export function makeStateFolders(): void {
  beforeEach(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'portwright-'));
  });
  afterEach(() => rm(stateFolder, { recursive: true }));
}

export const ENTRY = {
  via: 'upnp-igd',
  gateway: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
  family: 'ipv4',
  externalPort: 7777,
  protocol: 'TCP',
  internalClient: '192.168.1.2',
  internalPort: 7777,
  description: 'Portwright',
};

/** No process has such a number: Linux counts to 4194304 at most, Windows in steps of four, macOS to 99999. */
export const GONE = 'journal/99999999-1x1.json';

/** The names of the journals of this process, and of its parent, without their ends. */
export const OWN = `${process.pid}-${(await startOf(process.pid)) ?? ''}`;
export const PARENT = `${process.ppid}-${(await startOf(process.ppid)) ?? ''}`;

export async function write(name: string, ...entries: readonly object[]): Promise<void> {
  await mkdir(join(stateFolder, 'journal'), { recursive: true });
  await writeFile(join(stateFolder, name), JSON.stringify({ version: 1, leases: entries }));
}

export async function read(path: string): Promise<unknown> {
  return (JSON.parse(await readFile(path, 'utf8')) as { readonly leases: unknown }).leases;
}

export const journals = (): Promise<readonly string[]> => readdir(join(stateFolder, 'journal'));

/** `map 8888 --keep --journal`, interrupted as soon as it is kept. */
export async function keep(options: RunOptions, during?: () => Promise<unknown>): Promise<Run> {
  const interrupt = new AbortController();
  const onStdout = (text: string): void => {
    if (text.includes('Press Ctrl-C'))
      void Promise.resolve(during?.()).finally(() => {
        interrupt.abort();
      });
  };
  return run(['map', '8888', '--keep', '--journal'], { stateFolder, signal: interrupt.signal, onStdout, ...options });
}
