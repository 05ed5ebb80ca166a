import { expect, test } from 'vitest';
import { args, soapRequest, testGateway, text, WANIP1 } from '../gateway.test-support.ts';
import type { AnswerOptions } from './answer-style.ts';
import { serveHttp } from './http-server.ts';

function answer(answers: AnswerOptions, action: string, argsXml = ''): string {
  const { gateway } = testGateway({ igdVersion: 1, answers });
  return text(serveHttp(gateway, soapRequest(WANIP1, action, argsXml), '192.168.1.2').body);
}

test('prefixes, lines and the namespace of a success', () => {
  const style = {
    envelopePrefix: 'SOAP-ENV',
    actionPrefix: 'm',
    xmlDeclaration: '',
    lineEnd: '\n',
    trailing: ' ',
    namespaces: { GetExternalIPAddress: 'urn:x' },
    hasDataTypes: true,
  };
  expect(answer(style, 'GetExternalIPAddress')).toBe(
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
      ' SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\n<SOAP-ENV:Body>\n' +
      '<m:GetExternalIPAddressResponse xmlns:m="urn:x">\n' +
      '<NewExternalIPAddress xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="string">5.5.5.1</NewExternalIPAddress>\n' +
      '</m:GetExternalIPAddressResponse>\n</SOAP-ENV:Body>\n</SOAP-ENV:Envelope> ',
  );
});

test('an answer without arguments, open and closed or closed at once', () => {
  expect(answer({}, 'RequestConnection')).toContain(
    `<s:Body><u:RequestConnectionResponse xmlns:u="${WANIP1}"></u:RequestConnectionResponse></s:Body>`,
  );
  expect(answer({ emptyAnswer: 'self-closed' }, 'RequestConnection')).toContain(
    `<s:Body><u:RequestConnectionResponse xmlns:u="${WANIP1}"/></s:Body>`,
  );
});

test.each([
  [{ NewExternalIPAddress: 'newexternalipaddress' }, '<newexternalipaddress>5.5.5.1</newexternalipaddress>'],
  [{ NewExternalIPAddress: '' }, `xmlns:u="${WANIP1}">5.5.5.1</u:`],
])('an output argument with the name %j', (outputNames, written) => {
  expect(answer({ outputNames }, 'GetExternalIPAddress')).toContain(written);
});

test('a fault in other words and without namespaces', () => {
  const style: AnswerOptions = {
    faultElements: ['faultCode', 'faultString'],
    unqualifiesErrors: true,
    errorTexts: { 713: 'Bad Array Index' },
  };
  expect(answer(style, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toContain(
    '<s:Fault><faultCode>s:Client</faultCode><faultString>UPnPError</faultString><detail>' +
      '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">' +
      '<errorCode xmlns="">713</errorCode><errorDescription xmlns="">Bad Array Index</errorDescription></UPnPError>',
  );
});
