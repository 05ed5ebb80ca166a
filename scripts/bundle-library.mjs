/**
 * The library entry of the package portwright as one file: core and the Node transport are some eighty modules, and
 * loading them one by one takes longer than mapping a port. Who wants the modules imports the packages they come from.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

/**
 * neverthrow is inside: as a module of its own, which is CommonJS, it takes 9 ms to load. It stays a dependency for its
 * types, and Results of two copies get along with each other.
 *
 * @returns {Promise<readonly string[]>} all files that have gone in
 */
export async function bundleLibrary() {
  const home = join(root, 'packages/portwright');
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: [join(home, 'src/index.ts')],
    outfile: join(home, 'dist/index.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['@portwright/source', 'module'],
    mainFields: ['module', 'main'],
    // Node loads it a quarter sooner; names stay as they are, for who reads a stack trace or a profile.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    sourcemap: true,
  });
  return Object.keys(metafile.inputs);
}
