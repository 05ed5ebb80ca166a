/**
 * Leaves out of fast-xml-parser what the core does not use, more than half of its code (core/src/xml/parse.ts shows how it
 * is used). Numbers stay texts (parseTagValue: false, attributes likewise), and elements stay in order (preserveOrder). The
 * core decodes references itself (processEntities: false), and has no function that is told an element's path. A DOCTYPE,
 * where entities could be declared, is refused before anything is parsed; here it would be an error once more.
 *
 * @type {import('esbuild').Plugin}
 */
export const slimXmlParser = {
  name: 'slim-xml-parser',
  setup({ onResolve, onLoad }) {
    const contents = new Map([
      ['strnum', 'export default (text) => text;'],
      ['is-unsafe', 'export const isUnsafe = () => true, HTML = "", XML = "";'],
      [
        '@nodable/entities',
        `export class EntityDecoder { reset() {} setXmlVersion() {} }
        export const XML = {}, CURRENCY = XML, COMMON_HTML = XML, ENTITY_ACTION = XML;`,
      ],
      [
        'path-expression-matcher',
        `export class Matcher { readOnly() {} reset() {} push() {} pop() {} getCurrentTag() {} updateCurrent() {} }
        export class ExpressionSet { size = 0; }
        export class Expression {}`,
      ],
      ['./node2json.js', 'export default (nodes) => nodes;'],
      ['./DocTypeReader.js', 'export default class { setXmlVersion() {} readDocType() { throw Error("DOCTYPE"); } }'],
    ]);
    onResolve(
      { filter: /^(strnum|is-unsafe|@nodable\/entities|path-expression-matcher|\.\/(node2json|DocTypeReader)\.js)$/ },
      ({ path }) => ({
        path,
        namespace: 'slim',
      }),
    );
    onLoad({ filter: /./, namespace: 'slim' }, ({ path }) => ({ contents: contents.get(path) ?? '' }));
  },
};
