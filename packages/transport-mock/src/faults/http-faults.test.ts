import { expect } from 'vitest';
import { mappingArgs, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import type { FaultName } from './catalogue.ts';
import { answer, description, faulty, get, testEvery } from './faults.test-support.ts';
import { HTTP_FAULTS } from './http-faults.ts';

/** A status in place of the answer to AddPortMapping, which is not carried out; the description is as ever. */
function refusesControl(fault: FaultName, status: number, body: string) {
  return async (): Promise<void> => {
    await using router = faulty(fault);
    const response = await answer(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs()));
    expect([response.status, text(response.body)]).toEqual([status, body]);
    expect(response.headers).toContainEqual(['CONTENT-LENGTH', String(body.length)]);
    expect(router.mappings()).toEqual([]);
    expect(await description(router)).toContain('<friendlyName>Simulated router</friendlyName>');
  };
}

testEvery(HTTP_FAULTS, {
  'redirect-on-the-same-host': async () => {
    await using router = faulty('redirect-on-the-same-host');
    const { status, headers, body } = await answer(router, get('http://192.168.1.1:5000/description.xml'));
    expect([status, headers[0], body.length]).toEqual([
      302,
      ['LOCATION', 'http://192.168.1.1:5000/description.xml?moved'],
      0,
    ]);
    const there = await answer(router, get('http://192.168.1.1:5000/description.xml?moved'));
    expect(there.status).toBe(200);
    expect(text(there.body)).toContain('InternetGatewayDevice:2');
  },

  'redirect-to-another-host': async () => {
    await using router = faulty('redirect-to-another-host');
    const { status, headers } = await answer(router, get('http://192.168.1.1:5000/description.xml'));
    expect([status, headers[0]]).toEqual([302, ['LOCATION', 'http://192.168.1.66:5000/description.xml']]);
    const ipv6 = await answer(router, get('http://[fd77::1]:5000/description.xml'));
    expect(ipv6.headers[0]).toEqual(['LOCATION', 'http://[fd77::66]:5000/description.xml']);
  },

  'redirect-loop': async () => {
    await using router = faulty('redirect-loop');
    const { status, headers } = await answer(router, get('http://192.168.1.1:5000/description.xml'));
    expect([status, headers[0]]).toEqual([302, ['LOCATION', 'http://192.168.1.1:5000/description.xml']]);
  },

  'http-401': refusesControl('http-401', 401, 'log in\r\n'),
  'http-403': refusesControl('http-403', 403, 'forbidden\r\n'),
  'control-url-404': refusesControl(
    'control-url-404',
    404,
    'nothing at http://192.168.1.1:5000/control/WANIPConn1\r\n',
  ),
  'control-url-405': refusesControl('control-url-405', 405, 'use GET\r\n'),
  'control-url-412': refusesControl('control-url-412', 412, 'precondition failed\r\n'),
  'http-500-without-fault': refusesControl('http-500-without-fault', 500, ''),
  'http-500-with-html': refusesControl(
    'http-500-with-html',
    500,
    '<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal error</h1><hr></body></html>\r\n',
  ),
});
