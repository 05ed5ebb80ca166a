/**
 * Ends the process with one line when Node is too old. Every script imports this module first, and the built command
 * line begins with the same function. Both keep to syntax that old Nodes can parse.
 */
import { readFileSync } from 'node:fs';

/**
 * @param {string} program
 * @param {string} needed the oldest version that works, for example "20.19"
 */
export function refuseOldNode(program, needed) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  process.stderr.write(`${program} needs Node ${needed} or later. This is Node ${process.versions.node}.\n`);
  process.exit(2);
}

/**
 * The oldest Node that a package.json allows.
 *
 * @param {URL | string} manifest
 */
export function neededNode(manifest) {
  return JSON.parse(readFileSync(manifest, 'utf8')).engines.node.replace('>=', '');
}

refuseOldNode('Portwright', neededNode(new URL('../package.json', import.meta.url)));
