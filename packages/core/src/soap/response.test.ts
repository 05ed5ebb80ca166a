import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { decodeCall } from '../igd/call.ts';
import { wanIpConnection } from '../igd/wan-ip-connection.ts';

const address = {
  serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:1',
  controlUrl: 'http://192.168.1.1:5000/ctl',
};

function envelope(body: string, prefix = 's'): string {
  return `<${prefix}:Envelope xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/"><${prefix}:Body>${body}</${prefix}:Body></${prefix}:Envelope>`;
}

function fault(code: string, description = 'NoSuchEntryInArray'): string {
  return envelope(
    `<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>${description}</errorDescription></UPnPError></detail></s:Fault>`,
  );
}

function decode(
  body: string | Uint8Array,
  status = 200,
  action: 'GetStatusInfo' | 'DeletePortMapping' = 'GetStatusInfo',
) {
  const bytes = typeof body === 'string' ? encodeUtf8(body) : body;
  return decodeCall(wanIpConnection, address, action, { status, headers: [], body: bytes });
}

const status = envelope(
  '<u:GetStatusInfoResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewConnectionStatus>Connected</NewConnectionStatus><NewLastConnectionError>ERROR_NONE</NewLastConnectionError><NewUptime>1000</NewUptime></u:GetStatusInfoResponse>',
);

describe('a success', () => {
  const connected = { NewConnectionStatus: 'Connected', NewLastConnectionError: 'ERROR_NONE', NewUptime: 1000 };

  it.each([
    ['by the book', status],
    [
      'with another prefix (NEC, ER605)',
      status.replaceAll('s:', 'SOAP-ENV:').replaceAll('xmlns:s=', 'xmlns:SOAP-ENV='),
    ],
    ['in a namespace of its own (VR2100v)', status.replace('WANIPConnection:1', 'GetStatusInfo:1')],
    ['after a byte-order mark', `\ufeff${status}`],
    ['with white space and a NUL behind (eero)', `${status}\r\n\r\n\0`],
    ['with the size of the last chunk behind', `${status}\r\n0\r\n\r\n`],
    ['with white space in its last tag, and bytes behind', `${status.replace('</s:Envelope>', '</s:Envelope >')}0\r\n`],
    ['with the size of a chunk before', `1f4\r\n${status}`],
    ['with two declarations', `<?xml version="1.0"?>\r\n<?xml version="1.0"?>${status}`],
    ['with the size of a chunk before a declaration', `1f4\r\n<?xml version="1.0"?>${status}\r\n0\r\n`],
    ['with a second answer behind, whatever it is', status + fault('501')],
    ['with a web page behind', `${status}<html><body>ok<br></body></html>`],
    ['with CRLF between the elements', status.replaceAll('><', '>\r\n<')],
    [
      'with dt:dt on every argument (Yamaha)',
      status.replace(/<(New\w+)>/g, '<$1 xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="string">'),
    ],
  ])('%s', (_name, body) => {
    expect(decode(body)._unsafeUnwrap()).toEqual(connected);
  });

  it.each([
    ['a text (ER605)', '0 Days, 00:16:40', null],
    ['empty', '', null],
    ['negative', '-1', null],
    ['larger than 32 bits', '4294967299', 4_294_967_299],
    ['too large', '9007199254740992', null],
    ['large (VR2100v)', '334927306', 334927306],
  ])('with an uptime that is %s', (_name, text, uptime) => {
    expect(decode(status.replace('1000', text))._unsafeUnwrap()).toMatchObject({ NewUptime: uptime });
  });

  it('without arguments, self-closed or open and close', () => {
    expect(decode(envelope('<u:DeletePortMappingResponse/>'), 200, 'DeletePortMapping')._unsafeUnwrap()).toEqual({});
    const spaced = envelope('<u:DeletePortMappingResponse xmlns:u="x"> \n </u:DeletePortMappingResponse>');
    expect(decode(spaced, 200, 'DeletePortMapping')._unsafeUnwrap()).toEqual({});
  });
});

