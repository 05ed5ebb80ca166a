import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from './xml.ts';

const DOCUMENT =
  '<?xml version="1.0" encoding="utf-8"?>\r\n<!-- a comment -->\n' +
  '<a:root xmlns:a="urn:a" xmlns="urn:b" a:id=\'1 &amp; 2\'>text &lt;&#x41;&#66;<![CDATA[<&>]]><?pi data?>' +
  '<child/><a:child xmlns:a="urn:c" ></a:child></a:root>\r\n';

function shape({ namespace, name, text, children }: XmlElement): unknown {
  return [namespace, name, text, ...children.map(shape)];
}

test('namespaces, references, CDATA and attributes are resolved', () => {
  const { root, hasDoctype } = readXml(DOCUMENT)._unsafeUnwrap();
  expect(shape(root)).toEqual(['urn:a', 'root', 'text <AB<&>', ['urn:b', 'child', ''], ['urn:c', 'child', '']]);
  expect(root.attributes.get('a:id')).toBe('1 & 2');
  expect(hasDoctype).toBe(false);
});

test('a DOCTYPE is passed over, and told of', () => {
  const { root, hasDoctype } = readXml('<!DOCTYPE a [<!ENTITY b "c">]><a/>')._unsafeUnwrap();
  expect([root.name, hasDoctype]).toEqual(['a', true]);
});

test('every prefix of a document is an error', () => {
  const whole = DOCUMENT.trimEnd().length;
  const readable = Array.from({ length: whole }, (_, end) => end).filter((end) =>
    readXml(DOCUMENT.slice(0, end)).isOk(),
  );
  expect(readable).toEqual([]);
});

describe('what is not well-formed', () => {
  test.each([
    ['', 'there is no element'],
    ['a', 'there is content before the root element'],
    ['<a/>b', 'there is content after the root element'],
    ['<a/><b/>', 'there is content after the root element'],
    ['<a><b></a>', '</a> closes <b>'],
    ['<a', 'the tag <a> is not well-formed'],
    ['<a b=c/>', 'the tag <a> is not well-formed'],
    ['<a b="1" b="2"/>', 'the attribute b occurs twice'],
    ['<a b="<"/>', 'the tag <a> is not well-formed'],
    ['<a>a & b</a>', '& is not a reference'],
    ['<a>&nbsp;</a>', '&nbsp; is not a reference'],
    ['<a>&#0;</a>', 'there is a control character in text'],
    ['<a>]]></a>', ']]> occurs in text'],
    ['<x:a/>', 'the prefix x has no namespace'],
    ['<!-- a -- b --><a/>', 'a < that does not begin a tag'],
    ['<a>'.repeat(65), 'more than 64 nested elements'],
  ])('%s', (text, reason) => {
    expect(readXml(text)._unsafeUnwrapErr()).toContain(reason);
  });
});

test('an element is in the namespace that the nearest declaration gives', () => {
  expect(readXml('<a xmlns="u"><b xmlns="v"><c/></b><d/></a>')._unsafeUnwrap().root).toMatchObject({
    namespace: 'u',
    children: [{ namespace: 'v', children: [{ namespace: 'v' }] }, { namespace: 'u' }],
  });
});
