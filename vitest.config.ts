import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The packages find one another's sources, so that tests need no build.
  resolve: { conditions: ['@portwright/source'] },
  ssr: { resolve: { conditions: ['@portwright/source'] } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'lab', include: ['lab/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
});
