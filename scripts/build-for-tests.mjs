/** Vitest runs this once, before the first test of a project whose tests use the built packages or the command line. */
import { prepare } from './prepare.mjs';
import { commandLine, packages } from './stamps.mjs';

export async function setup() {
  if ((await prepare(packages, commandLine)) !== 0) throw new Error('The packages could not be built.');
}
