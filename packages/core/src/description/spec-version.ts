import { childOf, textOf, type XmlElement } from '../xml/element.ts';

/** The version of the UPnP Device Architecture that a document follows: 1 and 0, or 1 and 1. */
export interface SpecVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `<specVersion>` inside of a description's root element; null where it is missing or holds no numbers. */
export function decodeSpecVersion(root: XmlElement): SpecVersion | null {
  const element = childOf(root, 'specVersion');
  const [major, minor] = ['major', 'minor'].map((name) => Number(textOf(element, name) || NaN));
  return Number.isInteger(major) && Number.isInteger(minor) ? { major: major as number, minor: minor as number } : null;
}
