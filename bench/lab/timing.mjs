/** What the benchmarks in the lab have in common. */

/** @import { Host } from '../../lab/host.mjs' */

/** What the last run has left to be done, a process that ends and a rule that is deleted, is not for the next one to wait for. */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve, 300));
}

/**
 * Milliseconds from the start of a program until it prints what matches; it is heard to its end.
 *
 * @param {Host} host
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RegExp} pattern
 * @returns {Promise<number>}
 */
export async function timeUntil(host, command, args, pattern) {
  const started = performance.now();
  const child = host.spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  /** @type {number} */
  const time = await new Promise((resolve, reject) => {
    child.stdout?.on('data', (piece) => {
      output += String(piece);
      if (pattern.test(output)) resolve(performance.now() - started);
    });
    child.stderr?.on('data', (piece) => {
      output += String(piece);
    });
    child.on('close', (code) => {
      reject(new Error(`${[command, ...args].join(' ')} ended with status ${code} too early:\n${output}`));
    });
  });
  if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  return time;
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
