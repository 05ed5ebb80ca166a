// @ts-check
import { join } from 'node:path';
import { parseJson } from '../json.mjs';
import { createLab } from '../lab.mjs';
import { startSimulator } from '../simulator.mjs';
import { startClient } from './client.mjs';

/** @import { Client } from './client.mjs' */
/** @import { Outcome } from './expected.mjs' */
/** @typedef {readonly Readonly<{ externalPort: number, protocol: string }>[]} Table */

const BIN = join(import.meta.dirname, '../../packages/portwright/dist/bin.cjs');
const FIRST_PORT = 7001;

/**
 * Runs clients side by side on one persona, each with a port of its own, in a lab of their own.
 *
 * @param {string} persona `default`: none
 * @param {readonly Client[]} clients
 * @returns {Promise<ReadonlyMap<string, { outcome: Outcome, printed: string }>>} by the client's name
 */
export async function runClients(persona, clients) {
  const lab = await createLab({ daemon: false });
  try {
    const simulator = await startSimulator(lab, persona === 'default' ? [] : ['--persona', persona]);
    const runs = clients.map((client, index) => {
      const port = FIRST_PORT + index;
      return { name: client.name, port, client: startClient(lab, client, port) };
    });
    const mapped = await Promise.all(runs.map(({ client }) => client.mapped()));
    const { stdout } = await lab.lan.exec(process.execPath, [
      ...[BIN, 'list', '--json', '--gateway', simulator.descriptionUrl],
    ]);
    const { mappings: during } = /** @type {{ mappings: Table }} */ (parseJson(stdout));
    await Promise.all(runs.map(({ client }) => client.unmap()));
    const { mappings: after } = await simulator.stop();
    return new Map(
      runs.map(({ name, port, client }, index) => {
        const has = (/** @type {Table} */ table) =>
          table.some(({ externalPort, protocol }) => externalPort === port && protocol === 'UDP');
        const outcome = outcomeOf(mapped[index] === true, has(during), !has(/** @type {Table} */ (after)));
        return [name, { outcome, printed: client.printed() }];
      }),
    );
  } finally {
    lab.close();
  }
}

/**
 * @param {boolean} mapped
 * @param {boolean} seen
 * @param {boolean} unmapped
 * @returns {Outcome}
 */
function outcomeOf(mapped, seen, unmapped) {
  if (!mapped) return 'does not map';
  if (!seen) return 'is not in the table';
  return unmapped ? 'all of it' : 'does not unmap';
}
