import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['scripts/first-contact/*.test.ts'],
    // An installation over a slow network takes its time. Nothing is proved by how long it takes.
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
