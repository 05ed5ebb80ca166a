import { expect, test } from 'vitest';
import { readXml } from './xml-reader.ts';
import { element, escapeXml, textElement } from './xml-writer.ts';

test('escapes what means something, and drops what XML cannot say', () => {
  expect(escapeXml(`<a href="x">'&'</a>\u0000\u001b\ufffe\t\r\n`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;\t\r\n',
  );
});

test('writes elements', () => {
  expect(element('a', textElement('b', '<'), textElement('c', ''))).toBe('<a><b>&lt;</b><c></c></a>');
});

test('what is written can be read', () => {
  const text = `]]> & <x> "q" 'a' ü 漢 \u{1f600}`;
  expect(readXml(textElement('a', text))._unsafeUnwrap().text).toBe(text);
});
