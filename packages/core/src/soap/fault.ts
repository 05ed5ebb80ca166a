import { printable } from '../text.ts';
import { childOf, textOf, type XmlElement } from '../xml/element.ts';

/** What a fault says, before the service gives its code a name. */
export interface SoapFault {
  readonly kind: 'soap-fault';
  /** Null where there is no code, or none that is a number. Negative codes have been seen (-911). */
  readonly code: number | null;
  /** The peer's words, untrusted, without control characters. */
  readonly description: string;
}

/**
 * Reads a Fault element (UDA 1.1, 3.2.2): `detail/UPnPError/errorCode`. Where a peer leaves the detail out, its
 * faultstring (`faultString` on MikroTik) still tells something.
 */
export function decodeFault(fault: XmlElement): SoapFault {
  const detail = childOf(fault, 'detail') ?? childOf(fault, 'Detail');
  const upnpError = childOf(detail, 'UPnPError');
  const code = textOf(upnpError, 'errorCode') ?? '';
  const description =
    textOf(upnpError, 'errorDescription') ?? textOf(fault, 'faultstring') ?? textOf(fault, 'faultString') ?? '';
  return {
    kind: 'soap-fault',
    code: /^[+-]?\d{1,9}$/.test(code) ? Number(code) : null,
    description: printable(description).slice(0, 200),
  };
}
