import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from './xml-reader.ts';

function leaf(name: string, text: string, namespace = ''): XmlElement {
  return { namespace, name, children: [], text };
}

describe('readXml reads', () => {
  test.each<readonly [string, string, XmlElement]>([
    ['an empty element', '<a/>', leaf('a', '')],
    ['text', '<a>b</a>', leaf('a', 'b')],
    ['white space as it stands', '<a> b\r\n</a>', leaf('a', ' b\r\n')],
    ['a byte order mark', '\ufeff<a/>', leaf('a', '')],
    ['a declaration', '<?xml version="1.0" encoding="utf-8"?>\r\n<a/>\r\n', leaf('a', '')],
    ['comments and instructions', '<!-- <x> --><?pi ?><a><!----><?pi?>b</a><!-- -->', leaf('a', 'b')],
    ['the five entities', '<a>&amp;&lt;&gt;&quot;&apos;</a>', leaf('a', '&<>"\'')],
    ['character references', '<a>&#65;&#x42;&#x1F600;&#10;</a>', leaf('a', 'AB\u{1f600}\n')],
    ['a reference once, not twice', '<a>&amp;lt;</a>', leaf('a', '&lt;')],
    ['CDATA, undecoded', '<a>x<![CDATA[<b>&amp;]]>y</a>', leaf('a', 'x<b>&amp;y')],
    ['a prefix', '<p:a xmlns:p="urn:x">b</p:a>', leaf('a', 'b', 'urn:x')],
    ['a default namespace', '<a xmlns="urn:x"/>', leaf('a', '', 'urn:x')],
    ['attributes of all kinds', `<a b="1" c='"' d = "&amp;" xml:lang="en"/>`, leaf('a', '')],
    ['names beyond ASCII', '<größe/>', leaf('größe', '')],
    ['a name that means something to objects', '<__proto__/>', leaf('__proto__', '')],
  ])('%s', (_, source, expected) => {
    expect(readXml(source)._unsafeUnwrap()).toEqual(expected);
  });

  test('elements within elements, and namespaces that end with theirs', () => {
    const source = '<a xmlns="urn:1" xmlns:p="urn:2"><p:b xmlns:p="urn:3"/><p:c/><d xmlns=""><e/></d>t</a>';
    expect(readXml(source)._unsafeUnwrap()).toEqual({
      namespace: 'urn:1',
      name: 'a',
      text: 't',
      children: [
        leaf('b', '', 'urn:3'),
        leaf('c', '', 'urn:2'),
        { namespace: '', name: 'd', text: '', children: [leaf('e', '')] },
      ],
    });
  });

  test('32 levels', () => {
    expect(readXml('<a>'.repeat(32) + '</a>'.repeat(32)).isOk()).toBe(true);
  });
});

describe('readXml refuses', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \r\n'],
    ['text without a root', 'hello'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['two roots', '<a/><b/>'],
    ['a root that is not closed', '<a><b></b>'],
    ['a wrong end tag', '<a></b>'],
    ['an end tag in the wrong case', '<a></A>'],
    ['an end tag too many', '<a></a></a>'],
    ['an end tag with an attribute', '<a></a b="1">'],
    ['an empty end tag', '<a></>'],
    ['half a tag', '<a'],
    ['half an end tag', '<a></a'],
    ['no name', '<>'],
    ['a space before the name', '< a/>'],
    ['a number as a name', '<1/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['attributes without space', '<a b="1"c="2"/>'],
    ['< in an attribute', '<a b="<"/>'],
    ['a bad reference in an attribute', '<a b="&x;"/>'],
    ['a prefix that is not bound', '<p:a/>'],
    ['two colons', '<a:b:c xmlns:a="urn:x"/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['an ampersand before an entity', '<a>&&amp;</a>'],
    ['a reference to a character that XML forbids', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a trailing NUL', '<a/>\u0000'],
    [']]> in text', '<a>]]></a>'],
    ['CDATA without an end', '<a><![CDATA[b</a>'],
    ['CDATA outside of the root', '<a/><![CDATA[b]]>'],
    ['a comment without an end', '<a><!-- b</a>'],
    ['a declaration without an end', '<?xml version="1.0"'],
    ['a declaration after the start', ' <?xml version="1.0"?><a/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a DOCTYPE with entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['33 levels', '<a>'.repeat(33) + '</a>'.repeat(33)],
  ])('%s', (_, source) => {
    const error = readXml(source)._unsafeUnwrapErr();
    expect(error.message).not.toBe('');
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(source.length);
  });

  test('every part of a document that lacks its end', () => {
    const document = '<?xml version="1.0"?><a xmlns:p="urn:x" b="c"><p:d>&amp;<![CDATA[e]]></p:d><!-- f --></a>';
    expect(readXml(document).isOk()).toBe(true);
    for (let length = 0; length < document.length; length += 1) {
      expect(readXml(document.slice(0, length)).isErr()).toBe(true);
    }
  });

  test('a million tags in one, without a stack for each', () => {
    expect(readXml('<a>'.repeat(1_000_000)).isErr()).toBe(true);
  });
});