describe('a fault', () => {
  it.each([
    ['under HTTP 500', fault('714'), 500, 714, 'NoSuchEntryInArray'],
    ['under HTTP 200 is still a fault', fault('714'), 200, 714, 'NoSuchEntryInArray'],
    [
      'with faultCode (MikroTik)',
      fault('713').replaceAll('faultcode', 'faultCode'),
      500,
      713,
      'SpecifiedArrayIndexInvalid',
    ],
    [
      'with xmlns="" on the code (NEC)',
      fault('714').replace('<errorCode>', '<errorCode xmlns="">'),
      500,
      714,
      'NoSuchEntryInArray',
    ],
    [
      'with another prefix',
      fault('606').replaceAll('s:', 'SOAP-ENV:').replaceAll('xmlns:s=', 'xmlns:SOAP-ENV='),
      500,
      606,
      'ActionNotAuthorized',
    ],
    ['with a vendor code', fault('-911'), 500, -911, 'Unknown'],
    ['with a code that is no number', fault('none'), 500, null, 'Unknown'],
    [
      'without detail',
      envelope('<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>'),
      500,
      null,
      'Unknown',
    ],
  ])('%s', (_name, body, httpStatus, code, name) => {
    expect(decode(body, httpStatus)._unsafeUnwrapErr()).toMatchObject({
      kind: 'upnp-fault',
      action: 'GetStatusInfo',
      service: 'urn:schemas-upnp-org:service:WANIPConnection:1',
      code,
      name,
    });
  });

  const standard = fault('718', 'ConflictInMappingEntry');
  it.each([
    ['whose code stands directly in it', standard.replace(/<detail>.*(<errorCode>718<\/errorCode>).*<\/detail>/, '$1')],
    ['whose code stands directly in the detail', standard.replace(/<\/?UPnPError[^>]*>/g, '')],
    ['whose detail is called Detail', standard.replaceAll('detail>', 'Detail>')],
    ['with ErrorCode', standard.replaceAll('errorCode', 'ErrorCode')],
    ['with errorcode', standard.replaceAll('errorCode', 'errorcode')],
    ['without a body around it', standard.replace(/<\/?s:Body>/g, '')],
    ['without an envelope', standard.replace(/<\/?s:(Body|Envelope)[^>]*>/g, '')],
    [
      'that is no more than its UPnPError',
      `<UPnPError>${/<errorCode>.*<\/errorCode>/.exec(standard)?.[0]}</UPnPError>`,
    ],
    ['that is no more than its code', envelope('<errorCode>718</errorCode>')],
    ['that is no more than its code, in a damaged envelope', '<s:Envelope><errorCode>718</errorCode><b>'],
    ['with its code before it', '<errorCode>718</errorCode><s:Fault><b></s:Fault>'],
    ['whose code nothing closes', standard.replace('</errorCode>', '')],
    [
      'whose code nothing closes, with a prefix',
      standard.replace('</errorCode>', '\n').replaceAll('errorD', 'u:errorD'),
    ],
    ['with white space in its tags', standard.replace(/<(\/?)/g, '< $1')],
    ['with white space behind the slashes', standard.replaceAll('</', '< / ')],
    [
      'whose code is CDATA, in a damaged envelope',
      standard.replace('718', '<![CDATA[ 718 ]]>').replace('</s:Body>', ''),
    ],
    ['with bytes behind the envelope', `${standard}\r\n0\r\n`],
    ['whose faultstring another tag closes', standard.replace('</faultstring>', '</faultcode>')],
    ['with markup in its description', standard.replace('Conflict', 'Conflict <b>')],
    ['that another tag closes', standard.replace('</s:Fault>', '</s:Failure>')],
    ['without an end', standard.slice(0, standard.indexOf('<errorDescription>'))],
    ['with xmlns twice', standard.replace('<UPnPError', '<UPnPError xmlns="x"')],
    [
      'with xmlns on a code in a damaged envelope',
      standard.replace('<errorCode>', '<errorCode xmlns="">').replace('</s:Body>', ''),
    ],
    [
      'with white space around the code, in a damaged envelope',
      standard.replace('718', '\n 718 ').replace('</s:Body>', ''),
    ],
  ])('%s gives its code, under HTTP 500', (_name, body) => {
    expect(decode(body, 500)._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 718 });
  });

  it.each([
    ['with a code that is no number', '<s:Fault><errorCode>7x8</errorCode><b></s:Fault>'],
    ['with markup in the code', '<s:Fault><errorCode>7<b>18</errorCode></s:Fault>'],
    ['with a code that is cut off', '<s:Fault><detail><errorCode>71'],
    ['with a code before another element', '<s:Fault><errorCode>718<b></s:Fault>'],
    ['with a text around its code', '<s:Fault><errorCode>718 or 501</errorCode><b></s:Fault>'],
    ['with a code that is cut off, in CDATA', '<s:Fault><errorCode><![CDATA[71'],
    ['with a code outside of any fault that is no number', '<errorCode>none</errorCode></s:Body></s:Envelope>'],
    ['in a document with a DOCTYPE', '<!DOCTYPE html><s:Fault><errorCode>718</errorCode></s:Fault>'],
  ])('is not made of one that is damaged, %s', (_name, inner) => {
    expect(decode(`<s:Envelope><s:Body>${inner}`, 500)._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'http-status',
      status: 500,
    });
  });

  it.each([
    ['damaged', standard.replace('</faultstring>', '</faultcode>'), 'xml'],
    ['without an envelope', standard.replace(/<\/?s:(Body|Envelope)[^>]*>/g, ''), 'response'],
  ])('is not believed if it is %s and the status says success', (_name, body, code) => {
    expect(decode(body)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', code });
  });

  it('has its description cleaned of control characters', () => {
    const hostile = fault('501', '\u001b[31mred\u0007 &#27;[0m');
    expect(decode(hostile, 500)._unsafeUnwrapErr()).toMatchObject({ description: '[31mred   [0m' });
  });

  it('tells a person what to do about 606', () => {
    expect(decode(fault('606'), 500)._unsafeUnwrapErr().hint).toMatch(/router's settings/);
  });
});

