/**
 * `pnpm mutate FOLDER`: breaks each source file of a folder in many small ways (mutants), and lists those that no test
 * notices. A folder takes minutes to hours. A second run repeats only what has changed in the folder or its tests.
 *
 * Usage: node scripts/mutate.mjs FOLDER [--concurrency N] [--force]
 *   FOLDER           such as packages/core/src/mapping/igd
 *   --concurrency N  mutants that are tested at once; default: one for each processor
 *   --force          repeats everything: to be given when code outside of the folder has changed
 */
import './supported-node.mjs';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutatedFiles } from './mutate/mutated-files.mjs';
import { notKilled, table, withoutUncovered } from './mutate/outcome.mjs';
import { root, run } from './workspace.mjs';
import config from '../stryker.config.mjs';

/** @import { Report } from './mutate/outcome.mjs' */

const asked = request(process.argv.slice(2));
if ('wrong' in asked) {
  console.error(asked.wrong);
  process.exitCode = 2;
} else {
  process.exitCode = await mutate(asked);
}

/**
 * @param {readonly string[]} args
 * @returns {{ folder: string, files: readonly string[], concurrency: number, force: boolean } | { wrong: string }}
 */
function request(args) {
  const options = /** @type {const} */ ({ concurrency: { type: 'string' }, force: { type: 'boolean' } });
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { concurrency = String(availableParallelism()), force = false } = values;
    if (!/^[1-9]\d*$/.test(concurrency))
      return { wrong: `--concurrency takes a whole number from 1, not ${concurrency}.` };
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) {
      return { wrong: 'Name one folder: pnpm mutate packages/core/src/mapping/igd' };
    }
    const chosen = mutatedFiles(root, folder, process.env['INIT_CWD']);
    return 'wrong' in chosen ? chosen : { ...chosen, concurrency: Number(concurrency), force };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {{ folder: string, files: readonly string[], concurrency: number, force: boolean }} request
 * @returns {Promise<number>} an exit status: 0 when every mutant was tested, whatever became of it
 */
async function mutate({ folder, files, concurrency, force }) {
  const state = join(root, config.incrementalFile);
  if (existsSync(state))
    writeFileSync(state, JSON.stringify(withoutUncovered(JSON.parse(readFileSync(state, 'utf8')))));
  const args = ['run', '--mutate', files.join(','), '--concurrency', `${concurrency}`];
  const stryker = join(root, 'node_modules', '.bin', 'stryker');
  const status = await run(stryker, force ? [...args, '--force'] : args, { PORTWRIGHT_MUTATED: folder });
  if (status !== 0) return status;
  /** @type {Report} */
  const { files: reported } = JSON.parse(readFileSync(join(root, config.jsonReporter.fileName), 'utf8'));
  const outcome = { files: Object.fromEntries(Object.entries(reported).filter(([file]) => files.includes(file))) };
  console.log(`\n${notKilled(outcome)}\n${table(outcome)}`);
  return 0;
}
