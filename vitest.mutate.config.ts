/** The tests that run on each mutant of a folder. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { nearTests } from './scripts/mutate/near-tests.mjs';

/** Set by scripts/mutate.mjs: a folder of a package's sources. */
const { PORTWRIGHT_MUTATED = 'packages/core/src' } = process.env;
const include = nearTests(PORTWRIGHT_MUTATED);

/** A run ends at the first test that fails. Tests in the folder itself are the first. */
class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isNear = ({ moduleId }: TestSpecification): boolean => moduleId.includes(`${PORTWRIGHT_MUTATED}/`);
    return Promise.resolve([...files.filter(isNear), ...files.filter((file) => !isNear(file))]);
  }
}

/** These map on every persona and under every fault, which takes minutes, and compare what is recorded. */
const RECORDED = ['**/mapping/personas.test.ts', '**/mapping/faults.test.ts'];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: [...include],
    exclude: ['**/node_modules/**', ...RECORDED],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    isolate: false,
    sequence: { sequencer: NearestFirst },
  },
});
