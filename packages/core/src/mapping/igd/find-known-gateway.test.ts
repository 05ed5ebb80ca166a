import { deadHost, simulateGateway, type FaultDefinition, type SimulatedGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { okAsync } from '../../result.ts';
import type { FindGatewayOptions } from '../../client/find-gateway.ts';
import { findKnownGateway } from './find-known-gateway.ts';
import { memoryFile } from '../leases/memory-file.test-support.ts';

/** A gateway that takes its time to answer a search, as they do. */
function slow(options = {}): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 900, seed: 3, ...options });
}

it('remembers a gateway, and finds it the next time before the search has an answer', async () => {
  const router = slow();
  const file = memoryFile();
  const first = router.clock.now();
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  const search = router.clock.now() - first;
  expect(JSON.parse(file.text ?? '')).toEqual([
    {
      location: 'http://192.168.1.1:5000/description.xml',
      udn: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
      controlUrl: 'http://192.168.1.1:5000/control/WANIPConn1',
    },
  ]);
  const second = router.clock.now();
  const found = (await findKnownGateway(router.transport, file))._unsafeUnwrap();
  expect(found.state?.externalAddress).toBe('5.5.5.1');
  // A description, a status and an address, at 2 ms each.
  expect(router.clock.now() - second).toBe(6);
  expect(search).toBeGreaterThan(12);
  expect(file.writes).toBe(1);
});

it('does not ask for the state where the default router is trusted', async () => {
  const router = slow();
  const file = memoryFile();
  const trusting = { trustDefaultRouter: true };
  expect((await findKnownGateway(router.transport, file, trusting)).isOk()).toBe(true);
  const before = router.clock.now();
  expect((await findKnownGateway(router.transport, file, trusting))._unsafeUnwrap().state).toBeNull();
  expect(router.clock.now() - before).toBe(2);
});

