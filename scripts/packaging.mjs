/**
 * Packs every package as it would be published, and treats the tarballs as a user would: publint and attw look at them,
 * npm installs them into empty projects, every entry loads, the command line runs, also as a single executable, and what the
 * documentation shows compiles and runs.
 *
 * Usage: node scripts/packaging.mjs [NAME...]     names of steps; without any: all of them
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkBlocks } from './packaging/check-blocks.mjs';
import { checkExecutables } from './packaging/check-executables.mjs';
import { packageNames } from './package-names.mjs';
import { pnpm, root, tool } from './workspace.mjs';

const NAMES = packageNames(root);
const MANIFESTS = NAMES.map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')));
/** @type {readonly string[]} */
const ENTRIES = MANIFESTS.flatMap(({ name, exports }) =>
  Object.keys(exports)
    .filter((path) => !path.endsWith('package.json'))
    .map((path) => `${String(name)}${path.slice(1)}`),
);
/** What `npm install portwright` may add to a project. */
const LIMITS = { packages: 12, bytes: 3_000_000 };
const NPM_FLAGS = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

const folder = mkdtempSync(join(tmpdir(), 'portwright-packed-'));
/** By pnpm, as the release packs them. */
const tarballs = NAMES.map((_name, index) => tarballOf('pnpm', index));
const project = join(folder, 'project');

/** @type {Readonly<Record<string, () => unknown>>} */
const STEPS = {
  'npm packs the same': checkNpmPacksTheSame,
  tarballs: checkTarballs,
  size: checkSize,
  entries: checkEntries,
  blocks: () => checkBlocks(project, ENTRIES),
  executables: () => {
    checkExecutables(join(project, 'node_modules/portwright/dist/bin.cjs'));
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STEPS));
try {
  if (unknown.length > 0)
    throw new Error(`No step is named ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}.`);
  installTools();
  await pack();
  createProject();
  for (const [name, step] of Object.entries(STEPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`-- ${name}`);
    await step();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The compilers and the rest are in a folder of their own, since nobody else needs them. */
function installTools() {
  const tools = 'scripts/packaging';
  const [installed, locked] = ['node_modules/.package-lock.json', 'package-lock.json'].map(
    (file) => statSync(join(root, tools, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  if (Number(installed) > Number(locked)) return;
  spawn('npm', ['ci', ...NPM_FLAGS], join(root, tools));
}

async function pack() {
  for (const packer of ['pnpm', 'npm']) mkdirSync(join(folder, packer));
  for (const name of NAMES) {
    const destination = ['--pack-destination', join(folder, 'pnpm')];
    if ((await pnpm(['--silent', '--dir', join('packages', name), 'pack', ...destination])) !== 0)
      throw new Error(`pnpm could not pack ${name}.`);
  }
}

/**
 * @param {string} packer
 * @param {number} index
 */
function tarballOf(packer, index) {
  const { name, version } = MANIFESTS[index];
  return join(folder, packer, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

function checkNpmPacksTheSame() {
  for (const [index, name] of NAMES.entries()) {
    const destination = ['--pack-destination', join(folder, 'npm')];
    spawn('npm', ['pack', '--silent', ...destination], join(root, 'packages', name), 'ignore');
    const ofPnpm = unpack(tarballOf('pnpm', index), 'pnpm', name);
    const ofNpm = unpack(tarballOf('npm', index), 'npm', name);
    const differences = [...new Set([...ofPnpm.keys(), ...ofNpm.keys()])].filter((file) => {
      const one = ofPnpm.get(file);
      const other = ofNpm.get(file);
      if (one === undefined || other === undefined) return true;
      // pnpm writes a manifest anew: the same, in another layout.
      return file === 'package.json'
        ? !isDeepStrictEqual(JSON.parse(String(one)), JSON.parse(String(other)))
        : !one.equals(other);
    });
    if (differences.length > 0)
      throw new Error(`${name}: npm and pnpm pack different files: ${differences.join(', ')}`);
    for (const [file, content] of ofNpm) {
      if (file === 'package.json' && /"(workspace|catalog|link|file):/.test(String(content)))
        throw new Error(`${name}: its manifest has ranges that mean nothing to npm: ${String(content)}`);
      if (/\.map$|^src\//.test(file)) throw new Error(`${name}: ${file} is of no use to users.`);
      if (file.endsWith('.d.ts') && /from '(neverthrow|fast-xml-parser)'/.test(String(content)))
        throw new Error(`${name}: ${file} names a package that users don't have.`);
    }
    for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
      if (!ofNpm.has(file)) throw new Error(`${name}: ${file} is missing in the tarball.`);
    }
  }
}

/**
 * @param {string} tarball
 * @param {string} packer
 * @param {string} name
 * @returns {ReadonlyMap<string, Buffer>} contents by their paths
 */
function unpack(tarball, packer, name) {
  const home = join(folder, packer, name);
  mkdirSync(home);
  execFileSync('tar', ['-xzf', tarball, '-C', home]);
  const files = filesIn(join(home, 'package'));
  return new Map(files.map((file) => [file, readFileSync(join(home, 'package', file))]));
}

async function checkTarballs() {
  for (const tarball of tarballs) {
    if ((await tool('publint', ['run', tarball, '--strict'])) !== 0) throw new Error('publint: see above.');
    const attw = [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--quiet'];
    if ((await tool('attw', attw)) !== 0) throw new Error('attw: see above.');
  }
}

/** What `npm install portwright` adds to a project. */
function checkSize() {
  const home = emptyProject('size');
  const needed = ['core', 'transport-node', 'portwright'].map((name) => String(tarballs[NAMES.indexOf(name)]));
  spawn('npm', ['install', ...NPM_FLAGS, ...needed], home);
  const modules = join(home, 'node_modules');
  const files = filesIn(modules);
  const packages = files.filter((file) => /(^|node_modules\/)(@[^/]+\/)?[^/]+\/package\.json$/.test(file)).length;
  const bytes = files.reduce((sum, file) => sum + statSync(join(modules, file)).size, 0);
  console.log(`npm install portwright: ${packages} packages, ${(bytes / 1e6).toFixed(2)} MB`);
  if (packages > LIMITS.packages || bytes > LIMITS.bytes)
    throw new Error(`That is more than ${LIMITS.packages} packages or ${LIMITS.bytes / 1e6} MB.`);
}

function createProject() {
  emptyProject('project');
  spawn('npm', ['install', ...NPM_FLAGS, ...tarballs], project);
  // The optional peers, and what the documentation's programs import besides: those of the workspace will do.
  for (const name of ['msw', 'tsyringe', 'reflect-metadata', 'neverthrow', 'vitest', '@types/node']) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
}

function checkEntries() {
  const code = ENTRIES.map((entry) => `await import(${JSON.stringify(entry)});`).join('\n');
  const done = `console.log(${JSON.stringify(`loaded ${ENTRIES.join(', ')}`)});`;
  writeFileSync(join(project, 'load.mjs'), `${code}\n${done}\n`);
  spawn(process.execPath, ['load.mjs'], project);
  spawn('npx', ['--no-install', 'portwright', 'ip', '--simulate'], project);
}

/** @param {string} name */
function emptyProject(name) {
  const home = join(folder, name);
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{ "type": "module", "private": true }\n');
  return home;
}

/**
 * @param {string} home
 * @returns {readonly string[]} paths in it
 */
function filesIn(home) {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(home, file)).isFile())
    .sort();
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {'inherit' | 'ignore'} [stdout]
 */
function spawn(command, args, cwd, stdout = 'inherit') {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit status ${String(status)}`);
}
