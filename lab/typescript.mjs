// @ts-check
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../scripts/bundle-program.mjs';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Completed, ExecOptions, Host } from './host.mjs' */
/** @import { Lab } from './lab.mjs' */

/**
 * Runs a TypeScript program on one of the lab's hosts. A test runs outside of the lab, and no process can change its network
 * later on, so code under test goes in as a program of its own: bundled from the packages' sources, it needs no build.
 *
 * @param {Lab} lab
 * @param {Host} host
 * @param {URL} program
 * @param {readonly string[]} [args]
 * @param {ExecOptions} [options]
 * @returns {Promise<Completed>}
 */
export async function runTypeScript(lab, host, program, args = [], options) {
  return host.exec(process.execPath, ['--enable-source-maps', await bundleTypeScript(lab, program), ...args], options);
}

/**
 * Starts a TypeScript program on one of the lab's hosts, with pipes to it: as above, for one that goes on.
 *
 * @param {Lab} lab
 * @param {Host} host
 * @param {URL} program
 * @param {readonly string[]} [args]
 * @returns {Promise<ChildProcess>}
 */
export async function startTypeScript(lab, host, program, args = []) {
  const stdio = /** @type {const} */ (['pipe', 'pipe', 'inherit']);
  return host.spawn(process.execPath, ['--enable-source-maps', await bundleTypeScript(lab, program), ...args], {
    stdio: [...stdio],
  });
}

/**
 * Bundles a program into the lab's directory.
 *
 * @param {Lab} lab
 * @param {URL} program
 * @returns {Promise<string>} where it is
 */
export async function bundleTypeScript(lab, program) {
  const source = fileURLToPath(program);
  const outfile = join(lab.plan.directory, basename(source).replace(/\.[mc]?ts$/, '.mjs'));
  await bundleProgram(source, outfile);
  return outfile;
}
