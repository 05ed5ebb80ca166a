import { err, ok, type Result } from '@portwright/core/result';
import type { RawArgument } from '../gateway/decode-arguments.ts';
import { escapeXml } from '../xml/xml-writer.ts';
import { readXml, type XmlElement } from '../xml/xml-reader.ts';
import type { Complete } from '../with-defaults.ts';
import type { AnswerOptions } from './answer-style.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

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
  if (!isSoap(root.value, 'Envelope')) return err('the root element is not a SOAP 1.1 Envelope');
  const body = root.value.children.find((child) => isSoap(child, 'Body'));
  if (body === undefined) return err('the Envelope has no Body');
  const [call, ...others] = body.children;
  if (call === undefined || others.length > 0) return err('the Body must contain exactly one element');
  return ok({
    namespace: call.namespace,
    action: call.name,
    args: call.children.map(({ name, text }) => ({ name, text })),
  });
}

function isSoap({ namespace, name }: XmlElement, wanted: string): boolean {
  return namespace === SOAP && name === wanted;
}

/** An output argument. */
export interface WrittenValue {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  /** Whether the text goes out as CDATA. */
  readonly isCdata?: boolean | undefined;
}

/** UDA 1.0, 3.2.2: a success. The values come in the order of the service's table. */
export function writeSoapResponse(
  style: Complete<AnswerOptions>,
  serviceType: string,
  action: string,
  values: readonly WrittenValue[],
): string {
  const name = `${style.actionPrefix}:${action}Response`;
  const open = `${name} xmlns:${style.actionPrefix}="${escapeXml(serviceType)}"`;
  const content = values.map((value) => writeValue(style, value) + style.lineEnd).join('');
  if (values.length === 0 && style.emptyAnswer === 'self-closed') return envelope(style, `<${open}/>`);
  return envelope(style, `<${open}>${style.lineEnd}${content}</${name}>`);
}

function writeValue(
  { hasDataTypes, outputNames }: Complete<AnswerOptions>,
  { name: rightName, type, text, isCdata }: WrittenValue,
): string {
  const name = outputNames[rightName] ?? rightName;
  const value = isCdata === true ? `<![CDATA[${text}]]>` : escapeXml(text);
  if (name === '') return value;
  const attributes = hasDataTypes ? ` xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="${type}"` : '';
  return `<${name}${attributes}>${value}</${name}>`;
}

/** UDA 1.0, 3.2.2: a failure. */
export function writeSoapFault(style: Complete<AnswerOptions>, code: number, description: string): string {
  const { envelopePrefix: prefix, faultElements, unqualifiesErrors, lineEnd } = style;
  const [codeName, textName] = faultElements;
  const unqualified = unqualifiesErrors ? ' xmlns=""' : '';
  const lines = [
    `<${prefix}:Fault>`,
    `<${codeName}>${prefix}:Client</${codeName}>`,
    `<${textName}>UPnPError</${textName}>`,
    '<detail>',
    '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">',
    `<errorCode${unqualified}>${code}</errorCode>`,
    `<errorDescription${unqualified}>${escapeXml(description)}</errorDescription>`,
    '</UPnPError>',
    '</detail>',
    `</${prefix}:Fault>`,
  ];
  return envelope(style, lines.join(lineEnd));
}

function envelope(
  { envelopePrefix: prefix, xmlDeclaration, lineEnd, trailing }: Complete<AnswerOptions>,
  content: string,
): string {
  const open = `<${prefix}:Envelope xmlns:${prefix}="${SOAP}" ${prefix}:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">`;
  const lines = [open, `<${prefix}:Body>`, content, `</${prefix}:Body>`, `</${prefix}:Envelope>`];
  return xmlDeclaration + lines.join(lineEnd) + trailing;
}
