// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folders of the packages. Other files in packages/, such as a file manager's, are none.
 *
 * @param {string} root
 */
export function packageNames(root) {
  const folder = join(root, 'packages');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));
}
