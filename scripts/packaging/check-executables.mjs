/**
 * The command line as a single executable, by Node and by bun: it tells its version, which is compiled in. (Made by Node, it
 * has one file, so that it can do no more than that; bun takes the other files in.)
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const modules = join(import.meta.dirname, 'node_modules');
/** Node looks for it in its own executable (https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** @param {string} bin the built command line */
export function checkExecutables(bin) {
  const { version } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'portwright-executable-'));
  try {
    for (const [name, make] of Object.entries({ node: byNode, bun: byBun })) {
      const executable = make(bin, folder);
      const output = run(executable, ['--version']);
      if (output !== `${version}\n`)
        throw new Error(`The executable that ${name} made prints ${JSON.stringify(output)}.`);
      console.log(`a single executable made by ${name} prints its version`);
    }
    const address = run(join(folder, 'by-bun'), ['ip', '--simulate']);
    if (address !== '5.5.5.1\n') throw new Error(`The executable that bun made can't simulate: ${address}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} bin
 * @param {string} folder
 */
function byNode(bin, folder) {
  const executable = join(folder, 'by-node');
  const config = join(folder, 'config.json');
  const blob = join(folder, 'blob');
  writeFileSync(config, JSON.stringify({ main: bin, output: blob, disableExperimentalSEAWarning: true }));
  run(process.execPath, ['--experimental-sea-config', config]);
  copyFileSync(process.execPath, executable);
  const postject = join(modules, 'postject/dist/cli.js');
  run(process.execPath, [postject, executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
  return executable;
}

/**
 * @param {string} bin
 * @param {string} folder
 */
function byBun(bin, folder) {
  const executable = join(folder, 'by-bun');
  // The package bun gets its program at the end of its installation, by a script; it is in a package of its own.
  const bun = join(modules, `@oven/bun-${process.platform}-${process.arch}/bin/bun`);
  run(bun, ['build', '--compile', bin, '--outfile', executable]);
  return executable;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
}
