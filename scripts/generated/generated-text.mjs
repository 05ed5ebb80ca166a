/** What the generators of pages and lists share. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { root } from '../workspace.mjs';

/**
 * A file that is written from others, as it has to be.
 *
 * @typedef {{ readonly path: string, readonly text: string }} GeneratedText
 */

/**
 * @param {string} path from the repository's root
 * @param {string} text
 * @returns {Promise<GeneratedText>}
 */
export async function formatted(path, text) {
  const filepath = join(root, path);
  return { path, text: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
}

/**
 * A page as it is, with its tables as they have to be. A table stands between two comments that have its name.
 *
 * @param {string} path
 * @param {Readonly<Record<string, string>>} tables by their names
 * @returns {Promise<GeneratedText>}
 */
export async function pageWith(path, tables) {
  let text = readFileSync(join(root, path), 'utf8');
  for (const [name, table] of Object.entries(tables)) {
    const begin = `<!-- The table of ${name} is written by scripts/generate.mjs. -->`;
    const end = `<!-- End of the table of ${name}. -->`;
    const [before, rest, ...more] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${path} has to have the lines ${begin} and ${end}, once each`);
    }
    text = `${before}${begin}\n\n${table}\n\n${end}${after}`;
  }
  return formatted(path, text);
}

/**
 * A table in Markdown.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows texts, but for what is in backquotes
 */
export function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {string} text */
function cell(text) {
  if (/^`[^`]*`$/.test(text)) return text;
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('_', '\\_').replaceAll('*', '\\*');
}

/**
 * The exports of a program in TypeScript.
 *
 * @param {string} program its imports are relative to the repository's root
 * @returns {Promise<any>}
 */
export async function importTypeScript(program) {
  const folder = mkdtempSync(join(tmpdir(), 'portwright-generate-'));
  const outfile = join(folder, 'program.mjs');
  try {
    await build({
      stdin: { contents: program, resolveDir: root, loader: 'ts' },
      bundle: true,
      outfile,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
