import type { Header, HttpRequest } from '@portwright/core';
import { authorityOf, utf8 } from './text.ts';
import { escapeXml } from './xml-queries.ts';

/** Arguments by name, in the order in which they are sent. */
export type CallArguments = Readonly<Record<string, string | number>>;

/** What of a call is other than usual. */
export interface CallStyle {
  /** In whose name the call is; default: the service's own type. */
  readonly serviceType?: string | undefined;
  /** Namespace prefixes of the envelope and of the action; default: `s` and `u`. */
  readonly prefixes?: readonly [envelope: string, action: string] | undefined;
  /** False: no SOAPACTION. */
  readonly hasSoapAction?: boolean | undefined;
  readonly extraHeaders?: readonly Header[] | undefined;
}

/** A call as UDA 1.0, 3.2.1 has it, but for its style. Nothing is checked: some calls are wrong on purpose. */
export function soapRequest(
  controlUrl: string,
  ownType: string,
  action: string,
  callArguments: CallArguments,
  style: CallStyle = {},
): HttpRequest {
  const { serviceType = ownType, prefixes: [s, u] = ['s', 'u'], hasSoapAction = true, extraHeaders = [] } = style;
  const values = Object.entries(callArguments).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  const body = utf8(
    '<?xml version="1.0"?>\r\n' +
      `<${s}:Envelope xmlns:${s}="http://schemas.xmlsoap.org/soap/envelope/" ${s}:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">` +
      `<${s}:Body><${u}:${action} xmlns:${u}="${serviceType}">${values.join('')}</${u}:${action}></${s}:Body>` +
      `</${s}:Envelope>\r\n`,
  );
  const soapAction: readonly Header[] = hasSoapAction ? [['SOAPAction', `"${serviceType}#${action}"`]] : [];
  return {
    method: 'POST',
    url: controlUrl,
    headers: [
      ['Host', authorityOf(controlUrl)],
      ['Content-Type', 'text/xml; charset="utf-8"'],
      ['Content-Length', String(body.length)],
      ...soapAction,
      ...extraHeaders,
      ['Connection', 'close'],
    ],
    body,
  };
}
