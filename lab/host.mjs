// @ts-check
import { spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * How a command ended. A command that had to be stopped has no code, and `timedOut` set.
 *
 * @typedef {object} Completed
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} timedOut
 */

/**
 * @typedef {object} ExecOptions
 * @property {number} [timeoutMs] after how long the command and its children are killed (default: 120 000)
 * @property {string} [input] for its standard input
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {string} [cwd]
 */

/**
 * One of a lab's three machines: a place to run commands in. They have this machine's files and processes, and a network
 * of their own.
 *
 * @typedef {object} Host
 * @property {string} namespace for `ip netns exec` and `ip -n`
 * @property {(command: string, args?: readonly string[], options?: ExecOptions) => Promise<Completed>} exec runs a command
 *   to its end, and resolves however it ends; rejects when the command cannot be started
 * @property {(command: string, args?: readonly string[], options?: import('node:child_process').SpawnOptions) =>
 *   import('node:child_process').ChildProcess} spawn starts a command, which ends with the lab at the latest
 */

/**
 * @param {string} namespace
 * @returns {Host}
 */
export function hostIn(namespace) {
  /** @type {Host['spawn']} */
  const spawn = (command, args = [], options = {}) =>
    // "ip" replaces itself with the command, so the child's pid is the command's. A process group of its own lets it be
    // killed together with its children, and keeps a Ctrl-C at the terminal for the lab's owner, who cleans up.
    spawnProcess('ip', ['netns', 'exec', namespace, command, ...args], { detached: true, ...options });

  /** @type {Host['exec']} */
  const exec = async (command, args, { timeoutMs = 120_000, input = '', env, cwd } = {}) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, ...(cwd !== undefined && { cwd }) });
    const { stdin, stdout, stderr } = /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */ (
      child
    );
    stdin.on('error', () => {}); // the command may end before it has read everything
    stdin.end(input);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, timeoutMs);
    try {
      const [, out, err] = await Promise.all([once(child, 'close'), text(stdout), text(stderr)]);
      return { code: child.exitCode, signal: child.signalCode, stdout: out, stderr: err, timedOut };
    } finally {
      clearTimeout(timer);
    }
  };

  return { namespace, exec, spawn };
}

/** @param {number | undefined} leader */
function killGroup(leader) {
  if (leader === undefined) return; // it never started
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
}