describe('neither', () => {
  it.each([
    ['an empty 200', '', 200, { kind: 'malformed', code: 'empty' }],
    ['the answer of another action', status, 200, { kind: 'malformed', expected: '<DeletePortMappingResponse>' }],
    [
      'a web page',
      '<!DOCTYPE html><html><body>Login</body></html>',
      200,
      { kind: 'malformed', expected: 'no DOCTYPE' },
    ],
    [
      'a web page under 500',
      '<html><body>Error</body></html>',
      500,
      { kind: 'transport', code: 'http-status', status: 500 },
    ],
    ['a redirect', '', 302, { kind: 'transport', code: 'http-status', status: 302 }],
    ['401', '', 401, { kind: 'transport', code: 'http-status', status: 401 }],
    ['403', '', 403, { kind: 'transport', code: 'http-status', status: 403 }],
    ['404', 'Not Found', 404, { kind: 'transport', code: 'http-status', status: 404 }],
    [
      'the request itself',
      envelope('<u:DeletePortMapping xmlns:u="x"/>'),
      200,
      { kind: 'malformed', code: 'response' },
    ],
    ['an envelope without a body', '<s:Envelope/>', 200, { kind: 'malformed', expected: 'Envelope/Body' }],
    ['a response element outside an envelope', '<u:DeletePortMappingResponse/>', 200, { kind: 'malformed' }],
  ])('%s is not a success', (_name, body, httpStatus, error) => {
    expect(decode(body, httpStatus, 'DeletePortMapping')._unsafeUnwrapErr()).toMatchObject(error);
  });

  it.each([
    ['a fault, behind text', `x${fault('501')}`],
    ['a cut fault before a whole answer', fault('501').slice(0, -20) + status],
    ['the end of a fault before a whole answer', `501</errorCode></s:Fault></s:Envelope>${status}`],
    ['a cut answer, behind text', `1f4\r\n${status.slice(0, -5)}`],
    ['a cut answer before a whole one', status.slice(0, -5) + status],
    ['an answer in a comment', `x<!-- ${status} -->`],
    ['the end of a comment behind the answer', `<!-- ${status}`],
    ['an answer without its first tag', status.slice(status.indexOf('>') + 1)],
  ])('%s is not a success', (_name, body) => {
    expect(decode(body).isErr()).toBe(true);
  });

  it('any proper prefix of an answer or a fault is an error', () => {
    for (const whole of [status, fault('714')]) {
      const bytes = encodeUtf8(whole);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(decode(bytes.subarray(0, length))._unsafeUnwrapErr().kind).toBe('malformed');
      }
    }
  });

  it('any bytes at all are an error, and none throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(200, 404, 500), (bytes, code) =>
        decode(bytes, code).isErr(),
      ),
    );
  });

  it('a mutilated answer never throws', () => {
    fc.assert(
      fc.property(fc.nat(status.length - 1), fc.string({ maxLength: 8 }), fc.nat(12), (at, inserted, cut) => {
        const result = decode(status.slice(0, at) + inserted + status.slice(at + cut));
        return result.isOk() || result.error.kind === 'malformed';
      }),
    );
  });
});
