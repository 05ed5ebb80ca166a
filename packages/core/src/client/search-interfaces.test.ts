/** Interfaces that come and go while a search runs. */
import { MemoryNetwork, simulateGateway, type ClientLink, type SimulatedGateway } from '@portwright/transport-mock';
import { errAsync, okAsync } from '../result.ts';
import { describe, expect, it } from 'vitest';
import type { DatagramOptions, InterfaceAddress, Transport } from '../ports.ts';
import { SSDP_PORT } from '../ssdp/multicast.ts';
import { findGateway } from './find-gateway.ts';
import { search } from './search.ts';
import type { SearchAnswer, SearchError, SearchOptions, SearchReport } from './search-types.ts';

interface Sent {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
}

interface Watched {
  readonly transport: Transport;
  readonly router: SimulatedGateway;
  readonly link: ClientLink;
  /** Each socket that was opened, and closed, by the name of its interface. */
  readonly opened: string[];
  readonly closed: string[];
  readonly sent: Sent[];
  /** The times at which the interfaces were listed. */
  readonly looks: number[];
}

/** A host whose interface towards the router is in some state, and what it does on the network. */
function watched(state: ClientLink['state'], otherInterfaces: readonly InterfaceAddress[] = []): Watched {
  const link: ClientLink = { state };
  const router = simulateGateway({ maxSearchDelayMs: 0, client: { link, otherInterfaces } });
  const { datagram, interfaces, clock } = router.transport;
  const [opened, closed, sent, looks]: [string[], string[], Sent[], number[]] = [[], [], [], []];
  const transport: Transport = {
    ...router.transport,
    interfaces: {
      ...interfaces,
      list: () => {
        looks.push(clock.now());
        return interfaces.list();
      },
    },
    datagram: {
      open: (options: DatagramOptions) => {
        if (options.localPort === SSDP_PORT) return datagram.open(options);
        const from = options.multicastInterface?.name ?? 'default';
        return datagram.open(options).map((socket) => {
          opened.push(from);
          return {
            local: socket.local,
            datagrams: socket.datagrams,
            send: (payload, to) => {
              sent.push({ atMs: clock.now(), from, to: to.address });
              return socket.send(payload, to);
            },
            close: () => {
              closed.push(from);
              return socket.close();
            },
          };
        });
      },
    },
  };
  return { transport, router, link, opened, closed, sent, looks };
}

/** Lets the link change at some time. */
function changing({ router, link }: Watched, atMs: number, state: ClientLink['state']): void {
  void router.clock.sleep(atMs).then(() => {
    link.state = state;
  });
}

async function searched(
  { transport }: Watched,
  options: SearchOptions = {},
): Promise<{ readonly answers: readonly SearchAnswer[]; readonly report: SearchReport }> {
  const answers: SearchAnswer[] = [];
  const report = (await search(transport, options, (answer) => answers.push(answer)))._unsafeUnwrap();
  return { answers, report };
}

const failure = async ({ transport }: Watched, options: SearchOptions = {}): Promise<SearchError> =>
  (await search(transport, options, () => undefined))._unsafeUnwrapErr();

const TUNNEL = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;

