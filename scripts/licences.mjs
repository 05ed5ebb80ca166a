/** Every package that a user of Portwright installs, or that is bundled into it, has a licence from this list. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const ACCEPTED = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0']);

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const args = [
  'exec',
  '--yes',
  '--loglevel=error',
  '--',
  packageManager,
  'licenses',
  'list',
  '--json',
  '--prod',
  '--recursive',
];
const listed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }));
// A bundled package is a dependency at build time only; the notice that goes with the bundle names each with its licence.
const notices = readFileSync(join(root, 'packages/portwright/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
for (const [, name, licence] of notices.matchAll(/^(\S+ \d+\.\d+\.\d+\S*) \((.+)\)$/gm)) {
  (listed[String(licence)] ??= []).push({ name });
}
const refused = Object.entries(listed).filter(([licence]) => !ACCEPTED.has(licence));
for (const [licence, packages] of refused) {
  console.error(`${licence}: ${packages.map((/** @type {{ name: string }} */ { name }) => name).join(', ')}`);
}
if (refused.length > 0) {
  console.error('These licences are not on the list of scripts/licences.mjs.');
  process.exitCode = 1;
} else {
  const count = Object.values(listed).flat().length;
  console.log(`${count} packages, all under ${Object.keys(listed).sort().join(', ')}.`);
}
