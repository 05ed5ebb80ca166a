/**
 * Packs every package as it would be published, then looks at the tarballs with publint and attw, and installs them
 * together in an empty folder, where each entry point must load and the command line must run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pnpm, root, tool } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'portwright-packed-'));
try {
  process.exitCode = await check();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check() {
  const names = readdirSync(join(root, 'packages'));
  for (const name of names) {
    const packed = await pnpm(['--silent', '--dir', join('packages', name), 'pack', '--pack-destination', folder]);
    if (packed !== 0) return packed;
  }
  const tarballs = readdirSync(folder).map((file) => join(folder, file));
  for (const tarball of tarballs) {
    if ((await tool('publint', ['run', tarball, '--strict'])) !== 0) return 1;
    if ((await tool('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--quiet'])) !== 0)
      return 1;
  }
  return tryOut(tarballs);
}

/** @param {readonly string[]} tarballs */
function tryOut(tarballs) {
  const project = mkdtempSync(join(folder, 'project-'));
  const packages = readdirSync(join(root, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  );
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
  // Some entries are there for an optional peer, such as msw.
  const peers = packages.flatMap(({ peerDependencies = {} }) =>
    Object.entries(peerDependencies).map(([name, range]) => `${name}@${String(range)}`),
  );
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const install = ['install', ...flags, ...tarballs, ...new Set(peers)];
  if (spawn('npm', install, project) !== 0) return 1;
  const entries = packages.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((path) => !path.endsWith('package.json'))
      .map((path) => `${String(name)}${path.slice(1)}`),
  );
  const code = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join('\n');
  writeFileSync(
    join(project, 'load.mjs'),
    `${code}\nconsole.log(${JSON.stringify(`loaded ${entries.join(', ')}`)});\n`,
  );
  if (spawn(process.execPath, ['load.mjs'], project) !== 0) return 1;
  return spawn('npx', ['--no-install', 'portwright', 'ip', '--simulate'], project);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function spawn(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status ?? 1;
}
