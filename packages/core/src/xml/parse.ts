/**
 * Reading XML: the one place that knows fast-xml-parser. The parser by itself is lenient (it accepts truncated documents
 * and wrong closing tags), so its validator speaks first; what neither of them refuses is refused here.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { err, ok, type Result } from '../result.ts';
import { decodeUtf8 } from '../bytes.ts';
import type { MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import { excerptOf } from '../text.ts';
import type { XmlElement } from './element.ts';
import { unescapeXml } from './escape.ts';
import { sectionsOf } from './sections.ts';

/** Routers nest 8 deep: root, three devices with their lists, a service, a value. */
export const MAX_DEPTH = 32;
/** Opening and closing tags together: a listing of 4,000 mappings has 80,000. */
const MAX_TAGS = 100_000;
/**
 * An attribute costs ten times as much as a tag. A listing of 4,000 mappings that declares a namespace on each has 4,000.
 */
const MAX_ATTRIBUTES = 5000;

const CDATA = '#cdata';

/** What the parser makes of a text, or of an element, with preserveOrder: its name is a key. */
type Node = Readonly<Record<string, string | readonly Node[]>>;

/** Reads the text of a document that is not well-formed, and says why it is not. */
export type Recovery = (text: string, damage: MalformedError) => Result<XmlElement, MalformedError>;

// Made at the first document: a bundler can then drop the parser from a program that reads no XML.
let parser: XMLParser | undefined;

/**
 * The root element of a document.
 *
 * Ignored, since routers send it: text before the first tag (a byte-order mark, a chunk's size), a repeated declaration,
 * and anything after the end tag of the root. A NUL counts as white space everywhere.
 * Refused: anything else that is not well-formed, a document type declaration, nesting deeper than 32, more than 100,000
 * tags or 5,000 attributes.
 *
 * @param recover - the second reading; it gets no document that breaks a limit or has a document type declaration
 */
export function parseXml(
  source: Uint8Array | string,
  recover: Recovery = (_text, damage) => err(damage),
): Result<XmlElement, MalformedError> {
  const text = (typeof source === 'string' ? source : decodeUtf8(source)).replaceAll('\0', ' ').trim();
  const refused = refusal(text);
  if (refused !== undefined) return err(refused);
  const damage = damageOf(text);
  if (damage === undefined) return build(text);
  const root = rootIn(text);
  if (damageOf(root) === undefined) return build(root).map((element) => ({ ...element, damage }));
  return recover(text, damage);
}

/** The error for a document that may not be read at all, in either reading. */
function refusal(text: string): MalformedError | undefined {
  const doctype = text.search(/<!(?:DOCTYPE|ENTITY)/i);
  // An entity bomb needs a DOCTYPE, and no UPnP document has one; a web page does.
  if (doctype >= 0) return malformed('xml', 'no DOCTYPE', `offset ${doctype}`, text.slice(doctype));
  if (hasMore(text, '<', MAX_TAGS)) return malformed('xml', `at most ${MAX_TAGS} tags`, 'the document', text);
  if (hasMore(text, /=\s*["']/, MAX_ATTRIBUTES))
    return malformed('xml', `at most ${MAX_ATTRIBUTES} attributes`, 'the document', text);
  return undefined;
}

/** Counted only where there is room for so many. */
function hasMore(text: string, part: string | RegExp, limit: number): boolean {
  return text.length > limit && text.split(part, limit + 2).length > limit + 1;
}

/**
 * The root element alone, up to the first end tag that is spelled as its start tag is. Empty where there is none, and where
 * anything but text and instructions stands before it.
 */
function rootIn(text: string): string {
  const start = text.search(/<[^\s!?/<>]/);
  const before = text.slice(0, start).replace(/<\?[^<>]*>/g, '');
  if (before.includes('<')) return '';
  const name = text.slice(start + 1).split(/[\s/>]/, 1)[0] as string;
  // Each character may have a meaning in a pattern.
  const end = new RegExp(`</${name.replace(/\W/g, '\\$&')}\\s*>`).exec(text);
  return end === null ? '' : text.slice(start, end.index + end[0].length);
}

function damageOf(text: string): MalformedError | undefined {
  // Both the parser and its validator lose text after a root element that closes itself.
  if (!text.endsWith('>')) return malformed('xml', 'the end of a tag', 'the end', text.slice(-80));
  const stray = strayDeclaration(text);
  if (stray >= 0) return malformed('xml', 'a comment or CDATA', `offset ${stray}`, text.slice(stray));
  // A bare ampersand is no reason to lose a router; replaced one by one, so that positions stay what they are.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor alone is larger than this whole package
  const verdict = XMLValidator.validate(text.replace(/&(?!#?\w{1,8};)/g, '+'));
  if (verdict === true) return undefined;
  const { msg, line } = verdict.err;
  // Its message quotes the document.
  return malformed('xml', `well-formed XML (${excerptOf(msg)})`, `line ${line}`, text.split('\n')[line - 1] ?? '');
}

/**
 * Where a `<!` stands that begins neither; -1 if none does. The parser takes `<![` alone for CDATA, the validator for text.
 */
function strayDeclaration(text: string): number {
  const behindSection = sectionsOf(text);
  let at = text.indexOf('<!');
  while (at >= 0) {
    const behind = behindSection(at);
    if (behind === undefined) return at;
    at = text.indexOf('<!', behind);
  }
  return at;
}

function build(text: string): Result<XmlElement, MalformedError> {
  let nodes: readonly Node[];
  try {
    nodes = (parser ??= createParser()).parse(text) as readonly Node[];
  } catch (thrown) {
    return err(malformed('xml', 'well-formed XML', 'the document', String(thrown)));
  }
  const [root, second] = contentOf(nodes).children;
  return root === undefined || second !== undefined
    ? err(malformed('xml', 'one root element', 'the document', text))
    : ok(root);
}

function createParser(): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    // "1" stays a text, and entities are decoded here: only so can CDATA be told from escaped text.
    parseTagValue: false,
    processEntities: false,
    trimValues: false,
    cdataPropName: CDATA,
    // It counts the elements around one.
    maxNestedTags: MAX_DEPTH - 1,
    // Spares a path for each tag that nobody reads.
    jPath: false,
  });
}

/** The elements in a list of nodes, and the text between them. */
function contentOf(nodes: readonly Node[]): Pick<XmlElement, 'children' | 'text'> {
  const children: XmlElement[] = [];
  let text = '';
  for (const node of nodes) {
    // The name stands before the key of the attributes.
    const [name, inner] = Object.entries(node)[0] as [string, Node[string]];
    if (typeof inner === 'string') text += unescapeXml(inner);
    else if (name === CDATA) text += inner[0]?.['#text'] as string;
    else children.push({ name, attributes: attributesOf(node), ...contentOf(inner) });
  }
  return { children, text: children.length > 0 ? '' : text.trim() };
}

function attributesOf(node: Node): ReadonlyMap<string, string> {
  const attributes = Object.entries(node[':@'] ?? {}) as [string, string][];
  return new Map(attributes.map(([name, value]) => [name, unescapeXml(value)]));
}
