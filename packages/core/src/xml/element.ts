import type { MalformedError } from '../errors.ts';

/**
 * An element as this library reads it: the names without their prefixes, since routers mix prefixes and namespaces
 * freely.
 */
export interface XmlElement {
  readonly name: string;
  /** Little in UPnP is said by an attribute: `sendEvents` in a service description, `configId` in both. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /**
   * The character data, references decoded, white space at both ends removed. Empty where there are elements inside: the
   * `UDP` of `<NewProtocol>U<a/>DP</NewProtocol>` stands nowhere in the document.
   */
  readonly text: string;
  /** Of a root element: why its document is not well-formed. Absent for one that is. */
  readonly damage?: MalformedError | undefined;
}

/** The first child of that name; none of an element that is not there, so that paths can be followed. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The items of a list inside of an element, which may come in several pieces: `itemsOf(device, 'iconList', 'icon')`. */
export function itemsOf(element: XmlElement, list: string, item: string): readonly XmlElement[] {
  const lists = element.children.filter(({ name }) => name === list);
  return lists.flatMap(({ children }) => children.filter(({ name }) => name === item));
}

/** The first element inside of another, at any depth, that has one of these names in any spelling; they are lower-case. */
export function descendantOf(element: XmlElement, names: readonly string[]): XmlElement | undefined {
  for (const child of element.children) {
    const found = names.includes(child.name.toLowerCase()) ? child : descendantOf(child, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text of the first child of that name; undefined where there is none, empty where it is empty. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}

/** The tags of an element's children, as evidence of what stood there: `<a><b>`. */
export function tagsIn(element: XmlElement): string {
  return element.children.map(({ name }) => `<${name}>`).join('');
}

/** Reads the texts of an element's children, by their names; null where there is none, and where it is empty. */
export function textsOf(element: XmlElement | undefined): (name: string) => string | null {
  return (name) => textOf(element, name) || null;
}
