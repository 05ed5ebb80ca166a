import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { packageNames } from './scripts/package-names.mjs';

/** These need no build. */
const PURE = ['packages/{core,transport-node,transport-mock,conformance}/src/**/*.test.ts'];
/** These run what is built. */
const BUILT = [
  'packages/portwright/src/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/*/*.test.ts',
  'examples/**/*.test.ts',
];
/** These take minutes, and have a configuration of their own. */
const FIRST_CONTACT = 'scripts/first-contact/**';
const ALONE = filesAlone();

const build = { globalSetup: 'scripts/build-for-tests.mjs' };
// Files share the modules they import, which take longer to load than most files take to run.
const shared = { isolate: false, exclude: ['**/node_modules/**', FIRST_CONTACT, ...ALONE] };

export default defineConfig({
  // The packages find one another's sources, so that tests need no build.
  resolve: { tsconfigPaths: true },
  test: {
    // Nothing is proved by how long a test takes, and a busy machine may take long: this only ends what hangs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // The default leaves one processor free: half of them, on a machine with two.
    maxWorkers: availableParallelism(),
    projects: [
      { extends: true, test: { name: 'packages', include: PURE, ...shared } },
      { extends: true, test: { name: 'built', include: BUILT, ...shared, ...build } },
      { extends: true, test: { name: 'alone', include: ALONE, ...build } },
      {
        extends: true,
        test: {
          name: 'lab',
          ...build,
          include: ['lab/**/*.test.ts'],
          // After the others, which need the whole processor.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

/** The test files that replace modules or timers: other files must not see that, nor they what others have left running. */
function filesAlone(): string[] {
  const folders = [...packageNames(import.meta.dirname).map((name) => join('packages', name, 'src')), 'scripts'];
  return folders.flatMap((folder) => {
    const files = readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' });
    return files
      .map((file) => join(folder, file))
      .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
      .filter((file) =>
        /\bvi\.(?:mock|resetModules|useFakeTimers)\(/.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
      );
  });
}
