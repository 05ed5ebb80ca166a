import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, unescapeXml } from './escape.ts';
import { parseXml } from './parse.ts';

describe('escapeXml', () => {
  it.each([
    ['the five', `&<>"'`, '&amp;&lt;&gt;&quot;&apos;'],
    ['what is escaped already', '&amp;', '&amp;amp;'],
    ['CR, which a reader would turn into LF', 'a\r\nb', 'a&#13;\nb'],
    ['what XML can not say', 'a\u0000\u0008\u000b\u001f\uffffb', 'ab'],
    ['pairs of surrogates', '😀', '😀'],
    ['a CDATA end', ']]>', ']]&gt;'],
  ])('handles %s', (_name, text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});

describe('unescapeXml', () => {
  it.each([
    ['the five', '&amp;&lt;&gt;&quot;&apos;', `&<>"'`],
    ['only once', '&amp;lt;', '&lt;'],
    ['decimal references', '&#233;&#128512;', 'é😀'],
    ['hexadecimal references', '&#xE9;&#x1f600;', 'é😀'],
    ['no other entity', '&nbsp;&foo;', '&nbsp;&foo;'],
    ['no property of Object', '&constructor;&toString;', '&constructor;&toString;'],
    ['bare ampersands', 'AT&T & co; &', 'AT&T & co; &'],
    [
      'no NUL, surrogate, or point beyond Unicode',
      '&#0;&#xd800;&#x110000;&#9999999;',
      '&#0;&#xd800;&#x110000;&#9999999;',
    ],
    ['unfinished references', '&#;&#x;&#12', '&#;&#x;&#12'],
  ])('decodes %s', (_name, escaped, text) => {
    expect(unescapeXml(escaped)).toBe(text);
  });
});

describe('a text that was escaped', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  // What XML 1.0 (2.2) excludes.
  const sayable = (value: string): string => value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

  it('is itself again, less what XML can not say', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(unescapeXml(escapeXml(value))).toBe(sayable(value));
      }),
    );
  });

  it('is the text of its element, and the value of its attribute', () => {
    fc.assert(
      fc.property(text, (value) => {
        const escaped = `[${escapeXml(value)}]`;
        const element = parseXml(`<a b="${escaped}">${escaped}</a>`)._unsafeUnwrap();
        expect(element.text).toBe(`[${sayable(value)}]`);
        expect(element.attributes.get('b')).toBe(`[${sayable(value)}]`);
        expect(element.children).toEqual([]);
      }),
    );
  });
});
