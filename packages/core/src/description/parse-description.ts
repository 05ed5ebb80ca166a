import { err, ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';
import { malformedHints } from '../hints.ts';
import { malformed } from '../malformed.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml, type Recovery } from '../xml/parse.ts';

/**
 * More than ten times the largest device description of 60 surveyed routers, which has 4.5 KB. The SCPDs of ZTE and
 * Sagemcom have more than 16 KiB.
 */
export const MAX_DESCRIPTION_BYTES = { root: 65_536, scpd: 262_144 } as const;

/** The root element of a description, if it is called what it should be: a router's "not found" page is HTML. */
export function parseDescription(
  body: Uint8Array | string,
  name: keyof typeof MAX_DESCRIPTION_BYTES,
  recover?: Recovery,
): Result<XmlElement, MalformedError> {
  if (body.length === 0) {
    return err({ ...malformed('empty', `<${name}>`, 'the document', ''), hint: malformedHints.description });
  }
  const limit = MAX_DESCRIPTION_BYTES[name];
  if (body.length > limit) {
    return err(malformed('description', `at most ${limit} bytes`, 'the document', `${body.length} bytes`));
  }
  return parseXml(body, recover).andThen((root) =>
    root.name === name ? ok(root) : err(malformed('description', `<${name}>`, 'the root element', `<${root.name}>`)),
  );
}
