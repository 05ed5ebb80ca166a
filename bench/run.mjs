/**
 * `pnpm bench <name>`: runs a benchmark, on what was built last. What it compares with is installed here, in bench/, on
 * its first run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../scripts/workspace.mjs';

/** @type {Readonly<Record<string, { files: readonly string[], compares: boolean }>>} */
const benchmarks = {
  keep: { files: ['bench/keep/keep.mjs'], compares: false },
  lab: {
    files: ['bench/lab/map-a-port.mjs', 'bench/lab/remember.mjs', 'bench/lab/list-mappings.mjs'],
    compares: true,
  },
  map: { files: ['bench/lab/map-a-port.mjs'], compares: true },
  list: { files: ['bench/lab/list-mappings.mjs'], compares: true },
  remember: { files: ['bench/lab/remember.mjs'], compares: false },
  simulate: { files: ['bench/simulate/renewals.mjs'], compares: false },
};

const [name = '', ...args] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(
    `${name === '' ? 'Which benchmark?' : `There is no benchmark "${name}".`} There are: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(2);
}
if (benchmark.compares && !existsSync(join(import.meta.dirname, 'node_modules'))) {
  const status = await run('npm', [
    'ci',
    '--prefix',
    import.meta.dirname,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ]);
  if (status !== 0) process.exit(status);
}
for (const file of benchmark.files)
  process.exitCode = (await run(process.execPath, [file, ...args])) || process.exitCode;
