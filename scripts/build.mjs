/** Builds every package: TypeScript file by file, then the command line as one bundle. */
import { build } from './bundle.mjs';
import { tool } from './workspace.mjs';

const status = await tool('tsc', ['-b', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
await build();
