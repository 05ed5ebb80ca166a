/**
 * Reading XML: the one place that knows fast-xml-parser. The parser by itself is lenient (it accepts truncated documents
 * and wrong closing tags), so its validator speaks first; what neither of them refuses is refused here.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { err, ok, type Result } from 'neverthrow';
import { decodeUtf8 } from '../bytes.ts';
import type { MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import type { XmlElement } from './element.ts';
import { unescapeXml } from './escape.ts';

/** Routers nest 8 deep: root, three devices with their lists, a service, a value. */
const MAX_DEPTH = 32;
/** Opening and closing tags together: a listing of 4,000 mappings has 80,000. */
const MAX_TAGS = 100_000;

const CDATA = '#cdata';
const TEXT = '#text';

/** What the parser makes of a document with preserveOrder: a list of one-key objects. */
type Node = Readonly<Record<string, readonly Node[] | string>>;

const parser: XMLParser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  // "1" stays a text, and entities are decoded here: only so can CDATA be told from escaped text.
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  cdataPropName: CDATA,
  maxNestedTags: MAX_DEPTH,
});

/**
 * The root element of a document.
 *
 * A byte-order mark before it and NULs or white space after it are ignored (seen on routers). Refused: anything not
 * well-formed, a document type declaration, nesting deeper than 32, more than 100,000 tags.
 */
export function parseXml(source: Uint8Array | string): Result<XmlElement, MalformedError> {
  // eslint-disable-next-line no-control-regex -- some routers send their string's terminator along
  const text = (typeof source === 'string' ? source : decodeUtf8(source)).replace(/^\ufeff/, '').replace(/[\s\u0000]+$/, '');
  const refused = refusal(text);
  if (refused !== undefined) return err(refused);
  let nodes: readonly Node[];
  try {
    nodes = parser.parse(text) as readonly Node[];
  } catch (thrown) {
    return err(malformed('xml', 'well-formed XML', 'the document', String(thrown)));
  }
  const elements = nodes.map(toElement).filter((element) => element !== null);
  const [root, second] = elements;
  if (root === undefined) return err(malformed('xml', 'a root element', 'the start', text));
  if (second !== undefined) return err(malformed('xml', 'one root element', 'the end', `<${second.name}>`));
  return ok(root);
}

function refusal(text: string): MalformedError | undefined {
  const doctype = text.search(/<!(?:DOCTYPE|ENTITY)/i);
  // An entity bomb needs a DOCTYPE, and no UPnP document has one; a web page does.
  if (doctype >= 0) return malformed('xml', 'no document type', `offset ${doctype}`, text.slice(doctype));
  if (countTags(text) > MAX_TAGS) return malformed('xml', `at most ${MAX_TAGS} tags`, 'the document', text);
  // A bare ampersand is no reason to lose a router; replaced one by one, so that positions stay what they are.
  const verdict = XMLValidator.validate(text.replace(/&(?!#?\w{1,8};)/g, '+'));
  if (verdict === true) return undefined;
  const { msg, line, col } = verdict.err;
  return malformed('xml', `well-formed XML (${msg})`, `line ${line}, column ${col ?? 1}`, text.split('\n')[line - 1] ?? '');
}

function countTags(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) count += 1;
  return count;
}

function toElement(node: Node): XmlElement | null {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name === TEXT || name === CDATA) return null;
  const children: XmlElement[] = [];
  let text = '';
  for (const inner of node[name] as readonly Node[]) {
    const raw = inner[TEXT];
    const literal = inner[CDATA];
    if (typeof raw === 'string') text += unescapeXml(raw);
    else if (literal !== undefined) text += (literal as readonly Node[]).map((piece) => piece[TEXT] ?? '').join('');
    else {
      const child = toElement(inner);
      if (child !== null) children.push(child);
    }
  }
  return { name, children, text: text.trim() };
}
