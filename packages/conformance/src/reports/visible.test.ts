import { describe, expect, test } from 'vitest';
import { escapeMarkup, oneLine, visible } from './visible.ts';

describe('visible', () => {
  test.each([
    ['plain, ünïcode, 漢字 and 🎮', 'plain, ünïcode, 漢字 and 🎮'],
    ['tabs\tand\nline feeds', 'tabs\tand\nline feeds'],
    ['\u001b[2J\u0000\u007f', '\\x1b[2J\\x00\\x7f'],
    ['\u009b31m\u0085', '\\x9b31m\\x85'],
    ['a\rb', 'a\\rb'],
    ['\u202egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
    ['\u2028\u2029\ufeff\u200b', '\\u2028\\u2029\\ufeff\\u200b'],
    ['\u00ad\u{e0041}\u{e0100}\u115f', '\\xad\\u{e0041}\\u{e0100}\\u115f'],
    ['\ud800x\udc00\uffff\ufffe', '\\ud800x\\udc00\\uffff\\ufffe'],
    ['\u{e0001}', '\\u{e0001}'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

test('a line is one line', () => {
  expect(oneLine(' a\r\n  b\tc\u001b ')).toBe('a b c\\x1b');
});

test('markup is text in content and in attributes of either quote', () => {
  expect(escapeMarkup(`<a href="x" b='y'>&amp;\u0000`)).toBe(
    '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;\\x00',
  );
});
