import { readdirSync, statSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';

/**
 * The files of a folder that are mutated: every source, but no test and nothing that only tests use.
 *
 * @param {string} root
 * @param {string} folder relative to `from`
 * @param {string} [from] the folder that the caller is in
 * @returns {{ folder: string, files: readonly string[] } | { wrong: string }} paths from the root, or what is wrong with
 *   the folder
 */
export function mutatedFiles(root, folder, from = root) {
  const path = relative(root, resolve(from, folder)).replaceAll('\\', '/');
  const name = /^packages\/([^/]+)\/src(?:\/|$)/.exec(path)?.[1];
  if (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() !== true) {
    return { wrong: `There is no folder ${folder}.` };
  }
  if (name === undefined) return { wrong: `${folder} is no folder of a package's sources, packages/NAME/src.` };
  if (name === 'portwright') return { wrong: `${folder} can't be mutated: its tests run the built bundle.` };
  const files = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(path, file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !/\.(?:test|test-support|d)\.ts$/.test(file))
    .sort();
  return files.length === 0 ? { wrong: `${folder} has no sources.` } : { folder: path, files };
}
