import { expect, test } from 'vitest';
import { simulateGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';

const CONTROL = 'urn:schemas-upnp-org:control-1-0';

/** The answer to a query of a variable of the connection. */
async function query(variable: string, options: SimulateGatewayOptions): Promise<string> {
  await using router = simulateGateway(options);
  const service = router.machine.gateway.services.find(({ connection }) => connection !== null);
  const body = new TextEncoder().encode(
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
      `<u:QueryStateVariable xmlns:u="${CONTROL}"><u:varName>${variable}</u:varName></u:QueryStateVariable>` +
      '</s:Body></s:Envelope>',
  );
  const headers = [
    ['Host', '192.168.1.1:5000'],
    ['Content-Type', 'text/xml'],
    ['SOAPAction', `"${CONTROL}#QueryStateVariable"`],
  ] as const;
  const url = `http://192.168.1.1:5000${service?.controlPath ?? ''}`;
  const limits = { deadlineMs: 5_000, maxBodyBytes: 10_000 };
  const answered = await router.transport.http.request({ method: 'POST', url, headers, body }, limits);
  return new TextDecoder().decode(answered._unsafeUnwrap().body);
}

test('a variable that has events can be queried (UDA 1.0, 3.3)', async () => {
  const answer = await query('ExternalIPAddress', { stateQueries: 'evented' });
  expect(answer).toContain(`<u:QueryStateVariableResponse xmlns:u="${CONTROL}">`);
  expect(answer).toContain('<return>5.5.5.1</return>');
});

test('one that there isn’t is answered with 404', async () => {
  expect(await query('X_NoSuchVariable', { stateQueries: 'evented' })).toContain('<errorCode>404</errorCode>');
});

test('without the option there is no such call', async () => {
  expect(await query('ExternalIPAddress', {})).toContain('<errorCode>401</errorCode>');
});
