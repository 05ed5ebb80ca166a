/**
 * `npm start`: installs, builds, and runs the command line; without a command, the demonstration on a simulated
 * gateway.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, modified, root, run } from './workspace.mjs';

const BIN = 'packages/portwright/dist/bin.cjs';

await install();
if (newestSource() > modified(BIN)) {
  console.error('Building ...');
  const status = await run(process.execPath, ['scripts/build.mjs']);
  if (status !== 0) process.exit(status);
}
const args = process.argv.slice(2);
process.exitCode = await run(process.execPath, [BIN, ...(args.length === 0 ? ['demo'] : args)]);

function newestSource() {
  const files = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /^[^/\\]+[/\\](src[/\\]|package\.json)/.test(file));
  const scripts = readdirSync(join(root, 'scripts')).map((file) => join('scripts', file));
  return Math.max(...[...sources.map((file) => join('packages', file)), ...scripts].map(modified));
}
