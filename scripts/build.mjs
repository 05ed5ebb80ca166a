/**
 * Builds every package: its types by tsc, its code by esbuild. With `--clean` nothing is left of an
 * earlier build, which would be published along with this one.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './bundle-command-line.mjs';
import { bundleLibrary } from './bundle-libraries.mjs';
import { writeNotices } from './notices.mjs';
import { root, tool } from './workspace.mjs';

if (process.argv.includes('--clean')) {
  for (const name of readdirSync(join(root, 'packages'))) {
    rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  }
}
const status = await tool('tsc', ['-b', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
for (const name of readdirSync(join(root, 'packages'))) {
  const inputs = [...(await bundleLibrary(name)), ...(name === 'portwright' ? await bundleCommandLine() : [])];
  writeNotices(name, inputs);
}
