/**
 * `pnpm fuzz [--seconds N] [DECODER...]`: reads mutated documents with everything that reads input from outside. It finds
 * what throws, what is read but does not stand in the input, and what takes longer than in proportion to the input.
 */
import './supported-node.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from './bundle-program.mjs';
import { root } from './workspace.mjs';

const outfile = join(root, 'artifacts/fuzz/main.mjs');
await bundleProgram(join(root, 'scripts/fuzz/main.ts'), outfile);
const { main } = await import(pathToFileURL(outfile).href);
process.exit(await main(process.argv.slice(2)));
