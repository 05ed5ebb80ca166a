/** Builds every package: TypeScript file by file, then what is published as one file. */
import { bundleLibrary } from './bundle-library.mjs';
import { build } from './bundle.mjs';
import { tool } from './workspace.mjs';

const status = await tool('tsc', ['-b', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
await Promise.all([build(), bundleLibrary()]);
