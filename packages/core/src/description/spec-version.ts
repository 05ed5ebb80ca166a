import { childOf, textOf, type XmlElement } from '../xml/element.ts';

/** The version of the UPnP Device Architecture that a document follows: 1 and 0, or 1 and 1. */
export interface SpecVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `<specVersion>` inside of a description's root element; null where it is missing or holds no numbers. */
export function decodeSpecVersion(root: XmlElement): SpecVersion | null {
  const version = childOf(root, 'specVersion');
  const [major, minor] = [numberOf(version, 'major'), numberOf(version, 'minor')];
  return Number.isInteger(major) && Number.isInteger(minor) ? { major, minor } : null;
}

function numberOf(element: XmlElement | undefined, name: string): number {
  return Number(textOf(element, name) || NaN);
}
