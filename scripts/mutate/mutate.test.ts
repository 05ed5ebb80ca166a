import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it.each([
  [[], 'Name one folder: pnpm mutate packages/core/src/mapping/igd'],
  [['packages/core/src', 'packages/conformance/src'], 'Name one folder: pnpm mutate packages/core/src/mapping/igd'],
  [['packages/core/src/nowhere'], 'There is no folder packages/core/src/nowhere.'],
  [['docs'], "docs is no folder of a package's sources, packages/NAME/src."],
  [['packages/core/src', '--concurrency', '0'], '--concurrency takes a whole number from 1, not 0.'],
  [['packages/core/src', '--concurrency', 'all'], '--concurrency takes a whole number from 1, not all.'],
  [['packages/core/src', '--concurrency'], "Option '--concurrency <value>' argument missing"],
])('wrong arguments are refused in one line: %j', (args, line) => {
  const env = { ...process.env, INIT_CWD: root };
  const ended = spawnSync(process.execPath, ['scripts/mutate.mjs', ...args], { cwd: root, env, encoding: 'utf8' });
  expect([ended.status, ended.stdout, ended.stderr]).toEqual([2, '', `${line}\n`]);
});
