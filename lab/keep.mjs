// @ts-check
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseJson } from './json.mjs';
import { startTypeScript } from './typescript.mjs';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Lab } from './lab.mjs' */

/** A line that a program has printed. @typedef {{ readonly kind: string } & Readonly<Record<string, unknown>>} Line */

/**
 * A program that runs on the LAN, and prints a JSON object a line.
 *
 * @typedef {object} Program
 * @property {readonly Line[]} lines all that it has printed
 * @property {(kind: string, seconds?: number) => Promise<Line>} said the first line of that kind that was not asked for
 *   before, as soon as it is there; rejects when it has not come after so many seconds (default: 15)
 * @property {() => void} finish ends its standard input
 * @property {(signal: NodeJS.Signals) => Promise<void>} kill resolves when it has ended
 */

/**
 * @param {Lab} lab
 * @param {string} program the name of a file in this folder
 * @param {readonly string[]} [args]
 * @returns {Promise<Program & AsyncDisposable>}
 */
export async function startOnLan(lab, program, args = []) {
  const child = await startTypeScript(lab, lab.lan, new URL(program, import.meta.url), args);
  /** @type {Line[]} */
  const lines = [];
  /** @type {Set<() => void>} */
  const waiting = new Set();
  let asked = 0;
  const output = createInterface(/** @type {import('node:stream').Readable} */ (child.stdout));
  output.on('line', (line) => {
    lines.push(/** @type {Line} */ (parseJson(line)));
    for (const wake of waiting) wake();
  });
  /** @type {Program['said']} */
  const said = (kind, seconds = 15) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const at = lines.findIndex((line, index) => index >= asked && line.kind === kind);
        const line = lines[at];
        if (line === undefined) return;
        asked = at + 1;
        waiting.delete(look);
        clearTimeout(timer);
        resolve(line);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`${program} did not say "${kind}" in ${seconds} s, but: ${JSON.stringify(lines)}`));
      }, seconds * 1000);
      waiting.add(look);
      look();
    });
  /** @type {Program['kill']} */
  const kill = async (signal) => {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    lines,
    said,
    finish: () => {
      child.stdin?.end();
    },
    kill,
    [Symbol.asyncDispose]: () => kill('SIGKILL'),
  };
}

/** @param {ChildProcess} child */
function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}
