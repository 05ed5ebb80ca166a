import { err, ok, type Result } from '../result.ts';
import type { MalformedError, TransportError } from '../errors.ts';
import { ALLOW_CHANGES, transportHints } from '../hints.ts';
import { malformed } from '../malformed.ts';
import type { HttpResponse } from '../messages.ts';
import { childOf, descendantOf, tagsIn, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { decodeFault, readDamagedFault, type SoapFault } from './fault.ts';

/**
 * The response element, whose children are the arguments.
 *
 * A success is a 2xx answer whose body is `<action>Response`; names are compared without prefix and namespace, because
 * a VR2100v answers in a namespace of its own. A fault is a fault with any HTTP status, 200 included. Where the status is
 * not a success, an error code is a fault wherever it stands, even in a document that is not well-formed. A status that is
 * not a success, without a fault, is an `http-status` error.
 */
export function decodeSoapResponse(
  response: HttpResponse,
  action: string,
): Result<XmlElement, MalformedError | SoapFault | TransportError> {
  const parsed = parseXml(response.body, isSuccess(response) ? undefined : readDamagedFault);
  const body = parsed.map(soapBody).unwrapOr(undefined);
  const fault = childOf(body, 'Fault');
  if (fault !== undefined) return err(decodeFault(fault));
  if (!isSuccess(response)) return err(parsed.map(faultIn).unwrapOr(undefined) ?? httpStatusError(response.status));
  const expected = `${action}Response`;
  if (response.body.length === 0) return err(malformed('empty', expected, 'the body', ''));
  if (parsed.isErr()) return err(parsed.error);
  if (body === undefined) return err(malformed('response', 'Envelope/Body', 'the root', `<${parsed.value.name}>`));
  const answer = childOf(body, expected);
  if (answer === undefined) return err(malformed('response', `<${expected}>`, 'Envelope/Body', tagsIn(body)));
  return ok(answer);
}

function soapBody(root: XmlElement): XmlElement | undefined {
  return root.name === 'Envelope' ? childOf(root, 'Body') : undefined;
}

/** The fault, or the error code, anywhere in an answer that is a refusal by its status. */
function faultIn(root: XmlElement): SoapFault | undefined {
  const document = { ...root, children: [root] };
  const fault = decodeFault(document);
  return fault.code !== null || descendantOf(document, ['fault', 'upnperror']) !== undefined ? fault : undefined;
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** The error for a final status that is not a success, without a fault in the body. */
export function httpStatusError(status: number): TransportError {
  return {
    kind: 'transport',
    code: 'http-status',
    status,
    message: `the device answered with HTTP ${status}`,
    hint: status === 401 || status === 403 ? ALLOW_CHANGES : transportHints['http-status'],
  };
}
