// @ts-check
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseJson } from './json.mjs';

/** @import { Lab } from './lab.mjs' */

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');

/**
 * What `portwright simulate --json` says, a line each.
 *
 * @typedef {object} SimulatorEvent
 * @property {'serving' | 'search' | 'request' | 'event' | 'stopped'} event
 * @property {string} [client]
 * @property {string} [request]
 * @property {string} [answer]
 * @property {string} [descriptionUrl]
 * @property {readonly string[]} [warnings]
 * @property {readonly Readonly<Record<string, unknown>>[]} [mappings]
 */

/**
 * What a run came to.
 *
 * @typedef {object} Ended
 * @property {number | null} code the exit status
 * @property {string} stderr
 * @property {readonly string[]} said what it was asked, and what it answered: `GetExternalIPAddress: ok`
 * @property {SimulatorEvent['mappings']} mappings its table at the end
 */

/**
 * The simulated gateway, as a program on a lab's gateway.
 *
 * @typedef {object} Simulator
 * @property {string} descriptionUrl
 * @property {readonly string[]} warnings what it does not serve
 * @property {() => Promise<Ended>} stop by Ctrl-C
 */

/**
 * Starts it where the lab has no daemon of its own.
 *
 * @param {Lab} lab
 * @param {readonly string[]} [args]
 * @returns {Promise<Simulator>}
 * @throws {Error} it ended at once
 */
export async function startSimulator(lab, args = []) {
  const child = lab.gw.spawn(process.execPath, [BIN, 'simulate', '--address', lab.gatewayAddress, '--json', ...args]);
  const { stdout, stderr } = /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */ (child);
  const closed = once(child, 'close');
  let errors = '';
  stderr.on('data', (piece) => {
    errors += String(piece);
  });
  /** @type {SimulatorEvent[]} */
  const events = [];
  const lines = createInterface(stdout);
  const first = Promise.race([once(lines, 'line'), closed.then(() => [])]);
  lines.on('line', (line) => events.push(/** @type {SimulatorEvent} */ (parseJson(line))));
  await first;
  const { descriptionUrl, warnings = [] } = events[0] ?? {};
  if (descriptionUrl === undefined) {
    await closed;
    throw new Error(`The simulated gateway did not start: ${errors || JSON.stringify(events[0])}`);
  }
  return {
    descriptionUrl,
    warnings,
    stop: async () => {
      child.kill('SIGINT');
      await closed;
      const said = events.flatMap(({ request, answer }) =>
        request === undefined ? [] : `${request}: ${answer ?? ''}`,
      );
      return {
        code: child.exitCode,
        stderr: errors,
        said,
        mappings: events.find(({ event }) => event === 'stopped')?.mappings,
      };
    },
  };
}
