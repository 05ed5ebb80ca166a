/** The notices that go with each package whose bundles hold code of others. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** In a package's folder. */
export const NOTICES = 'dist/THIRD-PARTY-LICENSES.txt';

/**
 * Writes down whose code a package's bundles hold, and under which licences.
 *
 * @param {string} name the package's folder
 * @param {readonly string[]} inputs all files that have gone into its bundles
 */
export function writeNotices(name, inputs) {
  const file = join(root, 'packages', name, NOTICES);
  const folders = [...new Set(inputs.flatMap(packageFolder))].sort();
  if (folders.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  const what = 'The files in this folder hold code of these packages.\n\n';
  writeFileSync(file, what + folders.map(notice).join(`\n${'-'.repeat(80)}\n\n`));
}

/**
 * The folder of the third-party package that a file belongs to; none for a file of ours.
 *
 * @param {string} file
 */
function packageFolder(file) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? [];
}

/**
 * A package's name, version and licence, and the texts that the licence wants to be passed on. Some packages hold none;
 * then what their manifest says is all that there is.
 *
 * @param {string} folder
 */
function notice(folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const { name, version, license, author } = manifest;
  const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice|copyrightnotice)\b/i.test(file));
  const texts = files.map((file) =>
    readFileSync(join(root, folder, file), 'utf8')
      .replaceAll('\r\n', '\n')
      .trim(),
  );
  const fallback = `By ${author?.name ?? author ?? 'its authors'}: ${manifest.repository?.url ?? manifest.homepage ?? name}`;
  return `${name} ${version} (${license})\n\n${texts.length === 0 ? fallback : texts.join('\n\n')}\n`;
}
