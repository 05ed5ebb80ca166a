/**
 * Leaves out of fast-xml-parser what the core does not use, almost half of its code (core/src/xml/parse.ts shows how it is
 * used). Numbers stay texts (parseTagValue: false, attributes likewise), and elements stay in order (preserveOrder). A
 * DOCTYPE, where entities could be declared, is refused before anything is parsed; here it would be an error once more.
 * If an entity were declared all the same, it would count as unsafe.
 *
 * @type {import('esbuild').Plugin}
 */
export const slimXmlParser = {
  name: 'slim-xml-parser',
  setup({ onResolve, onLoad }) {
    const contents = new Map([
      ['strnum', 'export default (text) => text;'],
      ['is-unsafe', 'export const isUnsafe = () => true, HTML = "", XML = "";'],
      ['./node2json.js', 'export default (nodes) => nodes;'],
      ['./DocTypeReader.js', 'export default class { setXmlVersion() {} readDocType() { throw Error("DOCTYPE"); } }'],
    ]);
    onResolve({ filter: /^(strnum|is-unsafe|\.\/(node2json|DocTypeReader)\.js)$/ }, ({ path }) => ({
      path,
      namespace: 'slim',
    }));
    onLoad({ filter: /./, namespace: 'slim' }, ({ path }) => ({ contents: contents.get(path) ?? '' }));
  },
};
