/** What a host can do to a search that answers in the names of others, or not at all. */
import { MemoryNetwork, quietHost, simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../abort.ts';
import { encodeUtf8 } from '../bytes.ts';
import { err, ResultAsync } from '../result.ts';
import type { HttpOptions, Transport } from '../ports.ts';
import { GATEWAY_SEARCH_TARGETS } from '../ssdp/search-targets.ts';
import { discover } from './discover.ts';
import { findGateway, type FindGatewayOptions } from './find-gateway.ts';
import { answerOf, ATTACKER, liar, ROUTER, watched } from './forged-answers.test-support.ts';
import { search } from './search.ts';

const several = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A URL of the router at which there is nothing: its own port says so at once, any other never. */
const bogus = (port: number) => (index: number) => [ROUTER, `http://${ROUTER}:${port}/${index}`] as const;

const TIMEOUT = { kind: 'transport', code: 'timeout', message: 'no answer' } as const;

/** What comes of a request to which nobody answers. */
function silence({ clock }: Transport, { deadlineMs, signal }: HttpOptions): ReturnType<Transport['http']['request']> {
  return new ResultAsync(clock.sleep(deadlineMs, signal).then(() => err(TIMEOUT)));
}

/** The transport, where nothing ever comes from ports other than the router's own. */
function hanging(of: Transport): { readonly transport: Transport; readonly most: () => number } {
  const current = new Set<object>();
  let most = 0;
  const request: Transport['http']['request'] = (what, options) => {
    if (what.method === 'GET') current.add(options);
    most = Math.max(most, current.size);
    const isOwn = what.url.includes(`${ROUTER}:5000/`);
    const answer = isOwn ? of.http.request(what, options) : silence(of, options);
    void answer.then(() => current.delete(options));
    return answer;
  };
  return { transport: { ...of, http: { request } }, most: () => most };
}

/** The router's answers come after forged ones, and not more often than so many times. */
function answerLater(router: SimulatedGateway, times: number): void {
  let left = times;
  router.inject({
    name: 'answers-later',
    row: 1,
    what: 'its answers come after forged ones',
    remedy: 'tries the newest first',
    hooks: () => ({
      search: (found) => {
        left -= 1;
        return left < 0 ? [] : found.map((one) => ({ ...one, delayMs: 3 }));
      },
    }),
  });
}

describe('bogus LOCATIONs in the name of the default router', () => {
  async function find(claims: Parameters<typeof liar>[0], times = Infinity, options: FindGatewayOptions = {}) {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    answerLater(router, times);
    network.attach(liar(claims));
    const { transport, asked } = watched(router.transport);
    const slow = hanging(transport);
    const found = await findGateway(slow.transport, options);
    return { found, asked, atMs: router.clock.now(), most: slow.most() };
  }

  it.each([
    ['eight, which are refused', () => several(8, bogus(5000))],
    ['eight, which hang', () => several(8, bogus(6000))],
    ['eight others at each search, refused', (round: number) => several(8, (at) => bogus(5000)(100 * round + at))],
    ['eight others at each search, which hang', (round: number) => several(8, (at) => bogus(6000)(100 * round + at))],
    ['a hundred', () => several(100, bogus(5000))],
    ['a hundred, which hang', () => several(100, bogus(6000))],
    ['a hundred others at each search', (round: number) => several(100, (at) => bogus(6000)(1000 * round + at))],
  ])('do not keep it from being found, nor cost a second: %s', async (_what, claims) => {
    // Its one answer is the last to come, and it is asked no second time.
    const { found, asked, atMs, most } = await find(claims, 1);
    expect(found.isOk()).toBe(true);
    expect(atMs).toBeLessThan(1000);
    expect(asked.length).toBeLessThan(32);
    expect(most).toBeLessThanOrEqual(4);
  });

  it.each([1, 2, 8])('do not end the search, though %i of them answer everything at once', async (count) => {
    const network = new MemoryNetwork();
    // It answers none but the last target, which is asked for in the second round.
    const router = simulateGateway({ network, maxSearchDelayMs: 0, answeredTargets: ['upnp:rootdevice'] });
    const claims = GATEWAY_SEARCH_TARGETS.flatMap((target) =>
      several(count, (at) => ({
        payload: answerOf(`http://${ROUTER}:5000/${at}`, target),
        from: { address: ROUTER, port: 1900 },
        delayMs: 0,
      })),
    );
    network.attach({ ...quietHost(ATTACKER), datagram: () => claims });
    expect((await findGateway(router.transport)).isOk()).toBe(true);
  });

  it('do not keep another gateway from being found', async () => {
    const network = new MemoryNetwork();
    const other = simulateGateway({ network, lanAddress: '192.168.1.254', maxSearchDelayMs: 0 });
    network.defaultGateway = ROUTER;
    network.attach({
      ...quietHost(ATTACKER),
      datagram: () => [
        ...several(16, (at) => ({
          payload: answerOf(`http://${ROUTER}:5000/${at}`),
          from: { address: ROUTER, port: 1900 },
          delayMs: 0,
        })),
        ...several(20, (at) => ({
          payload: answerOf(`http://192.168.1.${100 + at}:5000/`),
          from: { address: `192.168.1.${100 + at}`, port: 1900 },
          delayMs: 1,
        })),
      ],
    });
    // By then there are more LOCATIONs than all hosts but the default router may have.
    other.inject('udp-loss', { until: '400ms' });
    const { transport, asked } = watched(other.transport);
    const found = (await findGateway(transport))._unsafeUnwrap();
    expect(found.gateway.description.location).toBe(other.descriptionUrl);
    expect(new Set(asked.filter((url) => !url.includes('.254:'))).size).toBeGreaterThanOrEqual(36);
  });

  it.each(
    [null, '192.168.1.254'].flatMap((defaultRouter) =>
      [16, 40, 200].flatMap((count) =>
        ['its own name', 'the names of others'].map((names) => [count, names, defaultRouter] as const),
      ),
    ),
  )('do not keep a router from being found: %i in %s, default router %s', async (count, names, defaultRouter) => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    answerLater(router, 1);
    network.defaultGateway = defaultRouter;
    const host = (at: number): string => (names === 'its own name' ? ROUTER : `192.168.1.${2 + at}`);
    const claims = several(count, (at) => [host(at), `http://${host(at)}:5000/${at}`] as const);
    network.attach(liar(() => claims));
    const { transport, asked } = watched(router.transport);
    const found = await findGateway(hanging(transport).transport);
    expect(found.isOk()).toBe(true);
    // Hosts that never answer have a quarter of a second each, four at a time.
    expect(router.clock.now()).toBeLessThan(names === 'its own name' ? 1_000 : 2_500);
    expect(new Set(asked).size).toBeLessThan(44);
  });

  it('do not keep it from being asked again if its answer was lost', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    router.inject('udp-loss', { until: '400ms' });
    const targets = GATEWAY_SEARCH_TARGETS;
    network.attach({
      ...quietHost(ATTACKER),
      datagram: () =>
        several(60, (at) => ({
          payload: answerOf(`http://${ROUTER}:5000/${at}`, targets[at % targets.length]),
          from: { address: ROUTER, port: 1900 },
          delayMs: 0,
        })),
    });
    expect((await findGateway(router.transport)).isOk()).toBe(true);
  });

  it('are handed over once; beyond the limits one at each look, the newest for each search target', async () => {
    const network = new MemoryNetwork();
    network.defaultGateway = ROUTER;
    const claims = [
      ...several(16, (at) => [`http://${ROUTER}/${at}`, 'upnp:rootdevice'] as const),
      [`http://${ROUTER}/older`, 'upnp:rootdevice'],
      [`http://${ROUTER}/forged`, 'a:target:that:was:not:asked:for'],
      [`http://${ROUTER}/other`, GATEWAY_SEARCH_TARGETS[0]],
      [`http://${ROUTER}/newer`, 'upnp:rootdevice'],
    ] as const;
    network.attach({
      ...quietHost(ATTACKER),
      datagram: () =>
        claims.map(([location, target]) => ({
          payload: answerOf(location, target),
          from: { address: ROUTER, port: 1900 },
          delayMs: 0,
        })),
    });
    const paths: string[] = [];
    const searched = await search(network.transport(), { timeoutMs: 1000 }, ({ location }) =>
      paths.push(location.slice(19)),
    );
    expect(searched.isOk()).toBe(true);
    expect(paths.slice(16, 18)).toEqual(['newer', 'other']);
    expect(paths).not.toContain('forged');
    expect(new Set(paths).size).toBe(paths.length);
  });

  // 16 at once, then one at each look, four times a second.
  it.each([
    [2_000, 16 + 8],
    [60_000, 40],
  ])('cost the router a bounded number of requests in %i ms: %i', async (timeoutMs, most) => {
    const network = new MemoryNetwork();
    network.defaultGateway = ROUTER;
    network.attach(quietHost(ROUTER));
    let round = 0;
    const targets = GATEWAY_SEARCH_TARGETS;
    network.attach({
      ...quietHost(ATTACKER),
      datagram: () => {
        round += 1;
        // For eight seconds after each search.
        return several(800, (at) => ({
          payload: answerOf(bogus(5000)(1000 * round + at)[1], targets[at % targets.length]),
          from: { address: ROUTER, port: 1900 },
          delayMs: 10 * at,
        }));
      },
    });
    const { transport, asked } = watched(network.transport());
    const { rejected, report } = (await discover(transport, { timeoutMs }))._unsafeUnwrap();
    expect(asked).toHaveLength(most);
    expect(rejected).toHaveLength(asked.length);
    expect(report.beyondLimits).toBeGreaterThan(1000);
  });
});

