/**
 * The command line, bundled: packages/portwright/dist/bin.cjs, and in chunks/ what it imports dynamically, each as one
 * file that is complete in itself. A process that loads a hundred small files spends more time on it than on the network.
 * They are CommonJS: Node is ready for that some ten milliseconds sooner than for ES modules.
 *
 * bin.cjs parses the arguments and starts the search. It has the declarations of all commands, and esbuild leaves out
 * what only their `run` needs. chunks/main.cjs connects, prints, and runs `map`. The other commands, and help, are chunks.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { build as esbuild } from 'esbuild';
import { slimXmlParser } from './slim-xml-parser.mjs';
import { neededNode, refuseOldNode } from './supported-node.mjs';
import { root } from './workspace.mjs';

const home = join(root, 'packages/portwright');
const dist = join(home, 'dist');
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

/** @type {import('esbuild').BuildOptions & { metafile: true }} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // What is imported dynamically is a bundle of this kind, too.
  supported: { 'dynamic-import': false },
  define: { PORTWRIGHT_VERSION: JSON.stringify(version) },
  // With 'module', which esbuild adds by itself only where none is given, a package's part that is needed is enough.
  conditions: ['module'],
  // The newest syntax that a package offers: tsyringe for ES2015 is a third smaller than for ES5.
  mainFields: ['es2015', 'module', 'main'],
  minify: true,
  // Node shows the line that an uncaught exception comes from: it should not be the whole program.
  lineLimit: 160,
  // They are in THIRD-PARTY-LICENSES.txt.
  legalComments: 'none',
  metafile: true,
  logOverride: { 'empty-import-meta': 'error' },
};

/**
 * The first file refuses a Node that is too old, so that Node must be able to parse it.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
const refusesOldNode = {
  target: 'node14.18',
  banner: { js: `"use strict";(${String(refuseOldNode)})("portwright","${neededNode(join(home, 'package.json'))}");` },
};

/**
 * Bundles the command line from the sources of all packages.
 *
 * @returns all files that have gone in
 */
export async function bundleCommandLine() {
  rmSync(join(dist, 'chunks'), { recursive: true, force: true });
  const inputs = [...(await bundle(join(home, 'src/bin.ts'), 'bin.cjs', new Set())), ...(await bundleXmlParser())];
  chmodSync(join(dist, 'bin.cjs'), 0o755);
  return inputs;
}

/**
 * Bundles one file with all that it imports, and likewise what it imports dynamically. esbuild's own splitting would put
 * what two of them share into further files, ten and more; what is doubled here is small.
 *
 * @param {string} entry
 * @param {string} output a path inside dist
 * @param {Set<string>} seen the chunks that are bundled already, or just now
 * @returns {Promise<readonly string[]>} all files that have gone in
 */
async function bundle(entry, output, seen) {
  /** @type {Map<string, string>} entries by their outputs */
  const chunks = new Map();
  const { metafile } = await esbuild({
    ...common,
    ...(output === 'bin.cjs' ? refusesOldNode : {}),
    entryPoints: [entry],
    outfile: join(dist, output),
    plugins: [
      {
        name: 'chunks',
        setup({ onResolve }) {
          onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
            if (kind !== 'dynamic-import') return undefined;
            const name = `${parse(path).name}.cjs`;
            chunks.set(`chunks/${name}`, resolve(resolveDir, path));
            return { path: chunksOf(output) + name, external: true };
          });
        },
      },
      deferXmlParser(`${chunksOf(output)}fast-xml-parser.cjs`),
    ],
  });
  const unseen = [...chunks].filter(([chunk]) => !seen.has(chunk));
  for (const [chunk] of unseen) seen.add(chunk);
  const further = await Promise.all(unseen.map(([chunk, file]) => bundle(file, chunk, seen)));
  return [...Object.keys(metafile.inputs), ...further.flat()];
}

/** @param {string} output */
function chunksOf(output) {
  return output.startsWith('chunks/') ? './' : './chunks/';
}

/**
 * The XML parser is a third of the code, and nobody needs it before a description arrives: it is loaded when the first
 * document is parsed, not before the search is sent. These are the two names that core imports.
 */
const deferredXmlParser = (/** @type {string} */ path) => `
let module;
const load = () => (module ??= require('${path}'));
export class XMLParser {
  constructor(options) { this.options = options; }
  parse(text) { return (this.parser ??= new (load().XMLParser)(this.options)).parse(text); }
}
export const XMLValidator = { validate: (text) => load().XMLValidator.validate(text) };
`;

/**
 * @param {string} path from the bundled file to the parser
 * @returns {import('esbuild').Plugin}
 */
const deferXmlParser = (path) => ({
  name: 'defer-xml-parser',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^fast-xml-parser$/ }, () => ({ path: 'fast-xml-parser', namespace: 'deferred' }));
    onResolve({ filter: /./, namespace: 'deferred' }, ({ path: file }) => ({ path: file, external: true }));
    onLoad({ filter: /.*/, namespace: 'deferred' }, () => ({ contents: deferredXmlParser(path) }));
  },
});

async function bundleXmlParser() {
  const { metafile } = await esbuild({
    ...common,
    stdin: {
      contents: "export { XMLParser, XMLValidator } from 'fast-xml-parser';",
      resolveDir: join(root, 'packages/core'),
    },
    outfile: join(dist, 'chunks/fast-xml-parser.cjs'),
    plugins: [slimXmlParser],
  });
  return Object.keys(metafile.inputs);
}
