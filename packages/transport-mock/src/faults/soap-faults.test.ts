import { expect } from 'vitest';
import { keyArgs, mappingArgs, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import type { FaultName } from './catalogue.ts';
import { answer, call, description, faulty, get, testEvery } from './faults.test-support.ts';
import { SOAP_FAULTS } from './soap-faults.ts';

const UNKNOWN_ENTRY = soapRequest(WANIP2, 'GetSpecificPortMappingEntry', keyArgs());
const FAULT =
  '<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>' +
  '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>714</errorCode>' +
  '<errorDescription>NoSuchEntryInArray</errorDescription></UPnPError></detail></s:Fault>';

/** What stands in the envelope's body of the answer for a mapping that isn't there. */
async function faultBehind(fault: FaultName): Promise<string | undefined> {
  await using router = faulty(fault);
  const { body, status } = await answer(router, UNKNOWN_ENTRY);
  expect(status).toBe(500);
  // A success has nothing of it.
  expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs())).toEqual({});
  return /<[\w-]+:Body>(.*)<\/[\w-]+:Body>/s.exec(text(body))?.[1];
}

testEvery(SOAP_FAULTS, {
  'fault-with-http-200': async () => {
    await using router = faulty('fault-with-http-200');
    const { body, status } = await answer(router, UNKNOWN_ENTRY);
    expect(status).toBe(200);
    expect(text(body)).toContain(FAULT);
  },

  'fault-in-another-namespace': async () => {
    expect(await faultBehind('fault-in-another-namespace')).toBe(
      FAULT.replace('urn:schemas-upnp-org:control-1-0', 'urn:vendor-com:control-1-0'),
    );
  },

  'fault-in-no-namespace': async () => {
    expect(await faultBehind('fault-in-no-namespace')).toBe(
      FAULT.replace('<errorCode>', '<errorCode xmlns="">').replace('<errorDescription>', '<errorDescription xmlns="">'),
    );
  },

  'fault-with-another-prefix': async () => {
    expect(await faultBehind('fault-with-another-prefix')).toBe(
      FAULT.replaceAll('s:Fault', 'SOAP-ENV:Fault').replace('s:Client', 'SOAP-ENV:Client'),
    );
  },

  'fault-code-in-camel-case': async () => {
    expect(await faultBehind('fault-code-in-camel-case')).toBe(
      FAULT.replaceAll('faultcode', 'faultCode').replaceAll('faultstring', 'faultString'),
    );
  },

  'damaged-fault': async () => {
    expect(await faultBehind('damaged-fault')).toBe(FAULT.replace('</faultstring>', '</faultcode>'));
  },

  'error-code-outside-detail': async () => {
    expect(await faultBehind('error-code-outside-detail')).toBe(
      FAULT.replace(/<detail>.*<\/detail>/, '<errorCode>714</errorCode>'),
    );
  },

  'error-code-in-capitals': async () => {
    expect(await faultBehind('error-code-in-capitals')).toBe(
      FAULT.replaceAll('errorCode', 'ErrorCode').replaceAll('errorDescription', 'ErrorDescription'),
    );
  },

  'bytes-after-the-envelope': async () => {
    await using router = faulty('bytes-after-the-envelope');
    const { body, headers } = await answer(router, UNKNOWN_ENTRY);
    expect(text(body)).toMatch(/<\/s:Envelope>\r\n\r\n0\r\n$/);
    expect(headers).toContainEqual(['CONTENT-LENGTH', String(body.length)]);
    expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs())).toEqual({});
  },

  'fault-without-detail': async () => {
    expect(await faultBehind('fault-without-detail')).toBe(
      '<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring></s:Fault>',
    );
  },

  'error-code-not-a-number': async () => {
    expect(await faultBehind('error-code-not-a-number')).toBe(FAULT.replace('714', 'ERROR'));
  },

  'empty-answer': async () => {
    await using router = faulty('empty-answer');
    const add = await answer(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs()));
    expect([add.status, add.body.length]).toEqual([200, 0]);
    expect(add.headers).toContainEqual(['CONTENT-LENGTH', '0']);
    expect(router.mappings()).toHaveLength(1);
    const remove = await answer(router, soapRequest(WANIP2, 'DeletePortMapping', keyArgs()));
    expect([remove.status, remove.body.length]).toEqual([200, 0]);
    expect(router.mappings()).toEqual([]);
    expect(await call(router, WANIP2, 'DeletePortMapping', keyArgs())).toBe(714);
  },

  'empty-answer-without-effect': async () => {
    await using router = faulty('empty-answer-without-effect');
    const { body, status } = await answer(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs()));
    expect([status, body.length]).toEqual([200, 0]);
    expect(router.mappings()).toEqual([]);
    expect(await call(router, WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toBe(714);
  },

  'answer-for-another-action': async () => {
    await using router = faulty('answer-for-another-action');
    const { body } = await answer(router, soapRequest(WANIP2, 'GetExternalIPAddress', ''));
    expect(text(body)).toContain(
      '<u:GetNATRSIPStatusResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:2">' +
        '<NewExternalIPAddress>5.5.5.1</NewExternalIPAddress></u:GetNATRSIPStatusResponse>',
    );
    const other = await answer(router, soapRequest(WANIP2, 'GetNATRSIPStatus', ''));
    expect(text(other.body)).toContain('<u:GetStatusInfoResponse ');
  },

  'data-types-on-arguments': async () => {
    await using router = faulty('data-types-on-arguments');
    const { body } = await answer(router, soapRequest(WANIP2, 'GetStatusInfo', ''));
    expect(text(body)).toContain('<NewUptime xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="ui4">0</NewUptime>');
  },

  'byte-order-mark': async () => {
    await using router = faulty('byte-order-mark');
    for (const request of [UNKNOWN_ENTRY, get(router.descriptionUrl)]) {
      const { body, headers } = await answer(router, request);
      expect([...body.slice(0, 5)]).toEqual([0xef, 0xbb, 0xbf, 0x3c, 0x3f]);
      expect(headers).toContainEqual(['CONTENT-LENGTH', String(body.length)]);
    }
    const { body } = await answer(router, get('http://192.168.1.1:5000/nothing'));
    expect(text(body)).toBe('nothing at /nothing\r\n');
  },

  'trailing-nul': async () => {
    await using router = faulty('trailing-nul');
    const { body, headers } = await answer(router, UNKNOWN_ENTRY);
    expect(text(body)).toMatch(/<\/s:Envelope>\r\n\0$/);
    expect(headers).toContainEqual(['CONTENT-LENGTH', String(body.length)]);
    expect(await description(router)).toMatch(/<\/root>\r\n\0$/);
  },

  'latin-1-names': async () => {
    await using router = faulty('latin-1-names');
    const { body, headers } = await answer(router, get(router.descriptionUrl));
    expect(headers).toContainEqual(['CONTENT-TYPE', 'text/xml; charset="utf-8"']);
    expect(headers).toContainEqual(['CONTENT-LENGTH', String(body.length)]);
    expect(new TextDecoder('latin1').decode(body)).toContain('<friendlyName>Routeur du caf\u00e9</friendlyName>');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(body)).toThrow(TypeError);
  },
});
