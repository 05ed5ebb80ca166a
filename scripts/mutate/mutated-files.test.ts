import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mutatedFiles } from './mutated-files.mjs';

const root = mkdtempSync(join(tmpdir(), 'portwright-mutate-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

for (const file of [
  'packages/core/src/mapping/types.d.ts',
  'packages/core/src/mapping/map-port.ts',
  'packages/core/src/mapping/map-port.test.ts',
  'packages/core/src/mapping/keep-job.test-support.ts',
  'packages/core/src/mapping/igd/list.ts',
  'packages/core/src/mapping/igd/README.md',
  'packages/core/src/tests/only.test.ts',
  'packages/portwright/src/index.ts',
  'scripts/build.mjs',
]) {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), '');
}

describe('the files that are mutated', () => {
  it('are all sources of the folder and of those in it, without tests and their support', () => {
    expect(mutatedFiles(root, 'packages/core/src/mapping')).toEqual({
      folder: 'packages/core/src/mapping',
      files: ['packages/core/src/mapping/igd/list.ts', 'packages/core/src/mapping/map-port.ts'],
    });
  });

  it.each([
    ['a slash at the end', 'packages/core/src/mapping/igd/', undefined],
    ['a path from the caller’s folder', 'igd', 'packages/core/src/mapping'],
  ])('are found by %s', (_how, folder, from) => {
    expect(mutatedFiles(root, folder, from === undefined ? undefined : join(root, from))).toEqual({
      folder: 'packages/core/src/mapping/igd',
      files: ['packages/core/src/mapping/igd/list.ts'],
    });
  });

  it.each([
    ['packages/core/src/nowhere', 'There is no folder packages/core/src/nowhere.'],
    ['packages/core/src/mapping/map-port.ts', 'There is no folder packages/core/src/mapping/map-port.ts.'],
    ['packages/core/src/tests', 'packages/core/src/tests has no sources.'],
    ['scripts', "scripts is no folder of a package's sources, packages/NAME/src."],
    ['packages/core', "packages/core is no folder of a package's sources, packages/NAME/src."],
    ['..', ".. is no folder of a package's sources, packages/NAME/src."],
    ['packages/portwright/src', "packages/portwright/src can't be mutated: its tests run the built bundle."],
  ])('are none in %s', (folder, wrong) => {
    expect(mutatedFiles(root, folder)).toEqual({ wrong });
  });
});
