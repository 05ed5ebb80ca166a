/**
 * The published libraries, bundled: loading a hundred small modules takes longer than mapping a port. What a package
 * depends on stays an import; all other code goes in. The types come from tsc, file by file.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { slimXmlParser } from './slim-xml-parser.mjs';
import { root } from './workspace.mjs';

/**
 * Not minified: users read stack traces, and a minified file has no annotations for their own bundlers.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20.19',
  conditions: ['module'],
  mainFields: ['module', 'main'],
  // They are in THIRD-PARTY-LICENSES.txt.
  legalComments: 'none',
  metafile: true,
};

/**
 * Bundles the library of a package.
 *
 * @param {string} name the package's folder
 * @returns {Promise<readonly string[]>} all files that have gone in
 */
export async function bundleLibrary(name) {
  const home = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const results = name === 'core' ? await bundleCore(home, manifest) : [await bundleEntries(home, manifest)];
  const outputs = results.flatMap(({ outputs }) => Object.keys(outputs)).map((file) => join(root, file));
  removeOthers(join(home, 'dist'), new Set(outputs));
  return results.flatMap(({ inputs }) => Object.keys(inputs));
}

/**
 * Each entry of a package is a file, and what several entries share is in shared/ beside them.
 *
 * @param {string} home
 * @param {Readonly<Record<'name' | 'exports' | 'dependencies' | 'peerDependencies', any>>} manifest
 */
async function bundleEntries(home, { name, exports, dependencies, peerDependencies }) {
  const { metafile } = await build({
    ...common,
    entryPoints: entriesOf(exports).map((entry) => join(home, 'src', `${entry}.ts`)),
    outbase: join(home, 'src'),
    outdir: join(home, 'dist'),
    // chunks/ of portwright is the command line's.
    chunkNames: 'shared/[name]-[hash]',
    splitting: true,
    platform: 'node',
    external: [name, ...Object.keys({ ...dependencies, ...peerDependencies })].flatMap((other) => [
      other,
      `${other}/*`,
    ]),
  });
  return metafile;
}

/**
 * The core is loaded by every program, and each file takes its time: it is in as few as possible. Its entries are lists of
 * names over one file, `core.js`. The results and the XML parser are apart: what uses the results alone loads no more, and
 * a bundler leaves the parser out where it is not needed.
 *
 * @param {string} home
 * @param {Readonly<Record<'exports', any>>} manifest
 */
async function bundleCore(home, { exports }) {
  const source = join(home, 'src');
  const dist = join(home, 'dist');
  /** @param {import('esbuild').BuildOptions} options */
  const bundle = async (options) =>
    (await build({ ...common, platform: 'neutral', ...options, metafile: true })).metafile;
  const apart = [
    { filter: /\/result\.ts$/, path: './result.js' },
    { filter: /^fast-xml-parser$/, path: './xml-parser.js' },
  ];
  /** @type {import('esbuild').Plugin} */
  const filesApart = {
    name: 'files-apart',
    setup({ onResolve }) {
      for (const { filter, path } of apart) onResolve({ filter }, () => ({ path, external: true, sideEffects: false }));
    },
  };
  /** @param {string} contents */
  const stdin = (contents) => ({ contents, resolveDir: source, loader: /** @type {const} */ ('ts') });
  const entries = entriesOf(exports).filter((entry) => !['result', 'tokens'].includes(entry));
  const all = entries.map((entry) => `export * from './${entry}.ts';`).join('\n');
  const bundles = await Promise.all([
    bundle({ entryPoints: [join(source, 'result.ts')], outfile: join(dist, 'result.js') }),
    // Symbols of the global registry: they may be in two files.
    bundle({ entryPoints: [join(source, 'tokens.ts')], outfile: join(dist, 'tokens.js') }),
    // The two names that core imports.
    bundle({
      stdin: stdin("export { XMLParser, XMLValidator } from 'fast-xml-parser';"),
      outfile: join(dist, 'xml-parser.js'),
      plugins: [slimXmlParser],
      minifyWhitespace: true,
      lineLimit: 160,
    }),
    bundle({ stdin: stdin(all), outfile: join(dist, 'core.js'), plugins: [filesApart] }),
  ]);
  const facades = entries.map(async (entry) => {
    const outfile = join(dist, `${entry}.js`);
    const metafile = await bundle({
      entryPoints: [join(source, `${entry}.ts`)],
      outfile,
      plugins: [filesApart],
      write: false,
    });
    const names = Object.values(metafile.outputs)[0]?.exports.sort() ?? [];
    writeFileSync(
      outfile,
      `export {\n${names.map((name) => `  ${name},\n`).join('')}} from '${'../'.repeat(entry.split('/').length - 1) || './'}core.js';\n`,
    );
    return metafile;
  });
  return [...bundles, ...(await Promise.all(facades))];
}

/**
 * The files of a package's entries, below `src` and without their ending.
 *
 * @param {Readonly<Record<string, any>>} exports of its manifest
 * @returns {readonly string[]}
 */
function entriesOf(exports) {
  return Object.values(exports).flatMap(({ default: file }) => file?.replace(/^\.\/dist\/(.*)\.js$/, '$1') ?? []);
}

/**
 * Removes the code of earlier builds, which would be published along with this one.
 *
 * @param {string} folder
 * @param {ReadonlySet<string>} outputs
 */
function removeOthers(folder, outputs) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, file);
    if (/\.(js|map)$/.test(file) && !outputs.has(path)) rmSync(path);
  }
}
