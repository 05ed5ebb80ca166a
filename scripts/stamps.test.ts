/** Which steps are due after which change. */
import { renameSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smallWorkspace, type SmallWorkspace } from './small-workspace.test-support.ts';
import type * as stampsModule from './stamps.mjs';

type Stamps = typeof stampsModule;
type Name = 'install' | 'commandLine' | 'packages';

const NAMES: readonly Name[] = ['install', 'commandLine', 'packages'];
const BIN = 'packages/portwright/dist/bin.cjs';
const CHUNK = 'packages/portwright/dist/chunks/deep/map.cjs';

const MANIFESTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', 'packages/one/package.json'];
const SOURCES = [
  'tsconfig.base.json',
  'tsconfig.build.json',
  'packages/one/tsconfig.build.json',
  'packages/one/src/deep/a.ts',
  'packages/portwright/src/bin.ts',
  'scripts/build.mjs',
];
const NEITHER = [
  // macOS puts such files anywhere.
  'packages/.DS_Store',
  'packages/one/README.md',
  'packages/one/node_modules/x/index.js',
  'packages/one/src/a.test.ts',
  'packages/one/src/a.test-support.ts',
  'scripts/build.test.ts',
  'scripts/lint/rule.mjs',
];
const OUTPUTS: Readonly<Record<Name, readonly string[]>> = {
  install: ['node_modules/.modules.yaml', 'node_modules/.pnpm/lock.yaml'],
  commandLine: [BIN, CHUNK],
  packages: ['packages/one/dist/deep/a.js', 'packages/portwright/dist/index.js'],
};
const FILES = [...MANIFESTS, ...SOURCES, ...NEITHER, ...Object.values(OUTPUTS).flat()];

interface Prepared extends SmallWorkspace {
  readonly stamps: Stamps;
  readonly due: () => readonly Name[];
}

/** A workspace in which all steps have ended well. */
async function prepared(): Promise<Prepared> {
  const workspace = smallWorkspace(Object.fromEntries(FILES.map((file) => [file, file])));
  // The scripts take the folder above their own for the root.
  const stamps = (await import(pathToFileURL(workspace.path('scripts/stamps.mjs')).href)) as Stamps;
  const due = (): readonly Name[] => NAMES.filter((name) => stamps.isDue(stamps[name]));
  expect(due()).toEqual(NAMES);
  for (const name of NAMES) stamps.begin(stamps[name])({ isOk: true });
  expect(due()).toEqual([]);
  return { ...workspace, stamps, due };
}

/** The steps that are due after each kind of change to a file. */
async function dueAfterChangeOf(file: string): Promise<readonly (readonly Name[])[]> {
  const changes: readonly ((workspace: Prepared) => void)[] = [
    ({ resize }) => {
      resize(file);
    },
    ({ touch }) => {
      touch(file);
    },
    ({ path }) => {
      rmSync(path(file));
    },
  ];
  const results: (readonly Name[])[] = [];
  for (const change of changes) {
    const workspace = await prepared();
    change(workspace);
    results.push(workspace.due());
  }
  return results;
}

function each(...names: readonly Name[]): readonly (readonly Name[])[] {
  return [names, names, names];
}

describe('after a change of size, a change of time, or a removal', () => {
  it.each(MANIFESTS)('of %s everything is due', async (file) => {
    expect(await dueAfterChangeOf(file)).toEqual(each(...NAMES));
  });

  it.each(SOURCES)('of %s both builds are due', async (file) => {
    expect(await dueAfterChangeOf(file)).toEqual(each('commandLine', 'packages'));
  });

  it.each(NEITHER)('of %s nothing is due', async (file) => {
    expect(await dueAfterChangeOf(file)).toEqual(each());
  });

  it.each(NAMES.flatMap((name) => OUTPUTS[name].map((file) => [file, name] as const)))(
    'of %s, which %s writes, that step is due',
    async (file, name) => {
      expect(await dueAfterChangeOf(file)).toEqual(each(name));
    },
  );
});

describe('a step', () => {
  it('is due after a source is added or renamed', async () => {
    const { write, path, due, stamps } = await prepared();
    write('packages/one/src/new.ts', '');
    expect(due()).toEqual(['commandLine', 'packages']);
    stamps.begin(stamps.packages)({ isOk: true });
    expect(due()).toEqual(['commandLine']);
    renameSync(path('packages/one/src/new.ts'), path('packages/one/src/renamed.ts'));
    expect(due()).toEqual(['commandLine', 'packages']);
  });

  it.each(NAMES)('%s that was interrupted is due, and what it wrote is not intact', async (name) => {
    const { stamps, due } = await prepared();
    expect(stamps.isIntact(stamps[name])).toBe(true);
    stamps.begin(stamps[name]);
    expect(due()).toEqual([name]);
    expect(stamps.isIntact(stamps[name])).toBe(false);
  });

  it('that failed is due, but what it wrote is intact until it changes', async () => {
    const { stamps, due, touch } = await prepared();
    stamps.begin(stamps.packages)({ isOk: false });
    expect(due()).toEqual(['packages']);
    expect(stamps.isIntact(stamps.packages)).toBe(true);
    touch('packages/one/dist/deep/a.js');
    expect(stamps.isIntact(stamps.packages)).toBe(false);
  });

  it('is due when a file that it reads changed while it ran', async () => {
    const { stamps, due, touch } = await prepared();
    const end = stamps.begin(stamps.commandLine);
    touch('packages/one/src/deep/a.ts');
    stamps.begin(stamps.packages)({ isOk: true });
    end({ isOk: true });
    expect(due()).toEqual(['commandLine']);
  });

  it.each(['platform', 'arch'] as const)('that installs is due on another %s', async (property) => {
    const { due } = await prepared();
    const own = Object.getOwnPropertyDescriptor(process, property) ?? {};
    onTestFinished(() => {
      Object.defineProperty(process, property, own);
    });
    Object.defineProperty(process, property, { ...own, value: 'another' });
    expect(due()).toEqual(['install']);
  });
});
