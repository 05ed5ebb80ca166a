import { XMLParser } from 'fast-xml-parser';
import { build } from 'esbuild';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './workspace.mjs';
import { slimXmlParser } from './slim-xml-parser.mjs';

// As in core/src/xml/parse.ts.
const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  cdataPropName: '#cdata',
  maxNestedTags: 31,
  jPath: false,
};

const slim: { XMLParser: typeof XMLParser } = { XMLParser };

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { XMLParser } from 'fast-xml-parser';", resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins: [slimXmlParser],
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  slim.XMLParser = ((await import(`data:text/javascript;base64,${code}`)) as typeof slim).XMLParser;
});

/** What a parser makes of a document: its tree, or that it has thrown. */
function read(Parser: typeof XMLParser, text: string): unknown {
  try {
    return new Parser(OPTIONS).parse(text) as unknown;
  } catch {
    return 'thrown';
  }
}

const name = fc.constantFrom('a', 'x:b', 'c.d', '__proto__', 'constructor');
const text = fc.constantFrom(
  '',
  '1',
  '007',
  ' & ',
  '&amp;',
  '&#65;',
  'true',
  '\r\n',
  '<!-- c -->',
  '<![CDATA[<e>&amp;]]>',
);
const attributes = fc.constantFrom('', ' b="1"', " x:b='&lt;'", ' xmlns="urn:x" b = "2"', ' b=""');
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      attributes,
      text,
      fc.array(fc.oneof({ maxDepth: 4 }, fc.constant('<e/>'), tie('element')), { maxLength: 3 }),
      text,
    )
    .map(([tag, attribute, before, inner, after]) => `<${tag}${attribute}>${before}${inner.join(after)}</${tag}>`),
}));

describe('the parser that is published', () => {
  it('reads documents as the whole one does', () => {
    fc.assert(
      fc.property(element, (document) => {
        expect(read(slim.XMLParser, document)).toEqual(read(XMLParser, document));
      }),
    );
  });

  it('is as strict with what is no document', () => {
    fc.assert(
      fc.property(element, fc.nat(200), fc.nat(10), (document, at, cut) => {
        const mutilated = document.slice(0, at) + document.slice(at + cut);
        expect(read(slim.XMLParser, mutilated)).toEqual(read(XMLParser, mutilated));
      }),
    );
  });

  it.each([
    ['deep elements', '<a>'.repeat(33) + '</a>'.repeat(33)],
    ['deep enough elements', '<a>'.repeat(32) + '</a>'.repeat(32)],
    ['a declaration and an instruction', '<?xml version="1.0" encoding="utf-8"?><?php x ?><a/>'],
    ['two documents', '<a/><b/>'],
  ])('reads %s as the whole one does', (_what, document) => {
    expect(read(slim.XMLParser, document)).toEqual(read(XMLParser, document));
  });

  it('refuses a DOCTYPE, even in front of the core, which refuses it first', () => {
    expect(read(slim.XMLParser, '<!DOCTYPE a><a/>')).toBe('thrown');
  });
});