describe('an interface that comes up during a search', () => {
  it.each([
    ['beside another one', [TUNNEL]],
    ['where there was none', []],
  ])('is searched on for the rest of the time: %s', async (_what, others) => {
    const host = watched('down', others);
    changing(host, 600, 'up');
    const { answers } = await searched(host);
    expect(host.router.clock.now()).toBe(2000);
    expect(answers.map(({ from }) => from)).toContain('192.168.1.1');
    const late = host.sent.filter(({ from }) => from === 'lan0');
    // It has its own share: one datagram ahead, then three rounds of all targets, to the group and to the default router.
    expect(late[0]).toEqual({ atMs: 750, from: 'lan0', to: '239.255.255.250' });
    expect(late.filter(({ atMs }) => atMs === 750)).toHaveLength(1);
    expect(late.some(({ to }) => to === '192.168.1.1')).toBe(true);
    expect(late.at(-1)?.atMs).toBeLessThan(2000);
    expect(answers.some(({ isDefaultGateway }) => isDefaultGateway)).toBe(true);
  });

  it('leads to a gateway: the default router is known by then, and is trusted as ever', async () => {
    const host = watched('down');
    changing(host, 900, 'up');
    const found = (await findGateway(host.transport, { trustDefaultRouter: true }))._unsafeUnwrap();
    expect(found.state).toBeNull();
    expect(host.router.clock.now()).toBeLessThan(1100);
    expect(host.closed.toSorted()).toEqual(host.opened.toSorted());
  });

  it.each([1_600, 1_990])('at its end has a second for an answer: %i ms', async (atMs) => {
    const host = watched('down', [TUNNEL]);
    changing(host, atMs, 'up');
    expect((await findGateway(host.transport)).isOk()).toBe(true);
    expect(host.closed.toSorted()).toEqual(host.opened.toSorted());
  });

  it('at its end delays nobody who has found a gateway, and who has found none by a second at most', async () => {
    const silent = watched('down', [TUNNEL]);
    silent.router.inject({
      name: 'silent',
      row: 1,
      what: 'no search is answered',
      remedy: 'gives up in time',
      on: ['search'],
      hooks: () => ({ search: () => [] }),
    });
    changing(silent, 1_600, 'up');
    expect((await findGateway(silent.transport)).isErr()).toBe(true);
    expect(silent.router.clock.now()).toBe(3000);
    const short = watched('down', [TUNNEL]);
    changing(short, 1_600, 'up');
    await searched(short, { lateMs: 1000 });
    expect(short.router.clock.now()).toBe(2000);
  });

  it('may have a public address, and its router too: what is near is known by the latest list', async () => {
    const link: ClientLink = { state: 'down' };
    const router = simulateGateway({
      maxSearchDelayMs: 0,
      lanAddress: '8.8.4.1',
      lanAddress6: null,
      client: { link, address: '8.8.4.2', address6: null },
    });
    void router.clock.sleep(300).then(() => {
      link.state = 'up';
    });
    expect((await findGateway(router.transport)).isOk()).toBe(true);
  });

  it('is searched on over IPv6, too', async () => {
    const host = watched('down');
    changing(host, 600, 'up');
    const { answers } = await searched(host, { families: ['ipv6'] });
    expect(answers.length).toBeGreaterThan(0);
  });

  it('is waited for by its name', async () => {
    const host = watched('down', [TUNNEL]);
    changing(host, 600, 'up');
    const { answers } = await searched(host, { interface: 'lan0' });
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(host.opened)).toEqual(new Set(['lan0']));
  });

  it('takes the place of the system’s default, which is not sent to any more, and still heard', async () => {
    const host = watched('starting');
    changing(host, 600, 'up');
    const { answers } = await searched(host);
    expect(host.opened).toEqual(['default', 'lan0']);
    expect(answers[0]?.from).toBe('192.168.1.1');
    expect(host.sent.filter(({ from, atMs }) => from === 'default' && atMs > 750)).toEqual([]);
    expect(host.closed).toHaveLength(2);
  });
});

describe('an interface that goes', () => {
  it('does no harm to the others', async () => {
    const host = watched('up', [TUNNEL]);
    changing(host, 400, 'down');
    const { report } = await searched(host);
    expect(report.received).toBeGreaterThan(0);
    const after = host.sent.filter(({ atMs }) => atMs > 500);
    expect(new Set(after.map(({ from }) => from))).toEqual(new Set(['tun0']));
  });

  it('and comes back gets a new socket, and the old one is closed', async () => {
    const host = watched('up', [TUNNEL]);
    changing(host, 400, 'down');
    changing(host, 900, 'up');
    await searched(host);
    expect(host.opened.filter((name) => name === 'lan0')).toHaveLength(2);
    expect(host.closed.filter((name) => name === 'lan0')).toHaveLength(2);
    // What the router has answered before is not asked again, so nothing is due at 1000.
    const after = host.sent.filter(({ from, atMs }) => from === 'lan0' && atMs > 500);
    expect(after[0]?.atMs).toBeGreaterThan(1000);
  });
});

