/**
 * `pnpm fuzz [--seconds N] [DECODER...]`: reads mutated documents with everything that reads input from outside. It finds
 * what throws, what is read but does not stand in the input, and what takes longer than in proportion to the input.
 */
import './supported-node.mjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

const outfile = join(root, 'artifacts/fuzz/main.mjs');
mkdirSync(join(root, 'artifacts/fuzz'), { recursive: true });
await build({
  entryPoints: [join(root, 'scripts/fuzz/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  sourcemap: 'inline',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exit(await main(process.argv.slice(2)));
