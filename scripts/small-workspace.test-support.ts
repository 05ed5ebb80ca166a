/** A small workspace in a folder of its own, with the scripts that install and build, and stand-ins for npm and the build. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface SmallWorkspace {
  readonly root: string;
  readonly path: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  /** Changes the file's size, not its time. */
  readonly resize: (file: string) => void;
  /** Changes the file's time, not its size. */
  readonly touch: (file: string) => void;
}

const COPIED = ['stamps.mjs', 'prepare.mjs', 'workspace.mjs', 'supported-node.mjs'];

/** The test that is running removes it at its end. */
export function smallWorkspace(files: Readonly<Record<string, string>>): SmallWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'portwright-workspace-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const path = (file: string): string => join(root, file);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  mkdirSync(path('scripts'));
  for (const name of COPIED) copyFileSync(join(import.meta.dirname, name), path(`scripts/${name}`));
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    root,
    path,
    write,
    resize: (file) => {
      const { size, atime, mtime } = statSync(path(file));
      writeFileSync(path(file), 'x'.repeat(size + 1));
      utimesSync(path(file), atime, mtime);
    },
    touch: (file) => {
      const { atime, mtimeMs } = statSync(path(file));
      utimesSync(path(file), atime, mtimeMs / 1000 + 60);
    },
  };
}