/** V8 takes 24 bytes for an object, 8 for each of its keys, and 1 or 2 for each character: this is more. */
function bytesHeld(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value === 'string') return (/[^\0-\xff]/.test(value) ? 2 : 1) * value.length;
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  const values = Object.values(value);
  return values.reduce<number>((sum, one) => sum + bytesHeld(one, seen), 16 * (2 + values.length));
}

const DEVICE_TYPE = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';

/** A description of as many bytes as are read. */
function padded(head: string, part: string, count: number, tail: string): Uint8Array {
  const rest = 65_536 - head.length - tail.length - part.length * count;
  const fill = `<friendlyName>${'x'.repeat(Math.max(rest - 40, 0))}</friendlyName>`;
  return encodeUtf8(`${head}${fill}${part.repeat(count)}${tail}`);
}

const DOCUMENTS = {
  'empty devices': padded('<root><device><deviceList>', '<device/>', 7000, '</deviceList></device></root>'),
  'as many devices as there may be': padded(
    `<root><device><deviceType>${DEVICE_TYPE}</deviceType>`,
    '<deviceList><device><UDN>uuid:1</UDN></device></deviceList>',
    63,
    '</device></root>',
  ),
  'as many services as there may be': padded(
    `<root><device><deviceType>${DEVICE_TYPE}</deviceType><serviceList>`,
    '<service><serviceType>x</serviceType><SCPDURL>/a</SCPDURL><controlURL>/b</controlURL></service>',
    256,
    '</serviceList></device></root>',
  ),
  'services whose URLs stand below a long one': padded(
    '<root><device><serviceList>',
    '<service><serviceType>x</serviceType><SCPDURL>a</SCPDURL><controlURL>b</controlURL></service>',
    256,
    '</serviceList></device></root>',
  ),
};

