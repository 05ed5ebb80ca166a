import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The packages find one another's sources, so that tests need no build.
  resolve: { conditions: ['@portwright/source'] },
  ssr: { resolve: { conditions: ['@portwright/source'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          // Days on virtual time take seconds of a busy machine; nothing is proved by how long a test takes.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ['packages/*/src/**/*.test.ts'],
          exclude: ['packages/portwright/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          globalSetup: 'scripts/build-for-tests.mjs',
          include: [
            'packages/portwright/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/*/*.test.ts',
            'examples/**/*.test.ts',
          ],
          // These take minutes, and have a configuration of their own.
          exclude: ['scripts/first-contact/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'lab',
          globalSetup: 'scripts/build-for-tests.mjs',
          include: ['lab/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Two cores starve several gateways at once, until their answers come too late.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
