import { expect, test } from 'vitest';
import type { HttpRequest } from '@portwright/core';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { FAULTS, type FaultName } from '../../faults/catalogue.ts';
import { concat } from '../../faults/wire-format.ts';
import { soapRequest, WANIP2 } from '../../gateway.test-support.ts';
import type { WireStep } from '../../network/network-host.ts';
import { simulateGateway } from '../../simulate-gateway.ts';
import { exchangeRaw, serveGateway } from '../sockets.test-support.ts';

const NAMES = Object.keys(FAULTS) as FaultName[];
const ON_THE_WIRE = NAMES.filter((name) => FAULTS[name].mounts === 'sockets');
const QUERY = soapRequest(WANIP2, 'GetExternalIPAddress', '');

/** A request as it stands on the wire. */
function encoded({ method, headers, body }: HttpRequest): readonly (string | Uint8Array)[] {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return [`${method} /control/WANIPConn1 HTTP/1.1\r\n${lines}CONTENT-LENGTH: ${body.length}\r\n\r\n`, body];
}

/** What a fault makes of the answer to a query; null: nothing that a wire is needed for. */
function stepsOf(fault: FaultName): readonly WireStep[] | null {
  const router = simulateGateway({ protocols: ['upnp', 'pcp', 'nat-pmp'] });
  router.inject(fault);
  return router.machine.host.http(5000, QUERY, '192.168.1.2').wire ?? null;
}

test('the faults of the catalogue that have a form of their own on the wire are those that say so', () => {
  expect(ON_THE_WIRE.length).toBeGreaterThanOrEqual(11);
  expect(NAMES.filter((name) => stepsOf(name) !== null)).toEqual(ON_THE_WIRE);
});

test.each(ON_THE_WIRE)('%s is on a real socket what it says, byte for byte', async (fault) => {
  const clock = new VirtualClock();
  const { router, mount } = await serveGateway({ clock });
  router.inject(fault);
  const { text, end } = await exchangeRaw(mount, ...encoded(QUERY));
  const steps = stepsOf(fault) ?? [];
  const bytes = concat(...steps.flatMap((step) => (step.kind === 'bytes' ? [step.bytes] : [])));
  expect(text).toBe(Buffer.from(bytes).toString('latin1'));
  expect(end).toBe(steps.some(({ kind }) => kind === 'reset') ? 'reset' : 'closed');
  expect(clock.now()).toBe(steps.reduce((sum, step) => (step.kind === 'wait' ? sum + step.ms : sum), 0));
  expect(router.exchanges()).toMatchObject([{ faults: [fault] }]);
});
