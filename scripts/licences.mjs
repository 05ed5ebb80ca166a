/** Every package whose code a user of Portwright gets has a licence from this list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTICES } from './notices.mjs';
import { packageNames } from './package-names.mjs';
import { root } from './workspace.mjs';

const ACCEPTED = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0']);
/** Those whose bundles hold code of others: the notices name each with its licence. */
const BUNDLING = ['core', 'portwright'];

const manifests = packageNames(root).map((name) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
);
const own = new Set(manifests.map(({ name }) => name));
// The bundles hold what they need. (A peer is the user's own choice.)
const complaints = manifests.flatMap(({ name, dependencies = {} }) =>
  Object.keys(dependencies)
    .filter((dependency) => !own.has(dependency))
    .map((dependency) => `${name} depends on ${dependency}, whose licence and dependencies nobody has looked at.`),
);
/** @type {Map<string, string>} licences by package and version */
const bundled = new Map();
for (const name of BUNDLING) {
  const notices = readFileSync(join(root, 'packages', name, NOTICES), 'utf8');
  for (const [, what = '', licence = ''] of notices.matchAll(/^(\S+ \d+\.\d+\.\d+\S*) \((.+)\)$/gm)) {
    bundled.set(what, licence);
  }
}
for (const [what, licence] of bundled) {
  if (!ACCEPTED.has(licence)) complaints.push(`${what}: ${licence} is not on the list of scripts/licences.mjs.`);
}
if (bundled.size === 0) complaints.push('The notices name no package at all.');
if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`${bundled.size} bundled packages, all under ${[...new Set(bundled.values())].sort().join(', ')}.`);
}
