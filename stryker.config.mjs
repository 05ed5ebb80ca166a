/** Stryker's configuration. Every mutator is used, and nothing is left out: scripts/mutate.mjs adds the files. */

const folder = 'artifacts/mutation';

export default {
  testRunner: 'vitest',
  // pnpm keeps the plugins where Stryker does not look by itself.
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts', related: true },
  coverageAnalysis: 'perTest',
  dryRunTimeoutMinutes: 60,
  ignorePatterns: ['artifacts', 'bench', 'docs', 'examples', 'lab', 'packages/*/dist', '*.tsbuildinfo'],
  // vitest checks no types.
  disableTypeChecks: false,
  tempDirName: `${folder}/sandbox`,
  // One file for all folders: a run uses what earlier ones have found out.
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only', 'json'],
  jsonReporter: { fileName: `${folder}/report.json` },
  allowEmpty: false,
};
