/**
 * The programs that the pages show: every `ts` and `js` block of README.md, docs/ and the packages' READMEs.
 *
 * A page can say more about a block in a comment before it, which readers of the page don't see:
 *
 *     <!-- with:            lines that the block needs, and that would distract from it: imports, a router
 *     const router = simulateGateway();
 *     -->
 *     <!-- run: no, WHY -->         it is compiled only
 *     <!-- run: prints 725 0 -->    what it prints, in words of that order
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames } from '../package-names.mjs';
import { root } from '../workspace.mjs';

/**
 * @typedef {object} Block
 * @property {string} where page and line
 * @property {string} name for a file
 * @property {string} code with the lines that it needs
 * @property {'test' | 'run' | 'compile'} kind
 * @property {string | undefined} prints words
 */

const BLOCK = /(?<comments>(?:^<!-- (?:with|run):.*?-->\n+)*)^```(?:ts|js)\n(?<code>.*?)^```$/gms;

/** @returns {readonly Block[]} */
export function blocks() {
  const pages = [
    'README.md',
    ...markdownIn('docs'),
    ...packageNames(root).flatMap((name) => markdownIn(join('packages', name))),
  ];
  return pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8')));
}

/** @param {string} folder */
function markdownIn(folder) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');
  return files.sort().map((file) => join(folder, file));
}

/**
 * @param {string} page
 * @param {string} text
 * @returns {readonly Block[]}
 */
export function blocksOf(page, text) {
  const found = [...text.matchAll(BLOCK)];
  const fences = text.match(/^```(ts|js)\b.*$/gm)?.length ?? 0;
  if (found.length !== fences) throw new Error(`${page}: ${fences} blocks are opened, and ${found.length} are whole.`);
  return found.map(({ index, groups: { comments = '', code = '' } = {} }, number) => {
    const where = `${page}:${text.slice(0, index + comments.length).split('\n').length}`;
    const before = /<!-- with:\n(.*?)-->/s.exec(comments)?.[1] ?? '';
    const run = /<!-- run: (.*?) -->/s.exec(comments)?.[1];
    const prints = /^prints (.*)$/s.exec(run ?? '')?.[1];
    if (run !== undefined && prints === undefined && !/^no, .+$/s.test(run)) {
      throw new Error(`${where}: "run: ${run}" is none of those that scripts/packaging/blocks.mjs names.`);
    }
    const kind = run?.startsWith('no, ') ? 'compile' : /from 'vitest'/.test(before + code) ? 'test' : 'run';
    const name = `${page.replace(/\.md$/, '').replaceAll(/\W+/g, '-')}-${number + 1}`;
    // A file without imports is a script, where nothing can be awaited.
    return { where, name, code: `${before}${code}\nexport {};\n`, kind, prints };
  });
}