it.each<readonly [string, (router: SimulatedGateway) => void]>([
  [
    'another device stands there',
    (router) => {
      router.machine.configure({ uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' });
    },
  ],
  [
    'it was restarted on another port',
    (router) => {
      router.reboot();
    },
  ],
])('searches when %s, and remembers what is found', async (_what, change) => {
  const router = slow();
  const file = memoryFile();
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  change(router);
  const { gateway } = (await findKnownGateway(router.transport, file))._unsafeUnwrap();
  expect(gateway.description.location).toBe(router.descriptionUrl);
  expect(JSON.parse(file.text ?? '')).toMatchObject([
    { udn: gateway.description.device.udn, location: router.descriptionUrl },
  ]);
});

it.each([
  '',
  'nonsense',
  '{}',
  '[null, 1, "a"]',
  '[{"location": 1}]',
  '[{"location": "http://8.8.8.8/", "udn": "uuid:1", "controlUrl": "http://8.8.8.8/"}]',
  '[{"location": "file:///etc/passwd", "udn": "uuid:1", "controlUrl": "x"}]',
])('searches when the file holds %s', async (text) => {
  const router = slow();
  const found = await findKnownGateway(router.transport, memoryFile(text));
  expect(found.isOk()).toBe(true);
});

it.each(['127.0.0.1:22', '[::1]:80', '169.254.169.254', '8.8.8.8', 'router.lan', 'user@192.168.1.1'])(
  'asks no URL on %s, whoever wrote the file',
  async (host) => {
    const router = slow();
    const asked: string[] = [];
    const { http } = router.transport;
    const request: typeof http.request = (what, options) => {
      asked.push(what.url);
      return http.request(what, options);
    };
    const url = `http://${host}/`;
    const file = memoryFile(JSON.stringify([{ location: url, udn: 'uuid:1', controlUrl: url }]));
    expect((await findKnownGateway({ ...router.transport, http: { request } }, file)).isOk()).toBe(true);
    expect(asked.filter((one) => !one.startsWith('http://192.168.1.1:5000/'))).toEqual([]);
  },
);

it.each([
  ['192.168.9.1:5000', undefined, null],
  ['192.168.9.1:5000', undefined, '192.168.9.1'],
  ['192.168.9.1:5000', { allowOffLink: true }, null],
  ['192.168.1.1:22', undefined, null],
  ['192.168.1.1:22', { allowAnyPort: true }, null],
])(
  'asks a remembered one at %s, with %j and the default router %s, only if a search would',
  async (host, locations, defaultRouter) => {
    const router = slow();
    const asked: string[] = [];
    const { http, interfaces } = router.transport;
    const request: typeof http.request = (what, options) => {
      asked.push(what.url);
      return http.request(what, options);
    };
    const url = `http://${host}/`;
    const file = memoryFile(JSON.stringify([{ location: url, udn: 'uuid:1', controlUrl: url }]));
    const routers = defaultRouter === null ? [] : [{ name: 'lan0', family: 'ipv4', address: defaultRouter } as const];
    const transport = {
      ...router.transport,
      http: { request },
      interfaces: { ...interfaces, defaultRouters: () => okAsync(routers) },
    };
    expect((await findKnownGateway(transport, file, { locations })).isOk()).toBe(true);
    expect(asked.includes(url)).toBe(locations !== undefined || defaultRouter !== null);
  },
);

it('does not ask a gateway that the search would not go to', async () => {
  const router = slow();
  const vpn = { name: 'vpn0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;
  const transport = router.network.transport({ otherInterfaces: [vpn] });
  const file = memoryFile();
  expect((await findKnownGateway(transport, file)).isOk()).toBe(true);
  const text = file.text;
  const fetched = (): number => router.exchanges().filter(({ kind }) => kind === 'http').length;
  const before = fetched();
  const unknown = await findKnownGateway(transport, file, { interface: 'nonexistent0' });
  expect(unknown._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'no-such-interface' });
  for (const name of ['vpn0', '10.8.0.2']) {
    const elsewhere = await findKnownGateway(transport, memoryFile(text), { interface: name });
    expect(elsewhere._unsafeUnwrapErr()).toMatchObject({ kind: 'no-gateway' });
  }
  expect(fetched()).toBe(before);
  const ipv6 = (await findKnownGateway(transport, memoryFile(text), { families: ['ipv6'] }))._unsafeUnwrap();
  expect(ipv6.gateway.description.location).toMatch(/^http:\/\/\[fe80::/);
});

it.each<FindGatewayOptions>([
  { interface: 'lan0' },
  { interface: '192.168.1.2' },
  { families: ['ipv6'] },
  { families: ['ipv6'], interface: 'lan0' },
  { families: ['ipv4', 'ipv6'] },
])('asks one at once that the search would go to: %j', async (options) => {
  const router = slow();
  const file = memoryFile();
  expect((await findKnownGateway(router.transport, file, options)).isOk()).toBe(true);
  router.inject('udp-loss');
  const before = router.clock.now();
  expect((await findKnownGateway(router.transport, file, options)).isOk()).toBe(true);
  expect(router.clock.now() - before).toBe(6);
});

it('says what the search says where there is nothing', async () => {
  const router = slow();
  await router.close();
  const file = memoryFile('[{"location":"http://192.168.1.1:5000/description.xml","udn":"uuid:1","controlUrl":"x"}]');
  expect((await findKnownGateway(router.transport, file))._unsafeUnwrapErr()).toMatchObject({ code: 'no-answer' });
});

function searches(router: SimulatedGateway): number {
  return router.exchanges().filter(({ kind }) => kind === 'search').length;
}

it('searches for nothing while the gateway answers', async () => {
  const router = slow();
  const file = memoryFile();
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  await router.clock.advance('10s');
  const before = searches(router);
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  expect(searches(router)).toBe(before);
  expect(router.clock.pending).toBe(0);
});

it('takes what the search finds first, when another device swallows what is sent to where the gateway was', async () => {
  const router = slow({ maxSearchDelayMs: 0 });
  const file = memoryFile();
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  router.machine.configure({ lanAddress: '192.168.1.254' });
  router.network.attach(deadHost('192.168.1.1'));
  const before = router.clock.now();
  const { gateway } = (await findKnownGateway(router.transport, file))._unsafeUnwrap();
  expect(gateway.description.location).toBe('http://192.168.1.254:5000/description.xml');
  expect(router.clock.now() - before).toBeLessThan(300);
  expect(router.clock.pending).toBe(0);
});

it('waits for a gateway that answers late, when no search finds it', async () => {
  const router = slow({ answeredTargets: [] });
  const file = memoryFile(
    '[{"location":"http://192.168.1.1:5000/description.xml","udn":"uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500",' +
      '"controlUrl":"http://192.168.1.1:5000/control/WANIPConn1"}]',
  );
  const late: FaultDefinition = {
    row: 0,
    what: 'a slow answer',
    remedy: 'patience',
    hooks: () => ({ outcome: (request, proceed) => ({ ...proceed(request), delayMs: 700 }) }),
  };
  router.inject({ name: 'late', ...late });
  const found = (await findKnownGateway(router.transport, file))._unsafeUnwrap();
  expect(found.state?.externalAddress).toBe('5.5.5.1');
  expect(router.clock.pending).toBe(0);
});

it('finds one again that names itself by another host, in its LOCATION and its control URLs', async () => {
  const router = slow({ description: { controlUrl: 'http://127.0.0.1:5000/control/{id}' } });
  router.inject('location-on-loopback');
  const file = memoryFile();
  expect((await findKnownGateway(router.transport, file)).isOk()).toBe(true);
  expect(JSON.parse(file.text ?? '')).toMatchObject([
    {
      location: 'http://192.168.1.1:5000/description.xml',
      named: 'http://127.0.0.1:5000/description.xml',
      controlUrl: 'http://192.168.1.1:5000/control/WANIPConn1',
    },
  ]);
  const before = router.clock.now();
  const { gateway } = (await findKnownGateway(router.transport, file))._unsafeUnwrap();
  expect(router.clock.now() - before).toBe(6);
  expect(gateway.description.named).toBe('http://127.0.0.1:5000/description.xml');
  expect(file.writes).toBe(1);
});
