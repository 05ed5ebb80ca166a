/** The tests that run on each mutant of a folder. */
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { nearTests } from './scripts/mutate/near-tests.mjs';

/** Set by scripts/mutate.mjs: a folder of a package's sources. */
const { PORTWRIGHT_MUTATED = 'packages/core/src' } = process.env;
const include = nearTests(PORTWRIGHT_MUTATED);

/** A run ends at the first test that fails. Quick tests in the folder itself are the first. */
class NearAndQuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((one, other) => this.#costOf(one) - this.#costOf(other)));
  }

  /** Milliseconds that the file took the last time. */
  #costOf({ moduleId, project }: TestSpecification): number {
    const file = relative(this.ctx.config.root, moduleId);
    const isNear = file.startsWith(`${PORTWRIGHT_MUTATED}/`);
    return (isNear ? 0 : FAR_MS) + (this.ctx.cache.getFileTestResults(`${project.name}:${file}`)?.duration ?? 0);
  }
}

const FAR_MS = 1_000_000;

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
    sequence: { sequencer: NearAndQuickFirst },
  },
});
