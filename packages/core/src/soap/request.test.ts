import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../bytes.ts';
import { parseXml } from '../xml/parse.ts';
import { encodeSoapRequest } from './request.ts';

const url = 'http://192.168.1.1:5000/ctl/IPConn?x=1';
const type = 'urn:schemas-upnp-org:service:WANIPConnection:1';

describe('encodeSoapRequest', () => {
  it('is this POST, to the letter', () => {
    const request = encodeSoapRequest(url, type, 'DeletePortMapping', [
      ['NewRemoteHost', ''],
      ['NewExternalPort', '7777'],
    ])._unsafeUnwrap();
    const body =
      '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:DeletePortMapping xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort></u:DeletePortMapping></s:Body></s:Envelope>\r\n';
    expect({ ...request, body: decodeUtf8(request.body) }).toEqual({
      method: 'POST',
      url: 'http://192.168.1.1:5000/ctl/IPConn?x=1',
      headers: [
        ['Host', '192.168.1.1:5000'],
        ['Content-Type', 'text/xml; charset="utf-8"'],
        ['Content-Length', '349'],
        ['SOAPAction', '"urn:schemas-upnp-org:service:WANIPConnection:1#DeletePortMapping"'],
        ['Connection', 'close'],
      ],
      body,
    });
    expect(body).toHaveLength(349);
  });

  it('counts bytes, not characters', () => {
    const { headers, body } = encodeSoapRequest(url, type, 'A', [['B', 'é€😀']])._unsafeUnwrap();
    expect(headers[2]).toEqual(['Content-Length', String(body.length)]);
    expect(body.length - decodeUtf8(body).length).toBe(1 + 2 + 2);
  });

  it.each([
    ['a CR LF in the service type', url, 'urn:x\r\nX: y', 'Add'],
    ['a quote in the service type', url, 'urn:x"', 'Add'],
    ['an empty service type', url, '', 'Add'],
    ['a CR LF in the action', url, type, 'Add\r\n'],
    ['markup in the action', url, type, 'a><b'],
    ['a CR LF in the URL', 'http://192.168.1.1/\r\nX: y', type, 'Add'],
    ['a space in the URL', 'http://192.168.1.1/a b', type, 'Add'],
    ['a relative URL', '/ctl', type, 'Add'],
    ['another scheme', 'ftp://192.168.1.1/', type, 'Add'],
  ])('refuses %s', (_name, controlUrl, serviceType, action) => {
    expect(encodeSoapRequest(controlUrl, serviceType, action, [])._unsafeUnwrapErr().kind).toBe('invalid-argument');
  });

  it('carries any text to the other side, less what XML can not say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { body } = encodeSoapRequest(url, type, 'A', [['B', `[${text}]`]])._unsafeUnwrap();
        const value = parseXml(body)._unsafeUnwrap().children[0]?.children[0]?.children[0]?.text;

        expect(value).toBe(`[${text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')}]`);
      }),
    );
  });
});
