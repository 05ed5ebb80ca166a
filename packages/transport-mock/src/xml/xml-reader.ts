import { err, ok, type Result } from '@portwright/core/result';
import { decodeReferences } from './references.ts';

/** An element of a document that was well-formed, its name resolved against the namespaces in scope. */
export interface XmlElement {
  /** The namespace's URI; empty where there is none. */
  readonly namespace: string;
  /** The name without its prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside, references and CDATA sections resolved, as it stands. */
  readonly text: string;
}

export interface XmlSyntaxError {
  readonly message: string;
  /** UTF-16 units from the start of the document. */
  readonly offset: number;
}

interface OpenElement {
  readonly qualifiedName: string;
  /** By prefix, the namespaces that this element declares; an empty prefix is the default. */
  readonly declared: ReadonlyMap<string, string>;
  readonly namespace: string;
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** A control point's request is four levels deep; nothing honest comes near this. */
const MAXIMUM_DEPTH = 32;

const NAME = /[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*(?::[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*)?/y;
const ATTRIBUTE = new RegExp(`\\s+(${NAME.source})\\s*=\\s*("[^"<]*"|'[^'<]*')`, 'y');
const TAG_END = /\s*(\/?)>/y;
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Reads a whole XML 1.0 document with namespaces, and refuses whatever isn't well-formed. A DOCTYPE is refused, too:
 * UDA has no use for one, and entities are declared there.
 */
export function readXml(source: string): Result<XmlElement, XmlSyntaxError> {
  const document = source.startsWith('\ufeff') ? source.slice(1) : source;
  return new Reader(document).read();
}

/** One pass over one document. */
class Reader {
  readonly #source: string;
  readonly #open: OpenElement[] = [];
  #offset = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Result<XmlElement, XmlSyntaxError> {
    const forbidden = this.#source.search(FORBIDDEN);
    if (forbidden >= 0) return err({ message: 'a character that XML forbids', offset: forbidden });
    while (this.#offset < this.#source.length) {
      const failure = this.#source.charCodeAt(this.#offset) === 0x3c ? this.#markup() : this.#text();
      if (failure !== null) return this.#fail(failure);
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) return this.#fail(`<${unclosed.qualifiedName}> is never closed`);
    return this.#root === undefined ? this.#fail('no root element') : ok(this.#root);
  }

  #fail(message: string): Result<never, XmlSyntaxError> {
    return err({ message, offset: this.#offset });
  }

  #text(): string | null {
    const next = this.#source.indexOf('<', this.#offset);
    const raw = this.#source.slice(this.#offset, next < 0 ? undefined : next);
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      if (raw.trim() !== '') return 'text outside of the root element';
    } else {
      if (raw.includes(']]>')) return ']]> in text';
      const text = decodeReferences(raw);
      if (text === null) return 'a reference that is neither one of the five entities nor a valid character';
      parent.text += text;
    }
    this.#offset += raw.length;
    return null;
  }

  #markup(): string | null {
    switch (this.#source.charCodeAt(this.#offset + 1)) {
      case 0x2f: // </
        return this.#endTag();
      case 0x3f: // <?
        return this.#processingInstruction();
      case 0x21: // <!
        return this.#declaration();
      default:
        return this.#startTag();
    }
  }

  #processingInstruction(): string | null {
    const isDeclaration = /^<\?xml\s/i.test(this.#source.slice(this.#offset, this.#offset + 6));
    if (isDeclaration && this.#offset > 0) return 'an XML declaration that is not at the start';
    return this.#skip('<?', '?>');
  }

  #declaration(): string | null {
    if (this.#source.startsWith('<!--', this.#offset)) return this.#skip('<!--', '-->');
    const parent = this.#open.at(-1);
    if (parent === undefined || !this.#source.startsWith('<![CDATA[', this.#offset)) {
      return 'a DOCTYPE or another declaration that is not allowed';
    }
    const start = this.#offset + '<![CDATA['.length;
    const failure = this.#skip('<![CDATA[', ']]>');
    if (failure === null) parent.text += this.#source.slice(start, this.#offset - ']]>'.length);
    return failure;
  }

  #skip(opening: string, closing: string): string | null {
    const end = this.#source.indexOf(closing, this.#offset + opening.length);
    if (end < 0) return `${opening} without ${closing}`;
    this.#offset = end + closing.length;
    return null;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#offset = pattern.lastIndex;
    return match;
  }

  #startTag(): string | null {
    if (this.#open.length === 0 && this.#root !== undefined) return 'a second root element';
    if (this.#open.length === MAXIMUM_DEPTH) return `more than ${MAXIMUM_DEPTH} levels`;
    this.#offset += 1;
    const qualifiedName = this.#match(NAME)?.[0];
    if (qualifiedName === undefined) return '< without a name';
    const declared = this.#attributes();
    if (typeof declared === 'string') return declared;
    const end = this.#match(TAG_END);
    if (end === null) return `the tag <${qualifiedName}> is not well-formed`;
    const [prefix, name] = splitName(qualifiedName);
    const namespace = declared.get(prefix) ?? this.#inherited(prefix) ?? (prefix === '' ? '' : null);
    if (namespace === null) return `the prefix ${prefix} has no namespace`;
    this.#open.push({ qualifiedName, declared, namespace, name, children: [], text: '' });
    if (end[1] === '/') this.#close();
    return null;
  }

  /** The namespaces that the tag declares, or what is wrong. Other attributes are checked and left out. */
  #attributes(): ReadonlyMap<string, string> | string {
    const declared = new Map<string, string>();
    const seen = new Set<string>();
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      const [, name = '', quoted = ''] = match;
      if (seen.has(name)) return `the attribute ${name} occurs twice`;
      seen.add(name);
      const value = decodeReferences(quoted.slice(1, -1));
      if (value === null) return `the value of ${name} contains an invalid reference`;
      const [prefix, local] = splitName(name);
      if (name === 'xmlns') declared.set('', value);
      else if (prefix === 'xmlns') declared.set(local, value);
    }
    return declared;
  }

  /** At most 32 look-ups. A copy of all namespaces for each element would make the work quadratic. */
  #inherited(prefix: string): string | undefined {
    for (let depth = this.#open.length - 1; depth >= 0; depth -= 1) {
      const namespace = this.#open[depth]?.declared.get(prefix);
      if (namespace !== undefined) return namespace;
    }
    return undefined;
  }

  #endTag(): string | null {
    this.#offset += 2;
    const qualifiedName = this.#match(NAME)?.[0];
    const end = this.#match(TAG_END);
    const element = this.#open.at(-1);
    if (end === null || end[1] === '/') return 'an end tag that is not well-formed';
    if (element === undefined || element.qualifiedName !== qualifiedName) {
      return `</${qualifiedName}> closes ${element === undefined ? 'nothing' : `<${element.qualifiedName}>`}`;
    }
    this.#close();
    return null;
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const { namespace, name, children, text } = closed;
    const element: XmlElement = { namespace, name, children, text };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }
}

function splitName(qualifiedName: string): readonly [prefix: string, local: string] {
  const colon = qualifiedName.indexOf(':');
  return colon < 0 ? ['', qualifiedName] : [qualifiedName.slice(0, colon), qualifiedName.slice(colon + 1)];
}
