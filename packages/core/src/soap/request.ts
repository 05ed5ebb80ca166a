import { err, ok, type Result } from '../result.ts';
import { encodeUtf8 } from '../bytes.ts';
import { parseHttpUrl } from '../description/url.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { hostHeader } from '../http/request-head.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { HttpRequest } from '../messages.ts';
import { escapeXml } from '../xml/escape.ts';

/**
 * The request that calls a UPnP action (UDA 1.1, 3.2.1): a POST of a SOAP 1.1 envelope, arguments in the order given.
 *
 * SOAPAction is quoted, and `Connection: close` is said, since routers exist that insist on either. Refused: a service
 * type, action or URL with characters that could break out of a header or an attribute.
 */
export function encodeSoapRequest(
  controlUrl: string,
  serviceType: string,
  action: string,
  texts: readonly (readonly [name: string, text: string])[],
): Result<HttpRequest, InvalidArgumentError> {
  // A fragment would be sent.
  if (parseHttpUrl(controlUrl).isErr() || controlUrl.includes('#')) {
    return err(invalidArgument('not-a-url', 'controlUrl', 'an absolute http URL', controlUrl));
  }
  const soapAction = `${serviceType}#${action}`;
  if (!/^[\w:.-]+#\w+$/.test(soapAction)) {
    return err(invalidArgument('forbidden-characters', 'action', 'SERVICE_TYPE#ACTION', soapAction));
  }
  const values = texts.map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`).join('');
  const body = encodeUtf8(
    '<?xml version="1.0"?>\r\n' +
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
      `<s:Body><u:${action} xmlns:u="${serviceType}">${values}</u:${action}></s:Body></s:Envelope>\r\n`,
  );
  return ok({
    method: 'POST',
    url: controlUrl,
    headers: [
      ['Host', hostHeader(controlUrl)],
      ['Content-Type', 'text/xml; charset="utf-8"'],
      ['Content-Length', String(body.length)],
      ['SOAPAction', `"${soapAction}"`],
      ['Connection', 'close'],
    ],
    body,
  });
}
