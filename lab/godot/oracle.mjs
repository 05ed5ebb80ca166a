// @ts-check
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaseFileOf } from '../gateway.mjs';
import { parseJson } from '../json.mjs';
import { ANSWER, gdscriptFor } from './gdscript.mjs';
import { lookAt } from './look.mjs';
import { ROWS, prepareGateway } from './table.mjs';

/** @import { Lab } from '../lab.mjs' */
/** @import { Value } from './rows.mjs' */

/**
 * Asks Godot itself: runs the table in a fresh lab with Godot's own UPNP class.
 *
 * @param {Lab} lab whose gateway has no mappings yet
 * @returns {Promise<Map<string, Value>>} what each row came to, by its id
 * @throws {Error} Godot could not be run, or did not get through the table
 */
export async function runGodotOracle(lab) {
  await prepareGateway(lab);
  // Godot keeps settings in its home: an empty one has none.
  const home = mkdtempSync(join(lab.plan.directory, 'godot-'));
  const script = join(home, 'table.gd');
  writeFileSync(script, gdscriptFor(ROWS, leaseFileOf(lab.plan)));
  const { stdout, stderr } = await lab.lan.exec('godot3-server', ['--no-window', '-s', script], {
    timeoutMs: 180_000,
    env: { HOME: home },
    cwd: home,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith(ANSWER));
  const answers = new Map(lines.map(answerFrom).map((answer) => [answer.id, answer]));
  return new Map(
    ROWS.map(({ id, step }) => {
      const answer = answers.get(id);
      if (answer === undefined) throw new Error(`Godot did not answer row ${id}:\n${stderr.slice(-2000)}`);
      return [id, 'look' in step ? lookAt(step, answer.leases ?? '', answer.now ?? 0) : (answer.value ?? null)];
    }),
  );
}

/**
 * A value, or for a look what there was to see, and when.
 *
 * @typedef {{ id: string, value?: Value, leases?: string, now?: number }} Answer
 */

/** @param {string} line */
function answerFrom(line) {
  return /** @type {Answer} */ (parseJson(line.slice(ANSWER.length)));
}
