import './supported-node.mjs';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root } from './stamps.mjs';

export { root };

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
 * Runs a command in the root and collects what it prints. A signal to this process ends the command too.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeout?: number }} [options] milliseconds after which the command is ended
 * @returns {Promise<{ status: number, isInterrupted: boolean, stdout: string, stderr: string }>}
 */
export function runQuietly(command, args, { timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece) => (stdout += String(piece)));
    child.stderr.on('data', (piece) => (stderr += String(piece)));
    /** @type {number | undefined} */
    let interrupted;
    /** @param {NodeJS.Signals} signal */
    const interrupt = (signal) => {
      interrupted = 128 + constants.signals[signal];
      child.kill();
    };
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, interrupt);
    /** @param {number} status */
    const end = (status) => {
      for (const signal of signals) process.off(signal, interrupt);
      resolve({ status: interrupted ?? status, isInterrupted: interrupted !== undefined, stdout, stderr });
    };
    child.on('error', (error) => {
      stderr += `${command} could not be started: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code) => {
      end(code ?? 1);
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
  return run('npm', pnpmByNpm(args));
}

/**
 * The arguments with which npm runs pnpm.
 *
 * @param {readonly string[]} args pnpm's
 * @param {readonly string[]} [npmOptions]
 */
export function pnpmByNpm(args, npmOptions = []) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return ['exec', '--yes', '--loglevel=error', ...npmOptions, '--', packageManager, ...args];
}
