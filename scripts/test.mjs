/**
 * `npm test`: installs if that is due, and runs every test, or those in the files that its arguments name. Tests that run
 * what is published build it first: see scripts/build-for-tests.mjs.
 *
 * The tests of the first contact take minutes, and have a command of their own: see scripts/first-contact/.
 */
import './supported-node.mjs';
import { prepare } from './prepare.mjs';
import { install } from './stamps.mjs';
import { tool } from './workspace.mjs';

const status = await prepare(install);
process.exitCode = status === 0 ? await tool('vitest', ['run', ...process.argv.slice(2)]) : status;
