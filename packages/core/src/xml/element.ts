/**
 * An element as this library reads it: the names without their prefixes, since routers mix prefixes and namespaces
 * freely.
 */
export interface XmlElement {
  readonly name: string;
  /** Little in UPnP is said by an attribute: `sendEvents` in a service description, `configId` in both. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The character data directly inside, references decoded, white space at both ends removed. */
  readonly text: string;
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** All children of that name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of that name; undefined where there is none, empty where it is empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.text;
}
