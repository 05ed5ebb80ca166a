// @ts-check
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from './json.mjs';
import { removeNetwork } from './network.mjs';
import { LABS_DIRECTORY, planLab } from './plan.mjs';

/** @import { LabPlan } from './plan.mjs' */

/**
 * The process that a lab lives and dies with. The start time tells it from a later process with the same number.
 *
 * @typedef {{ pid: number, startTime: string }} Owner
 */

const RECORD = 'lab.json';

/**
 * Takes a lab's name and directory for this process, before anything of the lab exists.
 *
 * @param {LabPlan} plan
 * @throws {Error} a lab of that name is up
 */
export function claim(plan) {
  mkdirSync(LABS_DIRECTORY, { recursive: true, mode: 0o700 });
  try {
    mkdirSync(plan.directory, { mode: 0o700 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    throw new Error(`A lab named "${plan.name}" is up already.`, { cause: error });
  }
  record(plan, { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' });
}

/**
 * Lets a lab stand after this process has ended, until someone takes it down by its name.
 *
 * @param {LabPlan} plan
 */
export function disown(plan) {
  record(plan, null);
}

/** Whether a lab of this name is up, or has left something behind. @param {LabPlan} plan */
export function isClaimed(plan) {
  return names().includes(plan.name);
}

/**
 * Takes a lab down: processes, namespaces and files. Doing it twice, or to a lab that never was, does no harm.
 *
 * @param {LabPlan} plan
 */
export function destroy(plan) {
  removeNetwork(plan);
  // Last, so that a lab that could only be taken down in part is still known.
  rmSync(plan.directory, { recursive: true, force: true });
}

/**
 * Takes down the labs whose owners have ended without doing so (killed, or crashed with no time to clean up).
 *
 * @returns {string[]} their names
 */
export function destroyStale() {
  const stale = names().filter((name) => {
    const owner = ownerOf(name);
    return owner !== null && startTimeOf(owner.pid) !== owner.startTime;
  });
  for (const name of stale) destroy(planLab({ name }));
  return stale;
}

/**
 * @param {LabPlan} plan
 * @param {Owner | null} owner
 */
function record(plan, owner) {
  writeFileSync(join(plan.directory, RECORD), `${JSON.stringify({ owner, settings: plan.settings }, null, 2)}\n`);
}

function names() {
  try {
    return readdirSync(LABS_DIRECTORY);
  } catch {
    return []; // no lab was ever up since this machine started
  }
}

/**
 * @param {string} name
 * @returns {Owner | null} null for a lab that stands by itself, and for one whose record is only now being written
 */
function ownerOf(name) {
  try {
    const { owner } = /** @type {{ owner: Owner | null }} */ (
      parseJson(readFileSync(join(LABS_DIRECTORY, name, RECORD), 'utf8'))
    );
    return owner;
  } catch {
    return null;
  }
}

/**
 * When a process started, in clock ticks since the machine did: field 22 of its stat line. The name, field 2, may hold
 * anything, so fields are counted from its closing parenthesis.
 *
 * @param {number} pid
 */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
