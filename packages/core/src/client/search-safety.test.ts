/** Where a search sends requests, and what a host that answers in the names of others can do. */
import { MemoryNetwork, quietHost, simulateGateway, type NetworkHost } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import type { HttpOptions, Transport } from '../ports.ts';
import { discover } from './discover.ts';
import { createAbort } from '../abort.ts';
import { err, ResultAsync } from '../result.ts';
import { GATEWAY_SEARCH_TARGETS } from '../ssdp/search-targets.ts';
import { findGateway, type FindGatewayOptions } from './find-gateway.ts';
import type { SearchOptions } from './search-types.ts';

const ROUTER = '192.168.1.1';
const ATTACKER = '192.168.1.66';

function answerOf(location: string, target = 'upnp:rootdevice', uuid = 'a'): Uint8Array {
  return encodeUtf8(`HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: ${target}\r\nUSN: uuid:${uuid}\r\n\r\n`);
}

/** Answers each search with these LOCATIONs, in the name of any host. */
function liar(claims: (round: number) => readonly (readonly [from: string, location: string])[]): NetworkHost {
  let round = 0;
  return {
    ...quietHost(ATTACKER),
    datagram: () => {
      round += 1;
      return claims(round).map(([address, location]) => ({
        payload: answerOf(location),
        from: { address, port: 1900 },
        delayMs: 0,
      }));
    },
  };
}

/** A transport whose requests are written down. */
function watched(transport: Transport): { readonly transport: Transport; readonly asked: string[] } {
  const asked: string[] = [];
  const { http } = transport;
  const request: typeof http.request = (what, options) => {
    asked.push(what.url);
    return http.request(what, options);
  };
  return { transport: { ...transport, http: { request } }, asked };
}

async function askedFor(from: string, location: string, options: SearchOptions = {}, router: string | null = null) {
  const network = new MemoryNetwork();
  network.defaultGateway = router;
  network.attach(liar(() => [[from, location]]));
  const { transport, asked } = watched(network.transport());
  const { rejected } = (await discover(transport, options))._unsafeUnwrap();
  return { asked, code: rejected[0]?.error?.code };
}

describe('a search', () => {
  it.each([
    ['another scheme', ATTACKER, 'file:///etc/passwd', 'not-http'],
    ['user information', ATTACKER, 'http://me@192.168.1.66/', 'user-information'],
    ['another private network', '172.31.9.9', 'http://172.31.9.9:22/', 'off-link-address'],
    ['another private network at a usual port', '172.31.9.9', 'http://172.31.9.9/', 'off-link-address'],
    ['a neighbouring network', '192.168.2.1', 'http://192.168.2.1:5000/', 'off-link-address'],
    ['the Internet', '8.8.8.8', 'http://8.8.8.8/', 'public-address'],
    ['this network, from another one', '10.9.9.9', 'http://192.168.1.1/', 'off-link-address'],
    ['a port of another service', ROUTER, 'http://192.168.1.1:22/', 'low-port'],
    ['a port of another service, by a name', ROUTER, 'http://localhost:631/', 'low-port'],
  ])('sends no request when a LOCATION names %s', async (_what, from, location, code) => {
    expect(await askedFor(from, location)).toEqual({ asked: [], code });
  });

  it.each([
    ['off-link hosts', '172.31.9.9', 'http://172.31.9.9/', { allowOffLink: true }],
    ['any port', ATTACKER, 'http://192.168.1.66:81/', { allowAnyPort: true }],
    ['both', '172.31.9.9', 'http://172.31.9.9:22/', { allowOffLink: true, allowAnyPort: true }],
  ])('sends one by option: %s', async (_what, from, location, locations) => {
    expect((await askedFor(from, location, { locations })).asked).toEqual([location]);
  });

  it('asks a default router that is on another network', async () => {
    expect((await askedFor('10.9.8.7', 'http://10.9.8.7/', {}, '10.9.8.7')).asked).toEqual(['http://10.9.8.7/']);
  });

  it.each([
    ['another host', 'http://192.168.1.1:5000/d?x'],
    ['loopback', 'http://127.0.0.1:5000/d?x'],
    ['a disguised loopback address', 'http://127.1:5000/d?x'],
    ['a public address', 'http://8.8.8.8:5000/d?x'],
    ['a host name', 'http://router.example:5000/d?x'],
    ['no host', 'http://0.0.0.0:5000/d?x'],
    ['a link-local address', 'http://169.254.169.254:5000/d?x'],
    ['loopback over IPv6', 'http://[::1]:5000/d?x'],
  ])('asks the responder, and nobody else, when a LOCATION names %s', async (_what, location) => {
    expect((await askedFor(ATTACKER, location)).asked).toEqual(['http://192.168.1.66:5000/d?x']);
  });

  it('does not even ask the responder if told not to', async () => {
    const { asked, code } = await askedFor(ATTACKER, 'http://192.168.1.1/', {
      locations: { rewriteToResponder: false },
    });
    expect([asked, code]).toEqual([[], 'foreign-host']);
  });
});

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

describe('bogus LOCATIONs in the name of the default router', () => {
  async function find(claims: Parameters<typeof liar>[0], times = Infinity, options: FindGatewayOptions = {}) {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
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

  it('do not keep it from being found where the system knows no default router', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    network.defaultGateway = null;
    network.attach(liar(() => several(8, bogus(6000))));
    const found = await findGateway(hanging(router.transport).transport);
    expect(found.isOk()).toBe(true);
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

  it('cost the router a bounded number of requests, however many they are', async () => {
    const network = new MemoryNetwork();
    network.defaultGateway = ROUTER;
    network.attach(quietHost(ROUTER));
    network.attach(liar((round) => several(200, (at) => bogus(5000)(1000 * round + at))));
    const { transport, asked } = watched(network.transport());
    const { rejected, report } = (await discover(transport))._unsafeUnwrap();
    // 16 at once, then the newest at each look: all were for one search target.
    expect(asked.length).toBeGreaterThan(16);
    expect(asked.length).toBeLessThanOrEqual(16 + 8);
    expect(rejected).toHaveLength(asked.length);
    expect(report.beyondLimits).toBeGreaterThan(1000);
  });
});

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
