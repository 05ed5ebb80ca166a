import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { PORT_CONTROL_FAULTS } from '../../faults/port-control-faults.ts';
import { fromHex, NAT_PMP_ADDRESS, pcpMap, readPcp, toHex } from '../../port-control/port-control.test-support.ts';
import { simulateGateway } from '../../simulate-gateway.ts';
import { heldClock, rawUdp, serveGateway } from '../sockets.test-support.ts';
import { serveOnSockets, systemClock } from '../sockets.ts';

const BOTH = { protocols: ['pcp', 'nat-pmp'] } as const;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

test('a request is answered from the port that was asked', async () => {
  const { router, mount } = await serveGateway(BOTH);
  const client = await rawUdp('127.0.0.1');
  client.send(latin1(NAT_PMP_ADDRESS), mount.portControlPort ?? 0, '127.0.0.1');
  const address = await client.next();
  expect([address.from, address.port]).toEqual(['127.0.0.1', mount.portControlPort]);
  expect(toHex(bytesOf(address.text)).slice(0, 8)).toBe('00800000');
  client.send(latin1(pcpMap({ client: '127.0.0.1' })), mount.portControlPort ?? 0, '127.0.0.1');
  expect(readPcp(bytesOf((await client.next()).text))).toMatchObject({ result: 0, externalPort: 7777 });
  expect(router.mappings()).toMatchObject([{ internalClient: '127.0.0.1', via: 'pcp' }]);
  expect(router.exchanges()).toMatchObject([
    { kind: 'port-control', protocol: 'nat-pmp', to: { address: '127.0.0.1', port: 5351 } },
    { kind: 'port-control', protocol: 'pcp', from: { address: '127.0.0.1', port: client.port } },
  ]);
});

test('without UPnP nothing listens on the HTTP port and for searches, and without PCP nothing on 5351', async () => {
  const { mount } = await serveGateway(BOTH, { ssdp: 'loopback' });
  expect(mount.ssdpPort).toBeNull();
  expect(mount.httpPort).toBe(0);
  const { mount: other } = await serveGateway({}, { ssdp: 'loopback' });
  expect(other.portControlPort).toBeNull();
  expect(other.ssdpPort).toBeGreaterThan(0);
});

test('the port can be chosen, and one that is taken is an error, or left out where there is UPnP', async () => {
  const taken = createSocket('udp4');
  onTestFinished(() => void taken.close());
  await once(taken.bind(0, '127.0.0.1'), 'listening');
  const { port } = taken.address();
  const router = simulateGateway({
    protocols: ['upnp', 'pcp'],
    clock: systemClock(),
    lanAddress: '127.0.0.1',
    lanAddress6: null,
    httpPort: 0,
  });
  onTestFinished(() => router.close());
  const failed = await serveOnSockets(router, { portControlPort: port });
  expect(failed._unsafeUnwrapErr()).toMatchObject({ code: 'address-in-use' });
  const mount = (await serveOnSockets(router, { portControlPort: port, servesPartly: true }))._unsafeUnwrap();
  onTestFinished(() => mount.close());
  expect(mount.unserved).toMatchObject([{ part: 'port-control', error: { code: 'address-in-use' }, moved: null }]);
  expect(mount.portControlPort).toBeNull();
  router.machine.configure(BOTH);
  const nothing = await serveOnSockets(router, { portControlPort: port, servesPartly: true });
  expect(nothing._unsafeUnwrapErr()).toMatchObject({ code: 'address-in-use' });
});

test('an answer waits for its time on the gateway’s clock', async () => {
  const clock = heldClock();
  const pcp = { forbiddenDelayMs: 2_500 };
  const { mount } = await serveGateway({ ...BOTH, clock, pcp, isSwitchedOff: true });
  const client = await rawUdp('127.0.0.1');
  client.send(latin1(pcpMap({ client: '127.0.0.1' })), mount.portControlPort ?? 0, '127.0.0.1');
  await expect.poll(() => clock.slept).toContain(2_500);
  clock.wake();
  expect(readPcp(bytesOf((await client.next()).text))).toMatchObject({ result: 2 });
});

test('an answer from another port comes from that port', async () => {
  const { router, mount } = await serveGateway(BOTH);
  router.inject({ name: 'another port', ...PORT_CONTROL_FAULTS['port-control-from-another-port'] } as never);
  const client = await rawUdp('127.0.0.1');
  client.send(latin1(NAT_PMP_ADDRESS), mount.portControlPort ?? 0, '127.0.0.1');
  expect((await client.next()).port).not.toBe(mount.portControlPort);
});

test('announcements go to the group, from the port of requests, and not in loopback mode', async () => {
  const listener = await rawUdp('127.0.0.1', 5350, '224.0.0.1');
  await serveGateway({ ...BOTH, lanAddress: '127.0.51.2', externalAddress: '5.5.5.2' }, { ssdp: 'loopback' });
  const { mount } = await serveGateway(
    { ...BOTH, lanAddress: '127.0.51.1', externalAddress: '5.5.5.9' },
    { ssdp: 'multicast', ssdpPort: 19_051 },
  );
  const heard = [await listener.next(), await listener.next()];
  expect(heard.map(({ text, from, port }) => [from, port, toHex(bytesOf(text)).slice(0, 4)])).toEqual([
    ['127.0.51.1', mount.portControlPort, '0080'],
    ['127.0.51.1', mount.portControlPort, '0280'],
  ]);
  expect(toHex(bytesOf(heard[0]?.text ?? ''))).toMatch(/05050509$/);
});

test('after 200 at once, a flood is answered at the pace that is allowed', async () => {
  const clock = heldClock();
  const { router, mount } = await serveGateway({ ...BOTH, clock });
  const client = await rawUdp('127.0.0.1');
  for (let count = 0; count < 250; count += 1) {
    client.send(latin1(fromHex('0000')), mount.portControlPort ?? 0, '127.0.0.1');
    if (count % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => router.exchanges().length).toBe(200);
  // The clock is held, so that nothing more is allowed.
  client.send(latin1(fromHex('0000')), mount.portControlPort ?? 0, '127.0.0.1');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(router.exchanges()).toHaveLength(200);
});
