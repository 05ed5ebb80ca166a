/**
 * The library entry of the package portwright as one file: core and the Node transport are some eighty modules, and
 * loading them one by one takes longer than mapping a port. Who wants the modules imports the packages they come from.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

/** neverthrow stays a dependency, so that a program that uses it too has one copy of it. */
export async function bundleLibrary() {
  const home = join(root, 'packages/portwright');
  await build({
    entryPoints: [join(home, 'src/index.ts')],
    outfile: join(home, 'dist/index.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['@portwright/source'],
    external: ['neverthrow'],
    sourcemap: true,
  });
}
