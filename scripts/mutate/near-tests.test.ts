import { expect, it } from 'vitest';
import { nearTests } from './near-tests.mjs';

it.each([
  ['packages/core/src', ['packages/core/src/**/*.test.ts']],
  ['packages/core/src/ssdp', ['packages/core/src/ssdp/**/*.test.ts', 'packages/core/src/*.test.ts']],
  [
    'packages/core/src/mapping/igd',
    [
      'packages/core/src/mapping/igd/**/*.test.ts',
      'packages/core/src/*.test.ts',
      'packages/core/src/mapping/*.test.ts',
    ],
  ],
])('the mutants of %s meet the tests in it, and those directly in the folders around it', (folder, tests) => {
  expect(nearTests(folder)).toEqual(tests);
});
