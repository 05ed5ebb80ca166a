/**
 * `npm start`: installs and builds what is due, then runs the command line in this process. Without a command it runs
 * the demonstration on a simulated router.
 */
import './supported-node.mjs';
import { createRequire } from 'node:module';
import { commandLine, install, isDue, root } from './stamps.mjs';

if (isDue(install) || isDue(commandLine)) {
  const { prepare } = await import('./prepare.mjs');
  const status = await prepare(install, commandLine);
  if (status !== 0) process.exit(status);
}
// npm runs this in the root. Files that the user names are relative to the folder that the user is in.
const { INIT_CWD } = process.env;
if (INIT_CWD !== undefined && `${process.cwd()}/` === root) process.chdir(INIT_CWD);
const args = process.argv.slice(2);
process.argv.splice(2, args.length, ...(args.length === 0 ? ['demo'] : args));
// An import of CommonJS takes Node 50 ms longer.
createRequire(import.meta.url)('../packages/portwright/dist/bin.cjs');
