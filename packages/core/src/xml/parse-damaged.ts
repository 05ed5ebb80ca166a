/**
 * The second reading, of a document that is not well-formed: it takes only the elements that its caller names, and passes
 * over everything else. A TP-Link Archer C9 ships a friendlyName with markup in it (home-assistant/core#71138).
 *
 * Each tag is looked at once, so the work is linear. What stands between a start tag and its own end tag belongs to that
 * element, even if it looks like a tag: a `<service>` in a friendlyName, in a comment or in CDATA is no service.
 */
import type { XmlElement } from './element.ts';
import { unescapeXml } from './escape.ts';
import { MAX_DEPTH } from './parse.ts';
import { sectionsOf } from './sections.ts';

/** The elements that are read, and which of them may stand directly in which. `''` is the document. */
export type XmlStructure = Readonly<Record<string, readonly string[]>>;

interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** What stands between it and the next tag, read as in the first reading. It has a {@link MARKUP} for what is no text. */
  text: string;
}

/** No document has it: the first reading turns it into a space. */
const MARKUP = '\0';

interface Container extends XmlElement {
  readonly children: XmlElement[];
}

/**
 * The root element, with the elements of a structure alone; undefined where there is none.
 *
 * A start tag whose own end tag does not follow before the next start tag of that name, is passed over; so is an end tag
 * that ends nothing. A missing end tag is supplied where the next element of the structure, or the end of the element
 * around it, shows that it is missing. The document's end shows nothing: only of the root may the end tag be missing
 * there, so a document that was cut off has lost the elements that it was cut off in.
 *
 * An element that should hold a text and holds anything else has no text; without an end tag of its own, it ends at the
 * next tag. A comment, CDATA or an instruction without an end is read as text.
 *
 * @param text - checked against the limits of the first reading
 */
export function parseDamagedXml(text: string, structure: XmlStructure): XmlElement | undefined {
  const tags = tagsOf(text);
  const ends = ownEnds(tags);
  const open: Container[] = [container('')];
  const closeTo = (depth: number): void => {
    while (open.length > depth) {
      const closed = open.pop() as Container;
      open.at(-1)?.children.push(closed);
    }
  };
  for (let at = 0; at < tags.length; at += 1) {
    const { name, isEnd, isEmpty, text: inner } = tags[at] as Tag;
    if (isEnd) {
      const depth = open.findLastIndex((element) => element.name === name);
      if (depth > 0) closeTo(depth);
      continue;
    }
    const parent = open.findLastIndex((element) => structure[element.name]?.includes(name));
    if (parent >= 0 && structure[name] !== undefined) {
      closeTo(parent + 1);
      if (open.length > MAX_DEPTH) return undefined;
      open.push(container(name));
      if (isEmpty) closeTo(parent + 1);
      continue;
    }
    if (parent === open.length - 1) {
      const isCutOff = at + 1 === tags.length;
      const isText = !isCutOff && !isEmpty && (ends[at] ?? at + 1) === at + 1 && !inner.includes(MARKUP);
      open.at(-1)?.children.push({ ...container(name), text: isText ? inner.trim() : '' });
    }
    at = ends[at] ?? at;
  }
  return open[0]?.children[0] ?? open[1];
}

function container(name: string): Container {
  return { name, attributes: new Map(), children: [], text: '' };
}

/** The tags outside of comments, CDATA and instructions. */
function tagsOf(text: string): readonly Tag[] {
  // White space after the "<" is what some routers send. No part of it can match what the next part begins with.
  const tag = /<\s*(?:(\/)\s*)?(?:[\w.-]+:)?([\w.-]+)(?:[\s/][^<>]*)?>/y;
  const behindSection = sectionsOf(text);
  const tags: Tag[] = [{ name: '', isEnd: true, isEmpty: false, text: '' }];
  let at = 0;
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', at)) {
    const last = tags.at(-1) as Tag;
    const before = text.slice(at, start);
    // A ">" outside of a tag is the end of one that was not understood.
    last.text += before.includes('>') ? MARKUP : unescapeXml(before);
    const behind = behindSection(start);
    if (behind !== undefined) {
      if (text.startsWith('<![', start)) last.text += text.slice(start + 9, behind - 3);
      at = behind;
      continue;
    }
    tag.lastIndex = start;
    const [whole = '<', slash, name] = tag.exec(text) ?? [];
    at = start + whole.length;
    if (name === undefined) last.text += MARKUP;
    else tags.push({ name, isEnd: slash !== undefined, isEmpty: whole.endsWith('/>'), text: '' });
  }
  return tags;
}

/** For each start tag the place of its own end tag: the next tag of that name, if that is an end tag. */
function ownEnds(tags: readonly Tag[]): readonly (number | undefined)[] {
  const ends: (number | undefined)[] = [];
  const later = new Map<string, number>();
  for (let at = tags.length - 1; at >= 0; at -= 1) {
    const { name, isEnd, isEmpty } = tags[at] as Tag;
    const next = later.get(name);
    if (!isEnd && !isEmpty && next !== undefined && tags[next]?.isEnd === true) ends[at] = next;
    later.set(name, at);
  }
  return ends;
}
