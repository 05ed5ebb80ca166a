/** `npm test`: installs, builds (some tests run the built command line), and runs every test. */
import { install, run, tool } from './workspace.mjs';

await install();
const built = await run(process.execPath, ['scripts/build.mjs']);
process.exitCode = built === 0 ? await tool('vitest', ['run', ...process.argv.slice(2)]) : built;
