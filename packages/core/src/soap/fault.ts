import { err, ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';
import { printable } from '../text.ts';
import { descendantOf, type XmlElement } from '../xml/element.ts';

/** What a fault says, before the service gives its code a name. */
export interface SoapFault {
  readonly kind: 'soap-fault';
  /** Null where there is no code, or none that is a number. Negative codes have been seen (-911). */
  readonly code: number | null;
  /** The peer's words, untrusted, without control characters. */
  readonly description: string;
}

/**
 * Reads a Fault element (UDA 1.1, 3.2.2). The code is in `detail/UPnPError/errorCode`; routers put it elsewhere in the
 * fault, and spell it `ErrorCode`. Where a peer leaves the detail out, its faultstring (`faultString` on MikroTik) still
 * tells something.
 */
export function decodeFault(fault: XmlElement): SoapFault {
  const text = (name: string): string | undefined => descendantOf(fault, [name])?.text;
  const code = text('errorcode') ?? '';
  return {
    kind: 'soap-fault',
    code: /^[+-]?\d{1,9}$/.test(code) ? Number(code) : null,
    description: printable(text('errordescription') ?? text('faultstring') ?? '').slice(0, 200),
  };
}

/** An error code that is a number, and nothing else, up to an end tag or the next element of a fault. */
const ERROR_CODE =
  /<\s*(?:[\w.-]+:)?errorCode(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?([+-]?\d{1,9})\s*(?:\]\]>\s*)?<\s*(?:\/|(?:[\w.-]+:)?errorDescription)/i;

/** Reads the code, and nothing else, in the answer to a refused request that is not well-formed; see {@link Recovery}. */
export function readDamagedFault(text: string, damage: MalformedError): Result<XmlElement, MalformedError> {
  const code = ERROR_CODE.exec(text)?.[1];
  if (code === undefined) return err(damage);
  const empty = { attributes: new Map<string, string>(), children: [], text: '' };
  return ok({ ...empty, name: 'Fault', children: [{ ...empty, name: 'errorCode', text: code }], damage });
}
