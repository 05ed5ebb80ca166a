/**
 * Leaves out of fast-xml-parser what the core does not use, a third of its code. Numbers stay texts (parseTagValue: false,
 * attributes likewise), and a DOCTYPE, where entities could be declared, is refused before anything is parsed
 * (core/src/xml/parse.ts). If an entity were declared all the same, it would count as unsafe.
 *
 * @type {import('esbuild').Plugin}
 */
export const slimXmlParser = {
  name: 'slim-xml-parser',
  setup({ onResolve, onLoad }) {
    const contents = new Map([
      ['strnum', 'export default (text) => text;'],
      ['is-unsafe', 'export const isUnsafe = () => true, HTML = "", XML = "";'],
    ]);
    onResolve({ filter: /^(strnum|is-unsafe)$/ }, ({ path }) => ({ path, namespace: 'slim' }));
    onLoad({ filter: /./, namespace: 'slim' }, ({ path }) => ({ contents: contents.get(path) ?? '' }));
  },
};
