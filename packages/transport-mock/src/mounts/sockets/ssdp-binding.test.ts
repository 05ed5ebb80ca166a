import { expect, onTestFinished, test } from 'vitest';
import { simulateGateway } from '../../simulate-gateway.ts';
import { heldClock, rawUdp, type ServedGateway, serveGateway } from '../sockets.test-support.ts';
import { bindSsdp } from './ssdp-binding.ts';

const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';

function search(target = IGD2, maximumWait = 1): string {
  return `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: ${maximumWait}\r\nST: ${target}\r\n\r\n`;
}

test('a search to the address is answered from the port that was asked, with a LOCATION that is true', async () => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const client = await rawUdp('127.0.0.1');
  client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
  const { text, from, port } = await client.next();
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text).toContain(`\r\nLOCATION: http://127.0.0.1:${mount.httpPort}/description.xml\r\n`);
  expect([from, port]).toEqual(['127.0.0.1', mount.ssdpPort]);
  expect(router.exchanges()).toMatchObject([
    { kind: 'search', from: { address: '127.0.0.1', port: client.port }, to: { address: '127.0.0.1', port: 1900 } },
  ]);
});

test.each([
  ['no bytes', ''],
  ['garbage', '\0\x01\xff\xfe'],
  ['a search that ends too early', search().slice(0, 60)],
  ['8 KiB', search('x'.repeat(8_192))],
  ['a NOTIFY', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n'],
])('%s is ignored, and the next search answered', async (_name, garbage) => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const client = await rawUdp('127.0.0.1');
  client.send(garbage, mount.ssdpPort ?? 0, '127.0.0.1');
  client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
  expect((await client.next()).text).toContain(`\r\nST: ${IGD2}\r\n`);
  expect(router.exchanges().map((exchange) => (exchange.kind === 'search' ? exchange.answers.length : null))).toEqual([
    0, 1,
  ]);
});

test('answers to a multicast search wait for their time on the gateway’s clock', async () => {
  const clock = heldClock();
  const options = { ssdp: 'multicast', ssdpPort: 19_001 } as const;
  await serveGateway({ clock, maxSearchDelayMs: 5_000, lanAddress: '127.0.19.1' }, options);
  const client = await rawUdp('127.0.0.1');
  client.send(search(IGD2, 3), 19_001, '239.255.255.250');
  await expect.poll(() => clock.slept).toHaveLength(1);
  expect(clock.slept[0]).toBeLessThan(3_000);
  clock.wake();
  expect((await client.next()).from).toBe('127.0.19.1');
});

test('what waits is bounded, whatever comes', async () => {
  const clock = heldClock();
  const { router, mount } = await serveGateway({ clock }, { ssdp: 'loopback' });
  router.inject({
    name: 'many late answers',
    row: 3,
    what: 'an answer becomes 600, each of them late',
    remedy: 'none',
    hooks: () => ({
      search: (answers) =>
        answers.flatMap((answer) => Array.from({ length: 600 }, () => ({ ...answer, delayMs: 1_000 }))),
    }),
  });
  const client = await rawUdp('127.0.0.1');
  for (let count = 0; count < 3; count += 1) client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
  await expect.poll(() => router.exchanges().length).toBe(3);
  expect(clock.slept).toHaveLength(1_000);
});

test('an answer from another port comes from that port', async () => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const port = await freeUdpPort();
  router.inject({
    name: 'another port',
    row: 5,
    what: 'it answers from another port than 1900',
    remedy: 'accepts it',
    hooks: () => ({ search: (answers) => answers.map((answer) => ({ ...answer, from: { ...answer.from, port } })) }),
  });
  const client = await rawUdp('127.0.0.1');
  client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
  expect((await client.next()).port).toBe(port);
});

test('where that port is taken, the answer comes from any other', async () => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const client = await rawUdp('127.0.0.1');
  router.inject({
    name: 'the client’s own port',
    row: 5,
    what: 'it answers from a port that is taken',
    remedy: 'accepts it',
    hooks: () => ({
      search: (answers) => answers.map((answer) => ({ ...answer, from: { ...answer.from, port: client.port } })),
    }),
  });
  client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
  const { port } = await client.next();
  expect([client.port, mount.ssdpPort]).not.toContain(port);
});

test('searches are answered at a bounded rate, and again when time has passed', async () => {
  let now = 0;
  const clock = { ...heldClock(), now: () => now };
  const { router, mount } = await serveGateway({ clock }, { ssdp: 'loopback' });
  const client = await rawUdp('127.0.0.1');
  const answered = () => router.exchanges().length;
  // Announcements of others are no searches.
  for (let count = 0; count < 50; count += 1)
    client.send('NOTIFY * HTTP/1.1\r\n\r\n', mount.ssdpPort ?? 0, '127.0.0.1');
  await expect.poll(answered).toBe(50);
  const flood = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 1) {
      client.send(search(), mount.ssdpPort ?? 0, '127.0.0.1');
      // So that the system's buffer takes all of them.
      if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Datagrams on loopback keep their order: when this one is here, so are the others.
    client.send('the end', mount.ssdpPort ?? 0, '127.0.0.1');
    await expect.poll(() => lastPayload(router)).toBe('the end');
  };
  await flood(300);
  expect(answered()).toBe(50 + 200 + 1);
  now += 1_000;
  await flood(100);
  expect(answered()).toBe(50 + 200 + 1 + 50 + 1);
});

test.runIf(process.platform !== 'win32')('a search from outside of its subnets is not answered', async () => {
  const { host } = simulateGateway().machine;
  const address = { ...LOOPBACK, isNear: () => false };
  const far = await bindSsdp({ host, clock: heldClock(), addresses: [address], mode: 'loopback', port: 0, ttl: 2 });
  const near = await bindSsdp({
    host,
    clock: heldClock(),
    addresses: [{ ...address, isNear: (sender) => sender === '127.0.0.1' }],
    mode: 'loopback',
    port: 0,
    ttl: 2,
  });
  onTestFinished(async () => {
    await far.close();
    await near.close();
  });
  const client = await rawUdp('127.0.0.1');
  client.send(search(), far.port ?? 0, '127.0.0.1');
  client.send(search(), near.port ?? 0, '127.0.0.1');
  expect((await client.next()).port).toBe(near.port);
});

/** Bound here, though the gateway believes to be elsewhere. */
const LOOPBACK = {
  address: '192.168.1.1',
  bindAddress: '127.0.0.1',
  group: '239.255.255.250',
  multicastInterface: '127.0.0.1',
};

function lastPayload(router: ServedGateway['router']): string | null {
  const last = router.exchanges().at(-1);
  return last?.kind === 'search' ? Buffer.from(last.payload).toString('latin1') : null;
}

async function freeUdpPort(): Promise<number> {
  const socket = await rawUdp('127.0.0.1');
  await socket.close();
  return socket.port;
}
