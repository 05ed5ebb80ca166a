import type { HttpRequest, HttpResponse } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import {
  bytes,
  mappingArgs,
  readAnswer,
  soapRequest,
  testGateway,
  text,
  WANIP1,
  WANIP2,
} from '../gateway.test-support.ts';
import { header } from './http-reply.ts';
import { serveHttp } from './http-server.ts';

const CONTROL = '/control/WANIPConn1';
const STATUS = soapRequest(WANIP2, 'GetStatusInfo', '');

function serve(changes: Partial<HttpRequest> & { readonly path?: string }): HttpResponse {
  const { path = CONTROL, ...request } = changes;
  return serveHttp(
    testGateway().gateway,
    { ...STATUS, url: `http://192.168.1.1:5000${path}`, ...request },
    '192.168.1.2',
  );
}

/** The same request with another body. */
function withBody(body: string): Partial<HttpRequest> {
  return { body: bytes(body) };
}

function withHeader(name: string, value: string | null): Partial<HttpRequest> {
  const others = STATUS.headers.filter(([spelling]) => spelling !== name);
  return { headers: value === null ? others : [...others, [name, value]] };
}

describe('documents', () => {
  test.each(['/description.xml', '/scpd/L3Forwarding1.xml', '/scpd/WANCommonIFC1.xml', '/scpd/WANIPConn1.xml'])(
    'GET %s',
    (path) => {
      const response = serve({ method: 'GET', path, body: new Uint8Array() });
      expect(response.status).toBe(200);
      expect(header(response.headers, 'content-type')).toBe('text/xml; charset="utf-8"');
      expect(header(response.headers, 'content-length')).toBe(String(response.body.length));
      expect(text(response.body)).toMatch(/^<\?xml version="1.0"\?>\r\n<(root|scpd) xmlns="/);
      const head = serve({ method: 'HEAD', path });
      expect([head.status, head.body.length, head.headers]).toEqual([200, 0, response.headers]);
    },
  );
});

describe('statuses', () => {
  test.each<readonly [string, Parameters<typeof serve>[0], number]>([
    ['nothing there', { method: 'GET', path: '/' }, 404],
    ['nothing there, with POST', { path: '/nowhere' }, 404],
    ['a query that does not belong', { method: 'GET', path: '/description.xml?x' }, 404],
    ['POST to a document', { path: '/description.xml' }, 405],
    ['GET of a control URL', { method: 'GET' }, 405],
    ['M-POST of a control URL', { method: 'M-POST' }, 405],
    ['SUBSCRIBE without CALLBACK', { method: 'SUBSCRIBE', path: '/event/WANIPConn1' }, 412],
    ['an invalid URL', { url: 'nonsense' }, 400],
    ['a body that is too large', withBody(' '.repeat(65_537)), 413],
    ['no SOAPACTION', withHeader('SOAPACTION', null), 400],
    ['an empty SOAPACTION', withHeader('SOAPACTION', '""'), 400],
    ['a SOAPACTION without action', withHeader('SOAPACTION', `"${WANIP2}"`), 400],
    ['a SOAPACTION with one quote', withHeader('SOAPACTION', `"${WANIP2}#GetStatusInfo`), 400],
    ['a form', withHeader('CONTENT-TYPE', 'application/x-www-form-urlencoded'), 415],
    ['no body', withBody(''), 400],
    ['a body that is no XML', withBody('hello'), 400],
    ['half a body', { body: STATUS.body.slice(0, 250) }, 400],
    ['a body that is not UTF-8', { body: Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e) }, 400],
    ['XML that is no SOAP', withBody('<a/>'), 400],
    ['SOAP 1.2', withBody('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'), 400],
    ['no Body', withBody('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>'), 400],
    [
      'an empty Body',
      withBody('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'),
      400,
    ],
    [
      'two actions',
      withBody(
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a/><b/></s:Body></s:Envelope>',
      ),
      400,
    ],
    ['a DOCTYPE', withBody('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 400],
  ])('%s', (_, request, status) => {
    const response = serve(request);
    expect(response.status).toBe(status);
    expect(text(response.body)).not.toBe('');
    if (status === 405) expect(header(response.headers, 'allow')).toMatch(/GET|POST/);
  });
});

describe('control', () => {
  test('a success by the book', () => {
    const response = serve({});
    expect(response.status).toBe(200);
    expect(response.headers).toEqual([
      ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
      ['CONTENT-LENGTH', String(response.body.length)],
      ['CONNECTION', 'close'],
      ['SERVER', 'Linux/6.6 UPnP/1.1 Portwright-simulation/1.0'],
      ['EXT', ''],
    ]);
    expect(text(response.body)).toBe(
      '<?xml version="1.0"?>\r\n' +
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
        '<u:GetStatusInfoResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:2">' +
        '<NewConnectionStatus>Connected</NewConnectionStatus>' +
        '<NewLastConnectionError>ERROR_NONE</NewLastConnectionError>' +
        '<NewUptime>0</NewUptime>' +
        '</u:GetStatusInfoResponse></s:Body></s:Envelope>\r\n',
    );
  });

  test('a fault by the book', () => {
    const response = serve(
      soapRequest(WANIP2, 'GetGenericPortMappingEntry', '<NewPortMappingIndex>0</NewPortMappingIndex>'),
    );
    expect(response.status).toBe(500);
    expect(text(response.body)).toBe(
      '<?xml version="1.0"?>\r\n' +
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
        '<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>' +
        '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">' +
        '<errorCode>713</errorCode><errorDescription>SpecifiedArrayIndexInvalid</errorDescription>' +
        '</UPnPError></detail></s:Fault></s:Body></s:Envelope>\r\n',
    );
  });

  test.each<readonly [string, { readonly action?: string; readonly service?: string }]>([
    ['an action that is not there', { action: 'MakeCoffee' }],
    ['an action of another service', { action: 'GetTotalBytesSent' }],
    ['a name that means something to objects', { action: 'constructor' }],
    ['an action in another case', { action: 'getstatusinfo' }],
    ['another service', { service: 'urn:schemas-upnp-org:service:WANPPPConnection:1' }],
    ['a later version', { service: 'urn:schemas-upnp-org:service:WANIPConnection:3' }],
    ['no version', { service: 'urn:schemas-upnp-org:service:WANIPConnection' }],
  ])('401 for %s', (_, { action = 'GetStatusInfo', service = WANIP2 }) => {
    const { headers, body } = soapRequest(service, action, '');
    expect(readAnswer(serve({ headers, body }))).toBe(401);
  });

  test('401 when SOAPACTION says something else than the body', () => {
    expect(readAnswer(serve(withHeader('SOAPACTION', `"${WANIP2}#GetExternalIPAddress"`)))).toBe(401);
    expect(readAnswer(serve(withHeader('SOAPACTION', `"${WANIP1}#GetStatusInfo"`)))).toBe(401);
  });

  test('the answer is in the name of the version that was asked', () => {
    const { headers, body } = soapRequest(WANIP1, 'GetExternalIPAddress', '');
    expect(text(serve({ headers, body }).body)).toContain(
      '<u:GetExternalIPAddressResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">',
    );
  });

  test.each([
    ['SOAPACTION without quotes', withHeader('SOAPACTION', `${WANIP2}#GetStatusInfo`)],
    ['the header’s name in lower case', { headers: [['soapaction', `"${WANIP2}#GetStatusInfo"`]] as const }],
    ['no CONTENT-TYPE', withHeader('CONTENT-TYPE', null)],
    ['an application’s XML', withHeader('CONTENT-TYPE', 'application/soap+xml')],
    [
      'other prefixes, and space',
      withBody(
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">\n <SOAP-ENV:Body>\n' +
          `  <m:GetStatusInfo xmlns:m="${WANIP2}">\n  </m:GetStatusInfo>\n </SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n`,
      ),
    ],
    [
      'default namespaces, and a Header',
      withBody(
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Header/><Body>' +
          `<GetStatusInfo xmlns="${WANIP2}"/></Body></Envelope>`,
      ),
    ],
    ['a byte order mark', { body: Uint8Array.of(0xef, 0xbb, 0xbf, ...STATUS.body) }],
  ])('accepts %s', (_, request) => {
    expect(serve(request).status).toBe(200);
  });

  test('values may be CDATA, or references', () => {
    const { gateway } = testGateway();
    const request = soapRequest(
      WANIP2,
      'AddPortMapping',
      mappingArgs({ NewExternalPort: '&#x31;234', NewPortMappingDescription: '<![CDATA[<&>]]> &#65;' }),
    );
    expect(readAnswer(serveHttp(gateway, request, '192.168.1.2'))).toEqual({});
    expect(gateway.connection.mappings.all()).toMatchObject([{ externalPort: 1234, description: '<&> A' }]);
  });

  test('the gateway goes on after every part of a request that lacks its end, and nothing is lost', () => {
    const router = testGateway();
    router.add();
    const request = soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: 8888 }));
    const { length } = request.body;
    const end = text(request.body).trimEnd().length;
    for (let cut = 0; cut < length; cut += 1) {
      const response = serveHttp(router.gateway, { ...request, body: request.body.slice(0, cut) }, '192.168.1.2');
      expect(response.status).toBe(cut < end ? 400 : 200);
    }
    expect(router.gateway.connection.mappings.size).toBe(2);
  });
});
