import { err, ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';

/** The root element of a description, if it is called what it should be: a router's "not found" page is HTML. */
export function parseDescription(body: Uint8Array | string, name: string): Result<XmlElement, MalformedError> {
  return parseXml(body).andThen((root) =>
    root.name === name ? ok(root) : err(malformed('description', `<${name}>`, 'the root element', `<${root.name}>`)),
  );
}