describe('without an interface', () => {
  it.each([
    ['any', {}, 'unreachable', 'no network interface has an IPv4 address'],
    ['one', { interface: 'lan0' }, 'no-such-interface', 'no network interface "lan0" has an IPv4 address'],
  ])('a search waits until its time is over, and says what was missing: %s', async (_what, options, code, message) => {
    const host = watched('down');
    expect(await failure(host, options)).toMatchObject({ kind: 'transport', code, message });
    expect(host.router.clock.now()).toBe(2000);
    expect(host.closed).toHaveLength(host.opened.length);
  });

  it('a search that is aborted ends at once', async () => {
    const host = watched('down');
    const controller = new AbortController();
    void host.router.clock.sleep(333).then(() => {
      controller.abort();
    });
    expect(await failure(host, { interface: 'lan0', signal: controller.signal })).toMatchObject({ code: 'aborted' });
    expect(host.router.clock.now()).toBe(333);
  });

  it('a system that keeps the list from programs is searched by its default', async () => {
    const host = watched('starting');
    const { answers } = await searched(host);
    expect(host.opened).toEqual(['default']);
    expect(answers.length).toBeGreaterThan(0);
  });
});

it('a list that can’t be read again leaves everything as it was', async () => {
  const host = watched('up');
  let looks = 0;
  const list: Transport['interfaces']['list'] = () => {
    looks += 1;
    return looks === 1
      ? host.transport.interfaces.list()
      : errAsync({ kind: 'transport', code: 'failed', message: '' });
  };
  const moody = {
    ...host,
    transport: { ...host.transport, interfaces: { list, defaultRouters: () => okAsync([]) } },
  };
  const { report } = await searched(moody);
  expect(looks).toBeGreaterThan(1);
  expect(report.received).toBeGreaterThan(0);
  expect(host.opened).toEqual(['lan0']);
});

it('an interface that goes between the list and the socket is no reason to give up', async () => {
  const host = watched('up');
  let isFirst = true;
  const open: Transport['datagram']['open'] = (options) => {
    if (!isFirst) return host.transport.datagram.open(options);
    isFirst = false;
    return errAsync({ kind: 'transport', code: 'no-such-interface', message: 'gone' });
  };
  const { answers } = await searched({ ...host, transport: { ...host.transport, datagram: { open } } });
  expect(answers.length).toBeGreaterThan(0);
});

it('an interface that is listed and can never be used is named as the reason, at the end', async () => {
  const host = watched('up');
  const open: Transport['datagram']['open'] = () =>
    errAsync({ kind: 'transport', code: 'no-such-interface', message: 'lan0: gone' });
  const error = await failure({ ...host, transport: { ...host.transport, datagram: { open } } });
  expect(error).toMatchObject({ code: 'no-such-interface', message: 'lan0: gone' });
  expect(host.router.clock.now()).toBe(2000);
});

it('a gateway that answers soon is found with one look at the interfaces, and no datagram more', async () => {
  const host = watched('up');
  expect((await findGateway(host.transport)).isOk()).toBe(true);
  expect(host.looks).toEqual([0]);
  expect(host.sent).toHaveLength(1);
});

it('a whole search looks four times a second, and sends no more for it', async () => {
  const host = watched('up', [TUNNEL]);
  await searched(host);
  expect(host.looks).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
  expect(host.opened).toEqual(['lan0', 'tun0']);
});

it('a router that says it is disconnected is not settled for, where the interface came up a moment ago', async () => {
  const link: ClientLink = { state: 'down' };
  const network = new MemoryNetwork();
  const options = { network, maxSearchDelayMs: 0, client: { link } };
  const disconnected = simulateGateway({ ...options, lanAddress: '192.168.1.254', isWanUp: false });
  const connected = simulateGateway(options);
  connected.inject({
    name: 'answers-late',
    row: 1,
    what: 'its answers come after those of another router',
    remedy: 'waits for it',
    hooks: () => ({ search: (found) => found.map((one) => ({ ...one, delayMs: 700 })) }),
  });
  const found = findGateway(disconnected.transport);
  await network.clock.sleep(240);
  link.state = 'up';
  const { gateway, state } = (await found)._unsafeUnwrap();
  expect(gateway.description.location).toBe(connected.descriptionUrl);
  expect(state.connected).toBe(true);
});
