import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, printable } from './text.ts';

describe('printable', () => {
  it.each([
    ['an ANSI sequence', 'a\u001b[31mred', 'a [31mred'],
    ['line ends and tabs', ' a\r\n\tb\n', 'a b'],
    ['C1 controls and DEL', 'a\u009b31m\u007fb', 'a 31m b'],
    ['marks that turn the direction', 'exe.\u202etxt\u2066x', 'exe. txt x'],
    ['invisible characters', '\ufeffpay\u200bpal\u00ad\u2060 \u{e0041}\u{e0100}x\ufe0f\ufff9', 'paypal x'],
    ['nothing but invisible characters', '\u200b \u{e0020}', ''],
    ['line and paragraph separators', 'a\u2028\u2029b', 'a b'],
    ['NUL', 'name\u0000\u0000', 'name'],
    ['letters of any script', 'Süd 路由器 😀', 'Süd 路由器 😀'],
    ['markup, which is left to whoever writes HTML', '<b>', '<b>'],
  ])('handles %s', (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('excerptOf', () => {
  it('keeps 80 characters as they are', () => {
    expect(excerptOf('x'.repeat(80))).toBe('x'.repeat(80));
  });

  it('shortens more to 80, the last a sign that something is missing', () => {
    expect(excerptOf('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
  });

  it('is one line of at most 80 characters without controls, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const excerpt = excerptOf(text);
        expect(excerpt.length).toBeLessThanOrEqual(80);
        expect(excerpt).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
