/**
 * The two tables in docs/mapping.md: what keeping a port comes to on every simulated router, and under every fault. The
 * tests beside packages/core/src/mapping hold the routers to what is written down there: after a change to that, run
 * `node scripts/mapping-table.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { root } from './workspace.mjs';

/** @import { PERSONAS, FAULTS } from '../packages/transport-mock/src/index.ts' */
/** @import { PERSONA_OUTCOMES } from '../packages/core/src/mapping/persona-outcomes.test-support.ts' */
/** @import { FAULT_OUTCOMES } from '../packages/core/src/mapping/fault-outcomes.test-support.ts' */

/**
 * @typedef {object} Sources
 * @property {typeof PERSONAS} PERSONAS
 * @property {typeof FAULTS} FAULTS
 * @property {typeof PERSONA_OUTCOMES} PERSONA_OUTCOMES
 * @property {typeof FAULT_OUTCOMES} FAULT_OUTCOMES
 */

export const page = 'docs/mapping.md';

/**
 * The page as it is, with the tables as they have to be.
 *
 * @returns {Promise<string>}
 */
export async function generate() {
  const path = join(root, page);
  const sources = await load();
  const text = [
    ['routers', routersTable(sources)],
    ['faults', faultsTable(sources)],
  ].reduce((before, [name = '', table = '']) => replaceBetween(before, name, table), readFileSync(path, 'utf8'));
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} table
 */
function replaceBetween(text, name, table) {
  const begin = `<!-- The table of ${name} is written by scripts/mapping-table.mjs. -->`;
  const end = `<!-- End of the table of ${name}. -->`;
  const [before, rest, ...more] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${page} has to have the lines ${begin} and ${end}, once each`);
  }
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

/** @param {Sources} sources */
function routersTable({ PERSONAS, PERSONA_OUTCOMES }) {
  const rows = Object.entries(PERSONA_OUTCOMES).map(([name, { asks, occupied = 0, ...outcome }]) => {
    const persona = PERSONAS[/** @type {keyof typeof PERSONAS} */ (name)];
    const special = [asked(asks), occupied > 0 ? `${occupied} of another host are there` : ''].filter(Boolean);
    return [`\`${name}\``, persona.title, special.join(', '), ...cellsOf(outcome), `${outcome.stood} of 4`];
  });
  return table(['persona', 'router', 'beside the usual', ...COLUMNS, 'stood'], rows);
}

/** @param {Sources} sources */
function faultsTable({ FAULTS, FAULT_OUTCOMES }) {
  const rows = Object.entries(FAULT_OUTCOMES)
    .map(([name, outcome]) => ({
      name,
      fault: FAULTS[/** @type {keyof typeof FAULTS} */ (name)],
      outcome,
    }))
    .sort((one, other) => one.fault.row - other.fault.row)
    .map(({ name, fault, outcome }) => {
      const { when = {}, router = {}, asks, occupied = [], hasNeighbour = false, families = [] } = outcome;
      const special = [
        ...Object.entries(when).map(([key, value]) => `${key} ${value}`),
        ...Object.entries(router).map(([key, value]) =>
          typeof value === 'object'
            ? Object.entries(value).map(([inner, one]) => `${inner}: ${one}`)
            : `${key}: ${value}`,
        ),
        asked(asks),
        occupied.length > 0 ? `${occupied.length} of another host are there` : '',
        hasNeighbour ? 'a sound gateway beside it' : '',
        ...families,
      ].filter(Boolean);
      return [String(fault.row), `\`${name}\``, special.join(', '), ...cellsOf(outcome)];
    });
  return table(['row', 'fault', 'arranged so that it shows', ...COLUMNS], rows);
}

const COLUMNS = ['granted', 'refused before', 'warnings', 'events'];

/** @param {{ granted: string, refused: string, warnings: string, events: string }} outcome */
function cellsOf({ granted, refused, warnings, events }) {
  return [granted, refused, warnings, events];
}

/** @param {object | undefined} asks */
function asked(asks) {
  return Object.entries(asks ?? {})
    .map(([name, value]) => `${name}: ${value === '' ? 'empty' : value}`)
    .join(', ');
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('_', '\\_').replaceAll('*', '\\*');
}

/** @returns {Promise<Sources>} */
async function load() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { PERSONAS } from './packages/transport-mock/src/personas/index.ts';
        export { FAULTS } from './packages/transport-mock/src/faults/catalogue.ts';
        export { PERSONA_OUTCOMES } from './packages/core/src/mapping/persona-outcomes.test-support.ts';
        export { FAULT_OUTCOMES } from './packages/core/src/mapping/fault-outcomes.test-support.ts';
      `,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@portwright/source'],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, page), await generate());
}
