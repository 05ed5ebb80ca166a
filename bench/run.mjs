/**
 * `pnpm bench <name>`: runs a benchmark. What it compares with is installed here, in bench/, on its first run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../scripts/workspace.mjs';

/** @type {Readonly<Record<string, string>>} */
const benchmarks = {
  lab: 'bench/lab/map-a-port.mjs',
};

const [name = '', ...args] = process.argv.slice(2);
const file = benchmarks[name];
if (file === undefined) {
  console.error(
    `${name === '' ? 'Which benchmark?' : `There is no benchmark "${name}".`} There are: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(2);
}
if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
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
process.exitCode = await run(process.execPath, [file, ...args]);
