import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { XmlElement } from './element.ts';
import { parseDamagedXml, type XmlStructure } from './parse-damaged.ts';

/** Boxes hold boxes and a lid; lids and labels are texts. */
const STRUCTURE: XmlStructure = { '': ['top'], top: ['box', 'label'], box: ['lid', 'boxes'], boxes: ['box'] };

/** An element in short: a text as it is, a container as its children by name. */
function short({ name, children, text }: XmlElement): Readonly<Record<string, unknown>> {
  return { [name]: children.length === 0 ? text : children.map(short) };
}
const read = (text: string): unknown => {
  const root = parseDamagedXml(text, STRUCTURE);
  return root === undefined ? undefined : short(root)['top'];
};

const LID = '<lid>1</lid>';
const HAS_LID = [{ box: [{ lid: '1' }] }];

describe('parseDamagedXml', () => {
  it('reads the elements of the structure, and only in their places', () => {
    const inner = `<boxes><box><lid>2</lid></box><lid>3</lid><label>4</label></boxes>`;
    expect(read(`<top>${LID}<box>${LID}${inner}</box><label>5</label><boxes/></top>`)).toEqual([
      { box: [{ lid: '1' }, { boxes: [{ box: [{ lid: '2' }] }] }] },
      { label: '5' },
    ]);
  });

  it.each([
    ['a start tag that is never closed', `<top><box><name>a <info> b</name>${LID}</box></top>`],
    ['a start tag of the structure in a name', `<top><box><name>a <boxes> <box> b</name>${LID}</box></top>`],
    ['an end tag of the structure in a name', `<top><box><name>a </box> </top> b</name>${LID}</box></top>`],
    ['a name that another tag closes', `<top><box><name>a</other>${LID}</box></top>`],
    ['a name that nothing closes', `<top><box><name>a ${LID}</box></top>`],
    ['the same in the other boxes', `<top><box><name>a</x><name>b</x>${LID}</box></top>`],
    ['an end tag alone', `<top></name><box></name>${LID}</box></top>`],
    ['white space in tags', `< top>< box >${LID}</ box ></top\n>`],
    ['white space around the slash', `<top><box>${LID}< / box></top>`],
    ['prefixes', `<x:top><y:box><lid>1</z:lid></box></x:top>`],
    ['an attribute twice', `<top a="1" a="1"><box b=c d>${LID}</box></top>`],
    ['two declarations', `<?xml version="1.0"?>\n<?xml version="1.0"?><top><box>${LID}</box></top>`],
    ['text before the root', `x<top><box>${LID}</box></top>`],
    ['bytes after the root', `<top><box>${LID}</box></top>\r\n0\r\n<top></top>`],
    ['a missing end tag of the root', `<top><box>${LID}</box>`],
    ['a missing end tag of a box', `<top><box>${LID}</top>`],
    ['a lid that another tag closes', `<top><box><lid>1</lib></box></top>`],
    ['a lid that nothing closes', `<top><box><lid>1</box></top>`],
    ['CDATA around a text', `<top><box><lid><![CDATA[1]]></lid></box></top>`],
    ['a comment behind a text', `<top><box><lid>1<!-- <2> --></lid></box></top>`],
    ['an instruction before a text', `<top><box><lid><?php 2 ?>1</lid></box></top>`],
    ['a comment that does not end', `<top><box><name>a <!-- b</name>${LID}</box></top>`],
    ['CDATA that does not end', `<top><box><name>a <![CDATA[ b</name>${LID}</box></top>`],
    ['an instruction that does not end', `<top><box><name>a <? b</name>${LID}</box></top>`],
    ['a comment that does not end behind one that does', `<top><!-- --><box>${LID}<!-- </box></top>`],
    ['angle brackets in a name', `<top><box><name>a < b > c <<</name>${LID}</box></top>`],
    ['a bare quote in a tag', `<top><box a="><name>x</name>${LID}</box></top>`],
  ])('reads past %s', (_what, text) => {
    expect(read(text)).toEqual(HAS_LID);
  });

  it.each([
    ['another text', '<label>1<label>2</label>', [{ label: '1' }, { label: '2' }]],
    ['an element that nobody asked for', '<label>1<name>2</name>', [{ label: '1' }]],
    ['a box', `<label>1\n<box>${LID}</box>`, [{ label: '1' }, ...HAS_LID]],
    ['a box, after a text of its own', `<box><lid>1<box>${LID}</box>`, [...HAS_LID, ...HAS_LID]],
  ])('ends a text that nothing closes where %s begins', (_what, inner, expected) => {
    expect(read(`<top>${inner}</top>`)).toEqual(expected);
  });

  it('reads CDATA as it stands, beside text and comments', () => {
    const label = '<label>a&amp;<![CDATA[&amp;<b>]]><!-- c -->&lt;<![CDATA[d]]></label>';
    expect(read(`<top>${label}<x></top>`)).toEqual([{ label: 'a&&amp;<b><d' }]);
  });

  it('ends a box where the next one begins', () => {
    const boxes = `<boxes><box><lid>1</lid><box><lid>2</lid></boxes>`;
    expect(read(`<top><box>${boxes}</box></top>`)).toEqual([
      { box: [{ boxes: [{ box: [{ lid: '1' }] }, { box: [{ lid: '2' }] }] }] },
    ]);
  });

  it('decodes references, and cuts white space off', () => {
    expect(read('<top><label>\n a&amp;b&#x21; </label><x></top>')).toEqual([{ label: 'a&b!' }]);
  });

  it.each([
    ['a comment', `<!-- <box>${LID}</box> -->`],
    ['a comment in a name', `<name><!-- </name><box>${LID}</box> --></name>`],
    ['CDATA', `<![CDATA[<box>${LID}</box>]]>`],
    ['CDATA in a name', `<name><![CDATA[</name><box>${LID}</box>]]></name>`],
    ['an instruction', `<?php <box>${LID}</box> ?>`],
    ['a name', `<name>a <info> <box>${LID}</box></name>`],
    ['a name in which another tag ends', `<name>a </info> <box>${LID}</box></name>`],
    ['an unknown element', `<extension><box>${LID}</box></extension>`],
    ['a text of the structure', `<label>a <box>${LID}</box></label>`],
    ['an element in the wrong place', `<boxes><box>${LID}</box></boxes>`],
  ])('takes nothing from %s', (_what, inner) => {
    expect(JSON.stringify(read(`<top>${inner}</top>`))).not.toContain('lid');
  });

  it.each([
    ['a tag', '<lid>1<b></lid>'],
    ['a pair of tags', '<lid>1<b>2</b></lid>'],
    ['a stray end tag', '<lid>1</b>2</lid>'],
    ['a pair of tags and a text behind them', '<lid>1<name>2</name>3</lid>'],
    ['a comment that does not end', '<lid>1<!-- 2</lid>'],
    ['CDATA that does not end', '<lid><![CDATA[1</lid>'],
    ['an instruction that does not end', '<lid>1<?2</lid>'],
    ['a declaration', '<lid>1<!2></lid>'],
    ['the end of an attribute', '<lid a="b>c">1</lid>'],
    ['a bare angle bracket', '<lid>1 < 2</lid>'],
    ['nothing, closing itself', '<lid/></lid>'],
  ])('takes no text that holds %s', (_what, lid) => {
    expect(read(`<top><box>${lid}</box></top>`)).toEqual([{ box: [{ lid: '' }] }]);
  });

  it.each([
    ['nothing', ''],
    ['no root', `<html><box>${LID}</box></html>`],
    ['a root in a comment', `<!-- <top><box>${LID}</box></top> -->`],
    ['a root in another element', `<html><top><box>${LID}</box></top></html>`],
    ['names of properties', '<constructor><__proto__><toString></constructor>'],
    ['33 levels', '<top>' + '<box><boxes>'.repeat(16) + '</boxes></box>'.repeat(16) + '</top>'],
  ])('finds no root in %s', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('reads 32 levels', () => {
    const deepest = '<top><box>' + '<boxes><box>'.repeat(15) + '</box></boxes>'.repeat(15) + '</box></top>';
    expect(read(deepest.replace('</box>', `${LID}</box>`))).toBeDefined();
    expect(JSON.stringify(read(deepest.replace('</box>', `${LID}</box>`)))).toContain('lid');
  });

  it('has of a document that was cut off only what was whole', () => {
    const whole = `<top><label>0</label><box><lid>1</lid><boxes><box><lid>2</lid></box></boxes></box>`;
    for (let length = 0; length < whole.length; length += 1) {
      expect(JSON.stringify(read(whole.slice(0, length)) ?? ''), whole.slice(0, length)).not.toContain('box');
    }
    expect(JSON.stringify(read(whole))).toContain('box');
  });

  it('has no text that the document ends in', () => {
    expect(read(`<top><box>${LID}</box><label>1<!-- -->`)).toEqual([...HAS_LID, { label: '' }]);
  });

  it('never throws, and gives nothing that is not in the text', () => {
    const piece = fc.constantFrom(
      ...['top', 'box', 'boxes', 'lid', 'label', 'name'].flatMap((name) => [`<${name}>`, `</${name}>`, `<x:${name}/>`]),
      ...['<', '>', '/', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>', '"', ' ', '&amp;', '1', '<toString>', '</'],
    );
    const textsOf = (element: XmlElement): readonly string[] => [element.text, ...element.children.flatMap(textsOf)];
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = `<top>${pieces.join('')}`;
        const root = parseDamagedXml(text, STRUCTURE);
        const texts = root === undefined ? [] : textsOf(root);
        // Sections are left out of a text, but for the content of CDATA.
        const read = text.replace(/<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[|\]\]>/g, '').replaceAll('&amp;', '&');
        expect(texts.every((one) => `${text}\n${read}`.includes(one))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
