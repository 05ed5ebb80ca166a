import { err, ok, type Result } from '@portwright/core/result';

/** An element, with its namespace resolved. */
export interface XmlElement {
  /** Empty: none. */
  readonly namespace: string;
  readonly name: string;
  /** By their names as they stand, prefixes included. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, references resolved, as it stands. */
  readonly text: string;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly hasDoctype: boolean;
}

/** Elements in one another, at most. */
const MAXIMUM_DEPTH = 64;

const NAME = /[A-Za-z_\u0080-\uffff][\w.\-\u00b7-\uffff]*(?::[A-Za-z_\u0080-\uffff][\w.\-\u00b7-\uffff]*)?/y;
const ATTRIBUTE = /\s+([A-Za-z_\u0080-\uffff][\w.\-:\u00b7-\uffff]*)\s*=\s*("[^<"]*"|'[^<']*')/y;
const TAG_END = /\s*(\/?)>/y;
const TEXT = /[^<]+/y;
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/y;
/** Comments and processing instructions. */
const MISC = /<!--(?:(?!--)[^])*-->|<\?(?!xml[\s?])[^]*?\?>/y;
const DECLARATION = /<\?xml\s+version\s*=\s*["']1\.[0-9]["'][^>]*?\?>/y;
const DOCTYPE = /<!DOCTYPE(?:[^[\]>"']|"[^"]*"|'[^']*'|\[[^\]]*\])*>/y;
const SPACE = /\s+/y;

/**
 * Reads XML 1.0 with namespaces, strictly: it is what tells a well-formed document from another. A DOCTYPE is passed over,
 * and what it declares is not known.
 */
export function readXml(text: string): Result<XmlDocument, string> {
  return new XmlReader(text).document();
}

interface OpenElement {
  readonly qualifiedName: string;
  readonly scope: Scope;
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** The namespaces that an element declares, by their prefixes, and those around it: a copy of these would be quadratic. */
interface Scope {
  readonly own: ReadonlyMap<string, string>;
  readonly outer: Scope | null;
}

const OUTERMOST: Scope = {
  own: new Map([
    ['', ''],
    ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ]),
  outer: null,
};

function namespaceOf(prefix: string, { own, outer }: Scope): string | undefined {
  return own.get(prefix) ?? (outer === null ? undefined : namespaceOf(prefix, outer));
}

class XmlReader {
  readonly #text: string;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #root: XmlElement | null = null;
  #hasDoctype = false;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Result<XmlDocument, string> {
    this.#match(DECLARATION);
    while (this.#at < this.#text.length) {
      const step = this.#open.length === 0 ? this.#outside() : this.#inside();
      if (step.isErr()) return err(`${step.error}, at character ${this.#at}`);
    }
    const [unclosed] = this.#open;
    if (unclosed !== undefined) return err(`<${unclosed.qualifiedName}> is not closed`);
    return this.#root === null ? err('there is no element') : ok({ root: this.#root, hasDoctype: this.#hasDoctype });
  }

  #outside(): Result<void, string> {
    if (this.#match(SPACE) !== null || this.#match(MISC) !== null) return ok(undefined);
    if (this.#root !== null) return err('there is content after the root element');
    if (!this.#hasDoctype && this.#match(DOCTYPE) !== null) {
      this.#hasDoctype = true;
      return ok(undefined);
    }
    return this.#text[this.#at] === '<' ? this.#startTag() : err('there is content before the root element');
  }

  #inside(): Result<void, string> {
    const text = this.#match(TEXT);
    if (text !== null) return text[0].includes(']]>') ? err(']]> occurs in text') : this.#append(text[0]);
    const cdata = this.#match(CDATA);
    if (cdata !== null) return this.#append(cdata[1] ?? '', true);
    if (this.#match(MISC) !== null) return ok(undefined);
    return this.#text.startsWith('</', this.#at) ? this.#endTag() : this.#startTag();
  }

  #startTag(): Result<void, string> {
    if (this.#open.length >= MAXIMUM_DEPTH) return err(`more than ${MAXIMUM_DEPTH} nested elements`);
    this.#at += 1;
    const qualifiedName = this.#match(NAME)?.[0];
    if (qualifiedName === undefined) return err('a < that does not begin a tag');
    return this.#attributes().andThen((attributes) => {
      const scope = this.#scopeWith(attributes);
      const end = this.#match(TAG_END);
      if (end === null) return err(`the tag <${qualifiedName}> is not well-formed`);
      const [prefix, name] = splitName(qualifiedName);
      const namespace = namespaceOf(prefix, scope);
      if (namespace === undefined) return err(`the prefix ${prefix} has no namespace`);
      this.#open.push({ qualifiedName, scope, namespace, name, attributes, children: [], text: '' });
      if (end[1] === '/') this.#close();
      return ok(undefined);
    });
  }

  #attributes(): Result<ReadonlyMap<string, string>, string> {
    const attributes = new Map<string, string>();
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      const [, name = '', quoted = ''] = match;
      if (attributes.has(name)) return err(`the attribute ${name} occurs twice`);
      const value = resolveReferences(quoted.slice(1, -1));
      if (value.isErr()) return err(value.error);
      attributes.set(name, value.value);
    }
    return ok(attributes);
  }

  /** What is in scope inside an element with these attributes. */
  #scopeWith(attributes: ReadonlyMap<string, string>): Scope {
    const outer = this.#open.at(-1)?.scope ?? OUTERMOST;
    const own = [...attributes].filter(([name]) => /^xmlns(?::|$)/.test(name));
    if (own.length === 0) return outer;
    return { own: new Map(own.map(([name, value]) => [name.slice('xmlns:'.length), value])), outer };
  }

  #endTag(): Result<void, string> {
    this.#at += 2;
    const qualifiedName = this.#match(NAME)?.[0] ?? '';
    const end = this.#match(TAG_END);
    const element = this.#open.at(-1)?.qualifiedName ?? '';
    if (end === null || end[1] === '/') return err('an end tag is not well-formed');
    if (element !== qualifiedName) return err(`</${qualifiedName}> closes <${element}>`);
    this.#close();
    return ok(undefined);
  }

  #append(text: string, isLiteral = false): Result<void, string> {
    const resolved = isLiteral ? ok(text) : resolveReferences(text);
    return resolved.map((characters) => {
      const element = this.#open.at(-1);
      if (element !== undefined) element.text += characters;
    });
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const { namespace, name, attributes, children, text } = closed;
    const element: XmlElement = { namespace, name, attributes, children, text };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** XML 1.0, 2.2: the control characters that a document can't have, written out or by reference. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

function resolveReferences(text: string): Result<string, string> {
  const parts: string[] = [];
  let at = 0;
  // It ends at the first one that is wrong: a text may have thousands of them.
  for (const { 0: reference, 1: body, index } of text.matchAll(/&([^;&\s]{0,10};)?/g)) {
    const character = body === undefined ? undefined : characterOf(body.slice(0, -1));
    if (character === undefined) return err(`${reference} is not a reference`);
    parts.push(text.slice(at, index), character);
    at = index + reference.length;
  }
  const resolved = parts.join('') + text.slice(at);
  return FORBIDDEN.test(resolved) ? err('there is a control character in text') : ok(resolved);
}

function characterOf(name: string): string | undefined {
  const [, decimal, hexadecimal] = /^#(?:(\d+)|x([\da-fA-F]+))$/.exec(name) ?? [];
  if (decimal === undefined && hexadecimal === undefined) return ENTITIES[name];
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function splitName(qualifiedName: string): readonly [prefix: string, local: string] {
  const colon = qualifiedName.indexOf(':');
  return colon < 0 ? ['', qualifiedName] : [qualifiedName.slice(0, colon), qualifiedName.slice(colon + 1)];
}
