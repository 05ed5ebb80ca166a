/**
 * Builds every package: its types by tsc, its code by esbuild. `--clean` first removes what an earlier build left, which
 * would be published along with this one. `--command-line` builds only the command line.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './bundle-command-line.mjs';
import { bundleLibrary } from './bundle-libraries.mjs';
import { writeNotices } from './notices.mjs';
import { packageNames } from './package-names.mjs';
import { begin, commandLine, inEachPackage, isIntact, packages } from './stamps.mjs';
import { root, tool } from './workspace.mjs';

if (process.argv.includes('--command-line')) await buildCommandLine();
else process.exitCode = await buildPackages();

async function buildPackages() {
  // The compiler trusts its own notes about the last build. After an interrupted one they may not be true.
  if (process.argv.includes('--clean') || !isIntact(packages)) {
    for (const folder of inEachPackage('dist')) rmSync(join(root, folder), { recursive: true, force: true });
  }
  const end = begin(packages);
  const status = await tool('tsc', ['-b', 'tsconfig.build.json']);
  if (status === 0) {
    for (const name of packageNames(root)) {
      const inputs = [...(await bundleLibrary(name)), ...(name === 'portwright' ? await buildCommandLine() : [])];
      writeNotices(name, inputs);
    }
  }
  end({ isOk: status === 0 });
  return status;
}

async function buildCommandLine() {
  const end = begin(commandLine);
  const inputs = await bundleCommandLine();
  end({ isOk: true });
  return inputs;
}
