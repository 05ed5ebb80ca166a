/**
 * `pnpm check`: everything that must hold before a change is taken. It changes nothing but build output. Every step
 * runs, also after a failed one, so that one run tells all.
 */
import { run, tool } from './workspace.mjs';

/** @type {readonly (readonly [name: string, step: () => Promise<number>])[]} */
const steps = [
  ['format', () => tool('prettier', ['--check', '--log-level', 'warn', '.'])],
  ['build', () => run(process.execPath, ['scripts/build.mjs', '--clean'])],
  ['types', () => tool('tsc', ['-p', '.'])],
  ['lint', () => tool('eslint', ['.'])],
  ['tests', () => tool('vitest', ['run'])],
  ['size', () => tool('size-limit', [])],
  ['packaging', () => run(process.execPath, ['scripts/packaging.mjs'])],
  ['licences', () => run(process.execPath, ['scripts/licences.mjs'])],
];

const skip = new Set(process.argv.filter((arg) => arg.startsWith('--skip=')).map((arg) => arg.slice('--skip='.length)));
const failed = [];
for (const [name, step] of steps) {
  if (skip.has(name)) continue;
  const started = performance.now();
  console.log(`\n== ${name}`);
  const status = await step();
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
console.log(
  failed.length === 0
    ? '\nAll checks hold.'
    : `\nFailed: ${failed.join(', ')}. \`pnpm fix\` repairs format and some of lint.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
