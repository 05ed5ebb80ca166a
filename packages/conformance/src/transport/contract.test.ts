import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTRACT, PORT_NAMES } from './check-transport.ts';

const core = join(import.meta.dirname, '../../../core/src');
/** The declarations of the ports, each comment in one line. */
const declarations = ['ports.ts', 'messages.ts', 'errors.ts']
  .map((file) => readFileSync(join(core, file), 'utf8'))
  .join('\n')
  .replace(/\n\s*\*\s?/g, ' ')
  .replace(/\s+/g, ' ');

describe('every case', () => {
  test.each(CONTRACT)('$id quotes what the core promises', ({ clause }) => {
    const [, place = '', words = ''] = /^([\w.]+): (.+)$/.exec(clause) ?? [];
    expect(declarations).toContain(words);
    for (const name of place.split('.')) expect(declarations).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('has an id of its own, under the name of its port', () => {
    const ids = CONTRACT.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.split('/')[0]))).toEqual(new Set(PORT_NAMES));
  });

  test('says in a sentence what it is about', () => {
    expect(CONTRACT.filter(({ what }) => !/^[A-Z].*\.$/.test(what))).toEqual([]);
  });
});
