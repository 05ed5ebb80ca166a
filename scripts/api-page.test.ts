/** docs/API.md has what can be imported, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportsOfEntries } from './generated/api.mjs';
import { root } from './workspace.mjs';

const page = readFileSync(join(root, 'docs/API.md'), 'utf8');
/** Name and kind of each row. */
const ROW = /^\| `(?<name>\w+)[^`]*`\s*\|[^|]+\|\s*(?<kind>\w+)\s*\|$/gm;

test.each([...exportsOfEntries()])('the table of %s has each value once, with its kind', (entry, { values }) => {
  const section = page.split('\n## ').find((one) => one.startsWith(`\`${entry}\`\n`)) ?? '';
  const rows = [...section.matchAll(ROW)].map(
    ({ groups }) => `${String(groups?.['name'])}: ${String(groups?.['kind'])}`,
  );
  expect(rows.toSorted()).toEqual([...values].map(([name, kind]) => `${name}: ${kind}`).toSorted());
});
