/**
 * Which steps are due: the installation and the two builds. When a step has ended, it writes a stamp: a list of the files
 * that it read and wrote, with size and time of change. A step is due when its stamp is missing or differs from a new
 * list. Links are not followed, so node_modules is never searched.
 *
 * `npm start` loads this module every time: it imports nothing but Node's lightest modules.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the scripts remember from run to run. */
export const stateFolder = `${root}artifacts/state/`;

/**
 * @typedef {object} Step
 * @property {string} name of its stamp
 * @property {() => string} inputs a list of the files that it reads
 * @property {() => string} outputs a list of the files that it writes
 */

/** @type {Step} */
export const install = {
  name: 'install',
  // Some packages are for one system only. A container may share this folder with its host.
  inputs: () => `${process.platform} ${process.arch}\n${list([...MANIFESTS, ...inEachPackage('package.json')])}`,
  // pnpm writes these two last.
  outputs: () => list(['node_modules/.modules.yaml', 'node_modules/.pnpm/lock.yaml']),
};

/** The command line alone: what `npm start` needs. @type {Step} */
export const commandLine = {
  name: 'command-line',
  inputs: sources,
  outputs: () => list([BIN, ...filesIn(CHUNKS)]),
};

/** Everything that is published: what some tests need. @type {Step} */
export const packages = {
  name: 'packages',
  inputs: sources,
  outputs: () =>
    list(
      inEachPackage('dist')
        .flatMap((folder) => filesIn(folder))
        .filter((file) => file !== BIN && !file.startsWith(CHUNKS)),
    ),
};

const MANIFESTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
const BIN = 'packages/portwright/dist/bin.cjs';
const CHUNKS = 'packages/portwright/dist/chunks';

/** @param {Step} step */
export function isDue(step) {
  return read(step) !== stampOf(step.inputs(), step.outputs());
}

/**
 * Whether what a step wrote last is there, untouched: a tool that works incrementally may build on it.
 *
 * @param {Step} step
 */
export function isIntact(step) {
  return read(step)?.endsWith(stampOf('', step.outputs())) === true;
}

/**
 * Begins a step. Its stamp is gone until the step says that it has ended, so that an interrupted step is done again.
 *
 * @param {Step} step
 * @returns {(result: { isOk: boolean }) => void} to be called at the end; a step that failed stays due
 */
export function begin(step) {
  const inputs = step.inputs();
  rmSync(stampFile(step), { force: true });
  return ({ isOk }) => {
    mkdirSync(stateFolder, { recursive: true });
    writeFileSync(stampFile(step), stampOf(isOk ? inputs : 'failed', step.outputs()));
  };
}

/** @param {Step} step */
function read(step) {
  try {
    return readFileSync(stampFile(step), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {Step} step */
function stampFile({ name }) {
  return stateFolder + name;
}

/**
 * @param {string} inputs
 * @param {string} outputs
 */
function stampOf(inputs, outputs) {
  return `${inputs}\n\n${outputs}\n`;
}

/** Tests and what only they use are not built. */
function sources() {
  const scripts = filesIn('scripts', { recursive: false });
  const code = inEachPackage('src').flatMap((folder) => filesIn(folder));
  const configurations = [...inEachPackage('package.json'), ...inEachPackage('tsconfig.build.json')];
  return list([
    ...MANIFESTS,
    'tsconfig.base.json',
    'tsconfig.build.json',
    ...configurations,
    ...[...scripts, ...code].filter((file) => !/\.test(-support)?\.ts$/.test(file)),
  ]);
}

/** @param {string} path inside each package */
export function inEachPackage(path) {
  return entries('packages')
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `packages/${name}/${path}`);
}

/**
 * @param {string} folder
 * @param {{ recursive: boolean }} [options]
 * @returns {string[]}
 */
function filesIn(folder, { recursive } = { recursive: true }) {
  return entries(folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return recursive ? filesIn(path) : [];
  });
}

/** @param {string} folder */
function entries(folder) {
  try {
    return readdirSync(root + folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** @param {readonly string[]} files */
function list(files) {
  return files
    .map((file) => {
      const stats = statSync(root + file, { throwIfNoEntry: false });
      return stats === undefined ? `${file} -` : `${file} ${stats.size} ${stats.mtimeMs}`;
    })
    .join('\n');
}
