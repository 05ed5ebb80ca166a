/** Installs the dependencies and builds, whichever is due, and shows what it does and for how long. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { begin, commandLine, install, isDue, packages, stateFolder } from './stamps.mjs';
import { pnpmByNpm, runQuietly } from './workspace.mjs';

/** @import { Step } from './stamps.mjs' */
/** @typedef {Awaited<ReturnType<typeof runQuietly>>} Result */

/** How each step is told to people, and done. */
const actions = new Map([
  [install, { doing: 'Installing the dependencies', done: 'Installed the dependencies', perform: installDependencies }],
  [
    commandLine,
    { doing: 'Building the command line', done: 'Built the command line', perform: build('--command-line') },
  ],
  [packages, { doing: 'Building the packages', done: 'Built the packages', perform: build() }],
]);

/**
 * Carries out those of the steps that are due, in their order.
 *
 * @param {readonly Step[]} steps
 * @returns {Promise<number>} an exit status: 0 when all is well, else what went wrong is on standard error
 */
export async function prepare(...steps) {
  if (!steps.some(isDue)) return 0;
  return alone(async () => {
    for (const step of steps) {
      // Another process may have done it meanwhile.
      const action = isDue(step) ? actions.get(step) : undefined;
      if (action === undefined) continue;
      const { status, isInterrupted, stdout, stderr } = await shown(action);
      if (status === 0) continue;
      process.stderr.write(isInterrupted ? 'Interrupted. The same command goes on from here.\n' : stdout + stderr);
      return status;
    }
    return 0;
  });
}

/** @returns {Promise<Result>} */
async function installDependencies() {
  const end = begin(install);
  const unreachable = await registryFailure();
  const [npm, pnpm] = unreachable === undefined ? [[], []] : [['--offline'], ['--offline']];
  // Without a terminal pnpm would ask nobody whether it may replace what an interrupted installation has left.
  const args = [
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirmModulesPurge=false',
    ...pnpm,
  ];
  const result = await runQuietly('npm', pnpmByNpm(args, npm));
  if (result.status === 0) end({ isOk: true });
  if (result.status === 0 || result.isInterrupted) return result;
  return unreachable === undefined
    ? { ...result, stderr: `${result.stderr}The dependencies could not be installed: pnpm's output is above.\n` }
    : { ...result, status: 1, stdout: '', stderr: unreachable };
}

/**
 * Asks npm itself, which knows about proxies and certificates. An HTTP error is an answer, too: not every registry has
 * this request.
 *
 * @returns {Promise<string | undefined>} what to tell when the registry does not answer
 */
async function registryFailure() {
  const args = ['ping', '--json', '--loglevel=silent', '--fetch-retries=0', '--fetch-timeout=8000'];
  const { status, stdout } = await runQuietly('npm', args, { timeout: 10_000 });
  /** @type {string} */
  const summary = /"summary": "(.*)"/.exec(stdout)?.[1] ?? 'no answer for 10 s';
  if (status === 0 || /"code": "E\d{3}"/.test(stdout)) return undefined;
  return `The dependencies are not all on this computer, and the npm registry cannot be reached: ${summary}.
Check the network connection and npm's settings \`registry\` and \`proxy\`, then run the same command again.
`;
}

/** @param {readonly string[]} args */
function build(...args) {
  return () => runQuietly(process.execPath, ['scripts/build.mjs', ...args]);
}

/**
 * Shows the time that an action takes: on a terminal in one line, elsewhere in a line every ten seconds.
 *
 * @param {{ doing: string, done: string, perform: () => Promise<Result> }} action
 */
async function shown({ doing, done, perform }) {
  const started = performance.now();
  const { isTTY } = process.stderr;
  /** @param {string} [elapsed] */
  const show = (elapsed = '') => process.stderr.write(`${isTTY ? '\r' : ''}${doing} ...${elapsed}${isTTY ? '' : '\n'}`);
  show();
  const timer = setInterval(
    () => show(` ${Math.round((performance.now() - started) / 1000)} s`),
    isTTY ? 1000 : 10_000,
  );
  const result = await perform();
  clearInterval(timer);
  if (isTTY) process.stderr.write('\r\x1b[K');
  if (result.status === 0) process.stderr.write(`${done} in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
  return result;
}

const LOCK = `${stateFolder}lock`;
/** The owner of the lock touches it once a second. */
const ABANDONED_AFTER_MS = 5000;

/**
 * Lets one process at a time work in this folder: two installations would disturb each other.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
async function alone(work) {
  mkdirSync(stateFolder, { recursive: true });
  for (let isTold = false; !lock(); isTold = true) {
    if (!isTold) process.stderr.write('Waiting for another `npm start` or `npm test` in this folder ...\n');
    await sleep(200);
  }
  const alive = setInterval(touch, 1000);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    rmSync(LOCK, { force: true });
  }
}

function lock() {
  const touched = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  if (Date.now() - touched > ABANDONED_AFTER_MS) rmSync(LOCK, { force: true });
  try {
    touch('wx');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function touch(flag = 'w') {
  writeFileSync(LOCK, String(process.pid), { flag });
}
