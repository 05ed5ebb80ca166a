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
import { endOfSection } from './sections.ts';

/** The elements that are read, and which of them may stand directly in which. `''` is the document. */
export type XmlStructure = Readonly<Record<string, readonly string[]>>;

interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** Where it begins in the text, and where the text goes on behind it. */
  readonly start: number;
  readonly end: number;
}

interface Container extends XmlElement {
  readonly children: XmlElement[];
}

/**
 * The root element, with the elements of a structure alone; undefined where there is none.
 *
 * A start tag whose own end tag does not follow before the next start tag of that name, is passed over; so is an end tag
 * that ends nothing. A missing end tag is supplied where the next element of the structure, or the end of the element
 * around it, shows that it is missing. The document's end shows nothing: only of the root may the end tag be missing
 * there, so a document that was cut off has lost the elements that it was cut off in. An element that should hold a text
 * and holds anything else has no text.
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
    const { name, isEnd, isEmpty, end } = tags[at] as Tag;
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
      const next = tags[at + 1];
      const isText = next?.isEnd === true && !isEmpty && (ends[at] ?? at + 1) === at + 1;
      const inner = isText ? text.slice(end, next.start) : '';
      open.at(-1)?.children.push({ ...container(name), text: /[<>]/.test(inner) ? '' : unescapeXml(inner).trim() });
    }
    at = ends[at] ?? at;
  }
  return open[0]?.children[0] ?? open[1];
}

function container(name: string): Container {
  return { name, attributes: new Map(), children: [], text: '' };
}

/** The tags outside of comments, CDATA and instructions; one of these that does not end, ends the document. */
function tagsOf(text: string): readonly Tag[] {
  // White space after the "<" is what some routers send. No part of it can match what the next part begins with.
  const tag = /<\s*(?:(\/)\s*)?(?:[\w.-]+:)?([\w.-]+)(?:[\s/][^<>]*)?>/y;
  const tags: Tag[] = [];
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', start)) {
    const behind = endOfSection(text, start);
    if (behind !== undefined) {
      if (behind < 0) break;
      start = behind;
      continue;
    }
    tag.lastIndex = start;
    const [whole = '<', slash, name] = tag.exec(text) ?? [];
    const end = start + whole.length;
    if (name !== undefined) tags.push({ name, isEnd: slash !== undefined, isEmpty: whole.endsWith('/>'), start, end });
    start = end;
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
