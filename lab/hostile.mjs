// @ts-check
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from './simulator.mjs';

/** @import { Lab } from './lab.mjs' */

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');
const RUNS = 3;

/**
 * What `portwright map` costs in three runs.
 *
 * @typedef {object} Cost
 * @property {readonly (number | null)[]} codes its exit statuses
 * @property {number} seconds from its start to its end: of the shortest run, since a busy machine makes others longer
 * @property {number} mebibytes of memory, at most: the median
 * @property {readonly string[]} asked connections to the forged address, which the search must not contact
 */

/**
 * Maps a port on the simulated router, with or without a hostile host beside it.
 *
 * @param {Lab} lab without a daemon
 * @param {boolean} isHostile
 * @returns {Promise<Cost>}
 */
export async function costOfMap(lab, isHostile) {
  const simulator = await startSimulator(lab);
  const hostile = isHostile
    ? lab.gw.spawn(process.execPath, [join(import.meta.dirname, 'hostile-responder.mjs')])
    : null;
  let heard = '';
  if (hostile?.stdout != null) {
    hostile.stdout.on('data', (piece) => {
      heard += String(piece);
    });
    await once(hostile.stdout, 'data');
  }
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await mapOnce(lab));
  if (hostile !== null) {
    const closed = once(hostile, 'close');
    hostile.kill('SIGKILL');
    await closed;
  }
  await simulator.stop();
  return {
    codes: runs.map(({ code }) => code),
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    mebibytes: median(runs.map(({ mebibytes }) => mebibytes)),
    asked: [...new Set(heard.split('\n').filter((line) => line.startsWith('asked ')))],
  };
}

/** @param {Lab} lab */
async function mapOnce(lab) {
  const file = join(lab.plan.directory, 'peak');
  const began = performance.now();
  const { code } = await lab.lan.exec(process.execPath, [BIN, 'map', '7777', '--protocol', 'udp', '--json'], {
    timeoutMs: 60_000,
    env: {
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak-memory.mjs')}`,
      PEAK_FILE: file,
      HOME: lab.plan.directory,
    },
  });
  return { code, seconds: (performance.now() - began) / 1_000, mebibytes: Number(readFileSync(file, 'utf8')) };
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
