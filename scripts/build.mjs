/**
 * Builds every package: TypeScript file by file, then what is published as one file. With `--clean` nothing is left of an
 * earlier build, which would be published along with this one.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleLibrary } from './bundle-library.mjs';
import { bundleCommandLine, writeNotices } from './bundle.mjs';
import { root, tool } from './workspace.mjs';

if (process.argv.includes('--clean')) {
  for (const name of readdirSync(join(root, 'packages'))) {
    rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  }
}
const status = await tool('tsc', ['-b', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
const inputs = await Promise.all([bundleCommandLine(), bundleLibrary()]);
writeNotices(inputs.flat());