describe('a search fetches', () => {
  it('four descriptions at a time, and is delayed by no dead host', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    network.defaultGateway = null;
    network.attach(
      liar(() => several(20, (at) => [`192.168.1.${100 + at}`, `http://192.168.1.${100 + at}:6000/`] as const)),
    );
    const slow = hanging(router.transport);
    const { devices, rejected } = (await discover(slow.transport, { deadlineMs: 2500 }))._unsafeUnwrap();
    expect(slow.most()).toBe(4);
    expect(devices).toHaveLength(1);
    expect(rejected.map(({ error }) => error?.code)).toEqual(Array.from({ length: 20 }, () => 'timeout'));
    expect(router.clock.now()).toBeLessThan(4000);
  });

  it('a slow description to its end, though others wait', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    network.defaultGateway = null;
    network.attach(
      liar(() => several(8, (at) => [`192.168.1.${100 + at}`, `http://192.168.1.${100 + at}:6000/`] as const)),
    );
    const { http, clock } = router.transport;
    const request: typeof http.request = (what, options) =>
      what.url.includes(ROUTER)
        ? ResultAsync.fromSafePromise(clock.sleep(450, options.signal)).andThen(() =>
            options.signal?.aborted === true ? err(TIMEOUT) : http.request(what, options),
          )
        : silence(router.transport, options);
    const slow: Transport = { ...router.transport, http: { request } };
    const { devices } = (await discover(slow))._unsafeUnwrap();
    expect(devices).toHaveLength(1);
  });

  it.each(Object.entries(DOCUMENTS))('and holds less than 8 MiB, whatever it is sent: %s', async (_what, document) => {
    const network = new MemoryNetwork();
    network.defaultGateway = ROUTER;
    // The longest datagrams and documents that are read, for each target, from as many hosts as there can be.
    const long = 'x'.repeat(1900);
    const hosts = several(254, (at) => `192.168.1.${at + 1}`);
    let round = 0;
    network.attach({
      ...quietHost(ATTACKER),
      datagram: () => {
        round += 1;
        return hosts.flatMap((host) =>
          several(2, (at) => ({
            payload: answerOf(`http://${host}:5000/${long}/${at}`, GATEWAY_SEARCH_TARGETS[round % 10], long),
            from: { address: host, port: 1900 },
            delayMs: 0,
          })),
        );
      },
    });
    let [current, most] = [0, 0];
    const request: Transport['http']['request'] = (_what, { maxBodyBytes }) => {
      current += maxBodyBytes;
      most = Math.max(most, current);
      const answer = network.clock.sleep(10).then(() => {
        current -= maxBodyBytes;
        return { status: 200, headers: [], body: document };
      });
      return ResultAsync.fromSafePromise(answer);
    };
    const found = (await discover({ ...network.transport(), http: { request } }))._unsafeUnwrap();
    expect(found.devices.length + found.rejected.length).toBeGreaterThan(40);
    expect(found.report.beyondLimits).toBeGreaterThan(1000);
    expect(most + bytesHeld(found)).toBeLessThan(8 * 2 ** 20);
  });

  it('nothing more once it is over', async () => {
    const network = new MemoryNetwork();
    network.attach(
      liar(() => several(20, (at) => [`192.168.1.${100 + at}`, `http://192.168.1.${100 + at}:6000/`] as const)),
    );
    const { transport, asked } = watched(network.transport());
    const { signal, abort } = createAbort();
    const pending = discover(hanging(transport).transport, { signal });
    await network.clock.sleep(100);
    abort();
    expect((await pending)._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
    const before = asked.length;
    await network.clock.sleep(5000);
    expect(asked).toHaveLength(before);
  });
});
