import { expect, test } from 'vitest';
import { columnsOf, folded, truncated, wrapped } from './columns.ts';

test('wide characters take two columns, combining ones none', () => {
  expect(columnsOf('ab漢字🎮e\u0301')).toBe(9);
});

test('a text is cut within a width, and says so', () => {
  expect(truncated('abcdef', 6)).toBe('abcdef');
  expect(truncated('abcdefg', 6)).toBe('abcde…');
  expect(truncated('漢字漢字', 6)).toBe('漢字…');
});

test('lines are broken between words, and in a word that is too long', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('a bcdefghij k', 4)).toEqual(['a', 'bcde', 'fghi', 'j k']);
  expect(wrapped('', 4)).toEqual(['']);
});

test('what was on a wire keeps its spaces', () => {
  expect(folded('  a  b', 3)).toEqual(['  a', '  b']);
  expect(folded('a b', Infinity)).toEqual(['a b']);
});
