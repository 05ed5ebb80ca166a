import { err, ok, type Result } from 'neverthrow';
import type { RawArgument } from '../gateway/decode-arguments.ts';
import { escapeXml } from '../xml/xml-writer.ts';
import { readXml, type XmlElement } from '../xml/xml-reader.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const HEAD =
  '<?xml version="1.0"?>\r\n' +
  `<s:Envelope xmlns:s="${SOAP}" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>`;
const TAIL = '</s:Body></s:Envelope>\r\n';

/** The element inside a request's Body. */
export interface SoapCall {
  /** The service type that it is in the name of. */
  readonly namespace: string;
  readonly action: string;
  readonly args: readonly RawArgument[];
}

/** UDA 1.0, 3.2.1, whatever the prefixes. The error says what is wrong with the request. */
export function readSoapCall(xml: string): Result<SoapCall, string> {
  const root = readXml(xml);
  if (root.isErr()) return err(`${root.error.message}, at ${root.error.offset}`);
  if (!isSoap(root.value, 'Envelope')) return err('the root is not a SOAP 1.1 Envelope');
  const body = root.value.children.find((child) => isSoap(child, 'Body'));
  if (body === undefined) return err('the Envelope has no Body');
  const [call, ...others] = body.children;
  if (call === undefined || others.length > 0) return err('the Body does not hold exactly one element');
  return ok({
    namespace: call.namespace,
    action: call.name,
    args: call.children.map(({ name, text }) => ({ name, text })),
  });
}

function isSoap({ namespace, name }: XmlElement, wanted: string): boolean {
  return namespace === SOAP && name === wanted;
}

/** UDA 1.0, 3.2.2: a success. The values come in the order of the service's table. */
export function writeSoapResponse(
  serviceType: string,
  action: string,
  values: readonly (readonly [name: string, value: string])[],
): string {
  const content = values.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  return `${HEAD}<u:${action}Response xmlns:u="${escapeXml(serviceType)}">${content}</u:${action}Response>${TAIL}`;
}

/** UDA 1.0, 3.2.2: a failure. */
export function writeSoapFault(code: number, description: string): string {
  return (
    `${HEAD}<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>` +
    '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">' +
    `<errorCode>${code}</errorCode><errorDescription>${escapeXml(description)}</errorDescription>` +
    `</UPnPError></detail></s:Fault>${TAIL}`
  );
}
