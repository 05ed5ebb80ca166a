import type { XmlElement } from './xml.ts';

/** The first child with this local name, whatever its namespace. */
export function childOf({ children }: XmlElement, name: string): XmlElement | undefined {
  return children.find((child) => child.name === name);
}

/** The first descendant with this local name, in the order of the document. */
export function descendantOf(element: XmlElement, name: string): XmlElement | undefined {
  return descendantsOf(element, name)[0];
}

/** All of them. */
export function descendantsOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendantsOf(child, name)]);
}

/** The text of the first child with this name, trimmed; null: no such child. */
export function textOf(element: XmlElement, name: string): string | null {
  return childOf(element, name)?.text.trim() ?? null;
}

/** Characters that would be markup, as references. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
