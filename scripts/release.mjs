/**
 * Releases: `change` writes a change down, `version` makes versions and changelogs of all that was written down, `check` says
 * what is missing, and `publish` puts the packages on npm, with provenance.
 *
 * Usage: node scripts/release.mjs change | version | check | publish [--dry-run]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames } from './package-names.mjs';
import { root, run } from './workspace.mjs';

/** Only the project's owner can give these: CONTRIBUTING.md, "Release checklist". */
const OWNERS_FIELDS = ['repository', 'homepage', 'bugs'];
/** Dependencies first. */
const ORDER = ['core', 'transport-node', 'transport-mock', 'conformance', 'portwright'];
/** SECURITY.md has this line until it names somebody. */
const NO_CONTACT = 'No contact is set yet';

const changeset = join(root, 'scripts/packaging/node_modules/.bin/changeset');

/** @type {Readonly<Record<string, (args: readonly string[]) => Promise<number>>>} */
const COMMANDS = {
  change: () => changesets('add'),
  version: () => changesets('version'),
  check: () => Promise.resolve(report(missing(root))),
  async publish(args) {
    const refused = report(missing(root));
    if (refused !== 0) return refused;
    // What is packed has to be what these sources make, and nothing of an earlier build.
    const built = await run(process.execPath, ['scripts/build.mjs', '--clean']);
    if (built !== 0) return built;
    for (const name of ORDER) {
      const published = await run('npm', ['publish', join(root, 'packages', name), '--provenance', ...args]);
      if (published !== 0) return published;
    }
    return 0;
  },
};

if (process.argv[1] === import.meta.filename) {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (command === undefined) {
    console.error(`Usage: node scripts/release.mjs ${Object.keys(COMMANDS).join(' | ')}`);
    process.exitCode = 2;
  } else process.exitCode = await command(args);
}

/**
 * What a release still lacks, in a sentence each.
 *
 * @param {string} folder the repository's root
 * @returns {readonly string[]}
 */
export function missing(folder) {
  const packages = packageNames(folder);
  const ofPackages = packages.flatMap((name) => {
    const file = join('packages', name, 'package.json');
    const manifest = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const fields = OWNERS_FIELDS.filter((field) => !manifest[field]).map((field) => `${file} has no "${field}".`);
    const version = String(manifest.version);
    const changelog = readFileSync(join(folder, 'packages', name, 'CHANGELOG.md'), 'utf8');
    const heading = changelog.match(/^## (.*)$/m)?.[1];
    return heading === version
      ? fields
      : [...fields, `packages/${name}/CHANGELOG.md does not begin with "## ${version}".`];
  });
  const security = readFileSync(join(folder, 'SECURITY.md'), 'utf8');
  const contact = security.includes(NO_CONTACT) ? ['SECURITY.md names no contact.'] : [];
  const pending = readdirSync(join(folder, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  const changes = pending.length > 0 ? [`Changes are not in a version yet: ${pending.join(', ')}.`] : [];
  return [...ofPackages, ...contact, ...changes];
}

/** @param {readonly string[]} sentences */
function report(sentences) {
  if (sentences.length === 0) return 0;
  console.error(`Not ready for a release (CONTRIBUTING.md, "Release checklist"):\n- ${sentences.join('\n- ')}`);
  return 1;
}

/** @param {string} command */
async function changesets(command) {
  if (!existsSync(changeset)) {
    const installed = await run('npm', [
      'ci',
      '--prefix',
      'scripts/packaging',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ]);
    if (installed !== 0) return installed;
  }
  return run(changeset, [command]);
}
