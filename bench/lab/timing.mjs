/** What the benchmarks in the lab have in common. */

/** @import { Host } from '../../lab/host.mjs' */

/** The kernel is busy with a deleted rule for a while, and would let the next one wait for it, or not. */
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
