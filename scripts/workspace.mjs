import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

/**
 * Runs a command in the root with this terminal as its own; resolves to its exit status.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    // Ctrl-C goes to the whole process group: the child ends by itself, and says with which status.
    const wait = () => {};
    process.on('SIGINT', wait);
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/**
 * Runs a tool from the workspace's own dependencies.
 *
 * @param {string} name
 * @param {readonly string[]} args
 */
export function tool(name, args) {
  return run(join(root, 'node_modules', '.bin', name), args);
}

/**
 * Runs the pnpm that package.json pins. npm fetches it, so that Node and npm are all that a machine needs.
 *
 * @param {readonly string[]} args
 */
export function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return run('npm', ['exec', '--yes', '--loglevel=error', '--', packageManager, ...args]);
}

/** Installs what the lockfile says, unless that has been done since the lockfile changed. */
export async function install() {
  if (modified('node_modules/.modules.yaml') > modified('pnpm-lock.yaml')) return;
  console.error('Installing the dependencies (once) ...');
  const status = await pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error']);
  if (status !== 0) {
    console.error('The dependencies could not be installed: see the lines above. Is the npm registry in reach?');
    process.exit(1);
  }
}

/**
 * When a file was last changed, in milliseconds; 0 where there is none.
 *
 * @param {string} file
 */
export function modified(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
