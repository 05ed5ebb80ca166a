import type { DatagramOptions, DatagramSocket, Transport } from '@portwright/core';
import { findGateway } from '@portwright/core/upnp';
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { errAsync, ResultAsync } from '@portwright/core/result';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseArguments } from '../arguments/parse-arguments.ts';
import type { Request } from '../commands/index.ts';
import { startEarlySearch } from './early-search.ts';

const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;

let router: SimulatedGateway;
let opened: DatagramOptions[];
/** Where announcements are heard. */
const SSDP_PORT = 1900;

let sent: string[];
let closed: number;
let watched: Transport;

function requestOf(...argv: readonly string[]): Request {
  const parsed = parseArguments(argv, { invocation: 'portwright' });
  if (parsed.kind !== 'request') throw new Error(`no request: ${argv.join(' ')}`);
  return parsed.request;
}

beforeEach(() => {
  router = simulateGateway({ maxSearchDelayMs: 0, client: { otherInterfaces: [vpn] } });
  opened = [];
  sent = [];
  closed = 0;
  const { datagram } = router.transport;
  watched = {
    ...router.transport,
    datagram: {
      open: (options) => {
        // A search hears announcements on sockets of its own.
        if (options.localPort === SSDP_PORT) return datagram.open(options);
        opened.push(options);
        return datagram.open(options).map((socket): DatagramSocket => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) => {
            sent.push(`${to.address} ${new TextDecoder().decode(payload)}`);
            return socket.send(payload, to);
          },
          close: () => {
            closed += 1;
            return socket.close();
          },
        }));
      },
    },
  };
});

describe('an early search', () => {
  it('searches on every interface, and the search goes on from there without a repetition', async () => {
    const alone = simulateGateway({ maxSearchDelayMs: 0, client: { otherInterfaces: [vpn] } });
    expect((await findGateway(alone.transport)).isOk()).toBe(true);
    const searches = (of: SimulatedGateway): number => of.exchanges().filter(({ kind }) => kind === 'search').length;

    const begun = await startEarlySearch(requestOf('map', '7777'), watched);
    expect(opened.map(({ multicastInterface }) => multicastInterface?.name)).toEqual(['lan0', 'tun0']);
    const datagram = begun?.join(watched.datagram) ?? watched.datagram;
    expect((await findGateway({ ...watched, datagram })).isOk()).toBe(true);
    expect(opened).toHaveLength(2);
    expect(searches(router)).toBe(searches(alone));
    expect(closed).toBe(2);
    await begun?.close();
    expect(closed).toBe(2);
  });

  it.each([
    ['a simulated gateway', ['map', '7777', '--simulate']],
    ['a gateway given by URL', ['list', '--gateway', 'http://192.168.1.1/']],
    ['a gateway that may be remembered', ['map', '7777', '--remember']],
    ['one interface', ['discover', '--interface', 'eth0']],
    ['a description', ['describe', 'http://192.168.1.1/']],
    ['the demonstration', ['demo']],
  ])('is not made for %s', async (_what, argv) => {
    expect(await startEarlySearch(requestOf(...argv), watched)).toBeUndefined();
    expect(opened).toEqual([]);
  });

  it('is made for pinholes, too: a router may answer over IPv4 alone', async () => {
    const begun = await startEarlySearch(requestOf('pinhole', 'list'), watched);
    expect(opened).not.toEqual([]);
    await begun?.close();
  });

  it('leaves other sockets and other datagrams alone', async () => {
    const begun = await startEarlySearch(requestOf('ip'), watched);
    const port = begun?.join(watched.datagram);
    const [first] = opened;
    if (port === undefined || first === undefined) throw new Error('no early search');
    for (const other of [{ ttl: 4 }, { memberships: ['239.255.255.250'] }]) {
      expect((await port.open({ ...first, ...other })).isOk()).toBe(true);
    }
    expect(opened).toHaveLength(4);
    const socket = (await port.open(first))._unsafeUnwrap();
    expect(opened).toHaveLength(4);
    const other = new TextEncoder().encode('another');
    expect((await socket.send(other, { address: '192.168.1.1', port: 1900 })).isOk()).toBe(true);
    expect(sent.at(-1)).toBe('192.168.1.1 another');
    expect((await port.open(first)).isOk()).toBe(true);
    expect(opened).toHaveLength(5);
  });

  it('has been sent before anything else is done', async () => {
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const slow: Transport['datagram'] = {
      open: (options) =>
        watched.datagram.open(options).map((socket): DatagramSocket => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) => ResultAsync.fromSafePromise(left).andThen(() => socket.send(payload, to)),
          close: () => socket.close(),
        })),
    };
    let isReady = false;
    const begun = startEarlySearch(requestOf('ip'), { ...watched, datagram: slow }).then(() => {
      isReady = true;
    });
    await router.clock.advance('1s');
    expect(isReady).toBe(false);
    leave();
    await begun;
    expect(sent).toHaveLength(2);
  });

  it('closes what nobody has asked for', async () => {
    const begun = await startEarlySearch(requestOf('status'), watched);
    await begun?.close();
    expect(closed).toBe(2);
  });

  it('hands on what failed', async () => {
    const refused = { kind: 'transport', code: 'not-permitted', message: 'no' } as const;
    const mute = { ...watched, datagram: { open: () => errAsync(refused) } };
    const begun = await startEarlySearch(requestOf('unmap', '7777'), mute);
    const datagram = begun?.join(watched.datagram) ?? watched.datagram;
    expect((await findGateway({ ...watched, datagram }))._unsafeUnwrapErr()).toMatchObject({ code: 'not-permitted' });
    expect(opened).toEqual([]);
  });
});
