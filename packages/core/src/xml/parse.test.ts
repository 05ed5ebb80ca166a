import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok, type Result } from '../result.ts';
import { childOf, itemsOf, textOf, type XmlElement } from './element.ts';
import { parseXml } from './parse.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('parseXml', () => {
  it('gives names without prefixes, attributes, children and text', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\r\n<s:a xmlns:s="urn:x" s:b="1 &amp; 2"><c>&lt;1&gt;</c><!-- no --><c/><d> 2 </d></s:a>',
    )._unsafeUnwrap();
    const none = new Map();
    expect(root).toEqual({
      name: 'a',
      attributes: new Map([['b', '1 & 2']]),
      children: [
        { name: 'c', attributes: none, children: [], text: '<1>' },
        { name: 'c', attributes: none, children: [], text: '' },
        { name: 'd', attributes: none, children: [], text: '2' },
      ],
      text: '',
    });
    expect(textOf(root, 'c')).toBe('<1>');
    expect(textOf(root, 'e')).toBeUndefined();
    expect(itemsOf(root, 'c', 'd')).toEqual([]);
    expect(childOf(root, 'toString')).toBeUndefined();
  });

  it.each([
    ['the size of the last chunk', '\r\n0\r\n'],
    ['text', 'x'],
    ['another document', '<b>2</b>'],
    ['the same document again', '<x:a>2</x:a>'],
    ['its end tag again', '</x:a>'],
    ['an unfinished comment', '<!-- '],
    ['an unfinished tag', '<a'],
  ])('ignores %s after the end of the root, and says that the document is not well-formed', (_name, trailer) => {
    const whole = '<?xml version="1.0"?><x:a b="2">1</x:a>';
    const { damage, ...root } = parseXml(whole + trailer)._unsafeUnwrap();
    expect(root).toEqual(parseXml(whole)._unsafeUnwrap());
    expect(damage).toMatchObject({ kind: 'malformed', code: 'xml' });
  });

  it.each([
    ['a byte-order mark in the wrong place', '1f\r\n\ufeff'],
    ['the size of a chunk', '1f4\r\n'],
    ['a head of its own', 'HTTP/1.1 200 OK\r\nA: b\r\n\r\n'],
    ['a declaration', '<?xml version="1.0"?>\n'],
    ['two declarations, and texts', 'x<?xml version="1.0"?>y<?xml version="1.0"?>z'],
  ])('ignores %s before the document, and says that it is not well-formed', (_name, before) => {
    const whole = '<?xml version="1.0"?><x:a b="2">1</x:a>';
    const { damage, ...root } = parseXml(before + whole)._unsafeUnwrap();
    expect(root).toEqual(parseXml(whole)._unsafeUnwrap());
    expect(damage).toMatchObject({ kind: 'malformed', code: 'xml' });
  });

  it.each([
    ['white space in it', '<a>1</a \n>0'],
    ['a name that a longer one begins with', '<a><ab>1</ab></a>0'],
    ['a name with a character that means something in a pattern', '<a.b>1</a.b>0'],
  ])('finds the end tag of the root: %s', (_name, source) => {
    expect(parseXml(source).isOk()).toBe(true);
  });

  it('hands what is not well-formed to a second reading, but nothing that breaks a limit', () => {
    const recovered = { name: 'b', attributes: new Map(), children: [], text: '' };
    const recover = (text: string): Result<XmlElement, never> => ok({ ...recovered, text });
    expect(parseXml(' <a>\0', recover)._unsafeUnwrap()).toEqual({ ...recovered, text: '<a>' });
    const attributes = (count: number): string => 'b="" '.repeat(count);
    for (const [what, source] of [
      ['a document type', '<!DOCTYPE a><a>'],
      ['tags', '<a>'.repeat(100_001)],
      ['attributes of one tag', `<a ${attributes(5001)}>`],
      ['attributes of many tags', `<a ${attributes(50)}>`.repeat(101)],
      ['depth', '<a>'.repeat(33) + '</a>'.repeat(33)],
    ]) {
      expect(parseXml(source as string, recover).isErr(), what).toBe(true);
    }
  });

  it.each([
    ['of one tag', (index: number) => ` b${index}="1"`],
    ['in single quotes', (index: number) => ` b${index}='1'`],
    ['with white space', (index: number) => `\n b${index} = \t"1"`],
    ['that declare namespaces', (index: number) => ` xmlns:b${index}=""`],
  ])('reads 5000 attributes %s, and refuses more', (_name, attribute) => {
    const source = (count: number): string => `<a${Array.from({ length: count }, (_, at) => attribute(at)).join('')}/>`;
    expect(parseXml(source(5000)).isOk()).toBe(true);
    expect(parseXml(source(5001))._unsafeUnwrapErr().expected).toBe('at most 5000 attributes');
  });

  it('counts the attributes of all tags', () => {
    const source = (count: number): string => `<a>${'<b c="1"/>'.repeat(count)}</a>`;
    expect(parseXml(source(5000)).isOk()).toBe(true);
    expect(parseXml(source(5001))._unsafeUnwrapErr().expected).toBe('at most 5000 attributes');
  });

  const text = (source: string | Uint8Array): string => parseXml(source)._unsafeUnwrap().text;

  it.each([
    ['numbers stay texts', '<a>007</a>', '007'],
    ['an exponent stays a text', '<a>1e3</a>', '1e3'],
    ['booleans stay texts', '<a>true</a>', 'true'],
    ['references', '<a>&#233;&amp;lt;</a>', 'é&lt;'],
    ['CDATA, where references are none', '<a><![CDATA[<b>&amp;</b>]]></a>', '<b>&amp;</b>'],
    ['empty CDATA', '<a><![CDATA[]]></a>', ''],
    ['a declaration in CDATA', '<a><![CDATA[<!b>]]></a>', '<!b>'],
    ['a declaration in a comment', '<a>1<!-- <!b> --></a>', '1'],
    ['what is no text: it has elements in it', '<a>U<b/>DP</a>', ''],
    ['text and CDATA in turns', '<a>1&gt;<![CDATA[&]]>2</a>', '1>&2'],
    ['a bare ampersand', '<a>AT&T & co</a>', 'AT&T & co'],
    ['an entity that nobody declared', '<a>&nbsp;</a>', '&nbsp;'],
    ['white space in a start tag (Omada)', '<a      >1</a >', '1'],
    ['CRLF inside', '<a>1\r\n2</a>', '1\n2'],
    ['a byte-order mark', '\ufeff<a>1</a>', '1'],
    ['a NUL after the end', '<a>1</a>\u0000', '1'],
    ['white space after the end (eero)', '<a>1</a>\r\n \u0000\n', '1'],
    ['white space before the declaration', '\r\n<?xml version="1.0"?><a>1</a>', '1'],
    ['a comment after the end', '<a>1</a><!-- 2 -->', '1'],
    ['another encoding in the declaration', '<?xml version="1.0" encoding="ISO-8859-1"?><a>1</a>', '1'],
  ])('reads %s', (_name, source, expected) => {
    expect(text(source)).toBe(expected);
  });

  it('reads Latin-1 that says it is UTF-8', () => {
    expect(text(latin1('<?xml version="1.0" encoding="utf-8"?><a>B\u00f6x</a>'))).toBe('Böx');
  });

  it('reads a byte-order mark in bytes', () => {
    expect(text(latin1('\u00ef\u00bb\u00bf<a>1</a>'))).toBe('1');
  });

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['JSON', '{"a": 1}'],
    ['only a declaration', '<?xml version="1.0"?>'],
    ['only a comment', '<!-- a -->'],
    ['an unfinished tag', '<a'],
    ['an unfinished element', '<a><b>1</b>'],
    ['a wrong closing tag', '<a><b>1</c></a>'],
    ['a closing tag alone', '</a>'],
    ['two roots', '<a/><b/>'],
    ['an end tag before the root', '</b><a>1</a>0'],
    ['text before an empty root', 'x<a/>'],
    ['a comment that does not end before the root', '<!-- <a>1</a>'],
    ['the root in a comment, and text', 'x<!-- <a>1</a> -->'],
    ['a part of a document before another one', '<b><a>1</a>'],
    ['text after the root whose end tag is missing', '<a>1<b>x</b>y'],
    ['text after an empty root', '<a/>x'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an unfinished comment', '<a>1<!-- </a>'],
    ['two documents, of which the first was cut off', '<a><b>1</b><a><b>1</b></a>'],
    ['an end tag of the root inside of CDATA', '<a><![CDATA[</a>]]>'],
    ['unfinished CDATA', '<a><![CDATA[1</a>'],
    ['CDATA that is misspelt', '<a>1<![CD?TA[]]>2</a>'],
    ['a declaration inside of an element', '<a>1<!b>2</a>'],
    ['a declaration behind a comment', '<a><!-- --><!b></a>'],
    ['a name that starts with a digit', '<1/>'],
    ['UTF-16', '<\u0000a\u0000/\u0000>\u0000'],
    ['__proto__', '<a><__proto__><b>1</b></__proto__></a>'],
    ['__proto__ behind a prefix', '<a><x:__proto__/></a>'],
    ['__proto__ as an attribute', '<a __proto__="1"/>'],
    ['an HTML page', '<!DOCTYPE html><html><body><p>404<br></body></html>'],
    ['an external entity', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an entity bomb', '<!doctype a [<!ENTITY b "ha"><!ENTITY c "&b;&b;"><!ENTITY d "&c;&c;">]><a>&d;</a>'],
  ])('refuses %s', (_name, source) => {
    expect(parseXml(source)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', code: 'xml' });
  });

  it('says where, and shows what stood there', () => {
    expect(parseXml('<a>\n  <b>1</c>\n</a>')._unsafeUnwrapErr()).toMatchObject({
      where: 'line 2',
      excerpt: '<b>1</c>',
    });
  });

  it('quotes no control characters, and little of the document, in its message', () => {
    const { message } = parseXml(`<a><b${'\u001b[31m'.repeat(5000)}></a>`)._unsafeUnwrapErr();
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(300);
  });

  it('reads 32 levels and refuses more', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(parseXml(nested(32)).isOk()).toBe(true);
    expect(parseXml(nested(33)).isErr()).toBe(true);
    expect(parseXml(nested(40_000)).isErr()).toBe(true);
  });

  it('refuses a million tags without reading them', () => {
    expect(parseXml(`<a>${'<b/>'.repeat(1_000_000)}</a>`)._unsafeUnwrapErr().expected).toBe('at most 100000 tags');
  });

  it('refuses every prefix of a document', () => {
    const source = '<?xml version="1.0"?>\n<a x="1>2"><b>1 &amp; 2</b><!-- c --><d/><![CDATA[<e>]]></a>';
    for (let length = 0; length < source.length; length += 1) {
      expect(parseXml(source.slice(0, length)).isErr(), source.slice(0, length)).toBe(true);
    }
    expect(parseXml(source).isOk()).toBe(true);
  });

  it('refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        expect(parseXml(input).isErr()).toBe(true);
      }),
    );
  });

  it('survives anything that looks like XML', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '<x:a y:b="1">',
      '</x:a>',
      '<a:>',
      '</a:>',
      '<:/>',
      '&',
      '&amp;',
      '&#1;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<?xml version="1.0"?>',
      '"',
      "'",
      '=',
      ' ',
      '\u0000',
      '\ufeff',
      'é',
      'text',
      '<constructor/>',
      '<hasOwnProperty/>',
      '<prototype/>',
      '<toString>',
      '</toString>',
      '<',
      '>',
      '/',
      '!',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(() => [parseXml(pieces.join('')), parseXml(`<a>${pieces.join('')}</a>`)]).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
