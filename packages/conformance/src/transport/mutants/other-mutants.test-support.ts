import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  ClockPort,
  DefaultRouter,
  EventListener,
  EventsPort,
  InterfaceAddress,
  InterfacesPort,
  RandomPort,
  TransportError,
} from '@portwright/core';
import { nodeInterfaces } from '@portwright/transport-node';
import { err, ok, okAsync, type Result, ResultAsync } from '@portwright/core/result';
import { withoutZone } from '../expectations.ts';
import { transportError } from './http-defects.test-support.ts';

/** What can be wrong with the small ports, by the case that is about it. */
export const OTHER_DEFECTS = {
  'clock/never-back': 'follows a wall clock that is set back',
  'clock/sleep': 'sleeps half as long',
  'clock/side-by-side': 'sleeps one sleep after another',
  'clock/wall-time': 'tells it in seconds',
  'clock/aborted': 'sleeps on',
  'clock/aborted-before': 'looks for signals that abort later',
  'random/range': 'gives 1, or a bit more',
  'random/uniform': 'prefers small numbers',
  'interfaces/own-address': 'leaves loopback out',
  'interfaces/family': 'lists all as IPv4',
  'interfaces/without-zone': 'leaves zones in the address',
  'interfaces/prefix-length': 'counts the bits of a mask wrongly',
  'interfaces/loopback': 'marks nothing as loopback',
  'interfaces/lifetime': 'marks every address as temporary',
  'interfaces/default-routers': 'gives an empty text for none',
  'interfaces/default-routers-next-hop': 'takes a tunnel for a router',
  'interfaces/default-routers-zone': 'leaves zones away',
  'interfaces/default-routers-order': 'gives the last one first',
  'interfaces/unconnected': 'calls every interface unconnected',
  'interfaces/owns-listed': 'knows IPv4 addresses alone',
  'interfaces/owns-foreign': 'takes addresses for examples for its own',
  'interfaces/owns-mapped': 'does not know IPv4-mapped addresses',
  'interfaces/owns-zone': 'ignores zones',
  'interfaces/owns-of-no-host': 'says what a socket can be bound to',
  'interfaces/owns-no-address': 'looks names up',
  'events/url': 'listens on another address',
  'events/unguessable': 'listens once for all',
  'events/request': 'hands over no body',
  'events/sender': 'hands over an IPv4 address within an IPv6 one',
  'events/status': 'answers 200 whatever was given',
  'events/elsewhere': 'takes any path',
  'events/large': 'takes what comes, however much',
  'events/unknown-address': 'listens on another address than one that is gone',
  'events/close': 'listens on',
} as const;

export type OtherDefect = keyof typeof OTHER_DEFECTS;

export function spoiltClock(clock: ClockPort, defect: OtherDefect | null): ClockPort {
  let calls = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    wallTime: () => Date.now() / (defect === 'clock/wall-time' ? 1000 : 1),
    now: () => {
      calls += 1;
      return defect === 'clock/never-back' && calls === 20 ? clock.now() - 1000 : clock.now();
    },
    sleep: (ms, signal) => {
      if (defect === 'clock/sleep') return clock.sleep(ms / 2, signal);
      if (defect === 'clock/side-by-side') return (last = last.then(() => clock.sleep(ms, signal)));
      if (signal === undefined) return clock.sleep(ms);
      const isDeaf = signal.aborted ? defect === 'clock/aborted-before' : defect === 'clock/aborted';
      return isDeaf ? forever() : clock.sleep(ms, signal);
    },
  };
}

/** A sleep that is far too long does not keep the process alive. */
function forever(): Promise<void> {
  return new Promise(() => undefined);
}

export function spoiltRandom(defect: OtherDefect | null): RandomPort {
  return {
    fraction: () => {
      const fraction = Math.random();
      if (defect === 'random/uniform') return fraction ** 2;
      return defect === 'random/range' ? fraction * 1.02 : fraction;
    },
  };
}

export function spoiltInterfaces(defect: OtherDefect | null): InterfacesPort {
  const change = (one: InterfaceAddress): readonly InterfaceAddress[] => {
    switch (defect) {
      case 'interfaces/own-address':
        return one.internal ? [] : [one];
      case 'interfaces/family':
        return [{ ...one, family: 'ipv4' }];
      case 'interfaces/without-zone':
        return [{ ...one, address: one.family === 'ipv6' ? `${one.address}%${one.name}` : one.address }];
      case 'interfaces/prefix-length':
        return [{ ...one, prefixLength: one.prefixLength + 128 }];
      case 'interfaces/loopback':
        return [{ ...one, internal: false }];
      case 'interfaces/lifetime':
        return [{ ...one, temporary: true }];
      default:
        return [one];
    }
  };
  return {
    list: () =>
      nodeInterfaces()
        .list()
        .map((list) => [...list, LINK_LOCAL].flatMap(change)),
    owns: (address) => spoiltOwns(defect, address),
    unconnected: () => okAsync(defect === 'interfaces/unconnected' ? [{ name: 'lo', reason: 'no-address' }] : []),
    defaultRouters: () => okAsync(spoiltRouters(defect)),
  };
}

/** What the host under test has. */
export const ROUTERS: readonly DefaultRouter[] = [
  { name: 'lan0', family: 'ipv4', address: '192.168.1.1' },
  { name: 'lan1', family: 'ipv4', address: '10.0.0.1' },
  { name: 'lan0', family: 'ipv6', address: 'fe80::1%lan0' },
  { name: 'lan1', family: 'ipv6', address: '2001:db8::1' },
];

function spoiltRouters(defect: OtherDefect | null): readonly DefaultRouter[] {
  switch (defect) {
    case 'interfaces/default-routers':
      return [...ROUTERS, { name: 'lan0', family: 'ipv4', address: '' }];
    case 'interfaces/default-routers-next-hop':
      return [...ROUTERS, { name: 'tun0', family: 'ipv4', address: '0.0.0.0' }];
    case 'interfaces/default-routers-zone':
      return ROUTERS.map((one) => ({ ...one, address: withoutZone(one.address) }));
    case 'interfaces/default-routers-order':
      return ROUTERS.toReversed();
    default:
      return ROUTERS;
  }
}

function spoiltOwns(defect: OtherDefect | null, address: string): ResultAsync<boolean, TransportError> {
  const [bare = ''] = address.split('%');
  const isMapped = address.startsWith('::ffff:');
  if (defect === 'interfaces/owns-listed' && address.includes(':') && !isMapped) return okAsync(false);
  if (defect === 'interfaces/owns-foreign' && address.startsWith('203.0.113.')) return okAsync(true);
  if (defect === 'interfaces/owns-mapped' && isMapped) return okAsync(false);
  if (defect === 'interfaces/owns-of-no-host' && address === '0.0.0.0') return okAsync(true);
  if (defect === 'interfaces/owns-no-address' && address === 'localhost') return okAsync(true);
  const asked = defect === 'interfaces/owns-zone' ? bare : address;
  if (asked === LINK_LOCAL.address || asked === `${LINK_LOCAL.address}%lan0`) return okAsync(true);
  return nodeInterfaces().owns?.(asked) ?? okAsync(false);
}

/** So that there is IPv6 on every host. */
const LINK_LOCAL: InterfaceAddress = {
  name: 'lan0',
  family: 'ipv6',
  address: 'fe80::77',
  prefixLength: 64,
  internal: false,
  zone: 'lan0',
};

/** Events by node:http, in the shortest way. */
export function eventsByHand(defect: OtherDefect | null): EventsPort {
  let first: Promise<Result<EventListener, ReturnType<typeof transportError>>> | undefined;
  return {
    listen: (address, handle) => {
      const listening = (): NonNullable<typeof first> => listenByHand(address, handle, defect);
      return new ResultAsync(defect === 'events/unguessable' ? (first ??= listening()) : listening());
    },
  };
}

function listenByHand(
  asked: string,
  handle: Parameters<EventsPort['listen']>[1],
  defect: OtherDefect | null,
): Promise<Result<EventListener, ReturnType<typeof transportError>>> {
  const path = `/${crypto.randomUUID()}`;
  const address = defect === 'events/url' && asked === '127.0.0.1' ? '127.0.0.2' : asked;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const isHere = request.url === path || defect === 'events/elsewhere';
      const isLarge = body.length > 65_536 && defect !== 'events/large';
      const status = isLarge ? 413 : isHere ? heard(request, body) : 404;
      response.writeHead(status, { Connection: 'close' }).end();
    });
  });
  const heard = ({ method = '', rawHeaders, socket }: IncomingMessage, body: Uint8Array): number => {
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
    const from = `${defect === 'events/sender' ? '::ffff:' : ''}${socket.remoteAddress ?? ''}`;
    const given = defect === 'events/request' ? new Uint8Array() : body;
    const status = handle({ method, url: path, headers, body: given }, from);
    return defect === 'events/status' ? 200 : status;
  };
  return new Promise((resolve) => {
    server.once('error', () => {
      if (defect === 'events/unknown-address') resolve(listenByHand('127.0.0.1', handle, null));
      else resolve(err(transportError('no-such-interface')));
    });
    server.listen({ host: address, port: 0 }, () => {
      server.unref();
      const { port } = server.address() as AddressInfo;
      const close = (): Promise<void> => {
        if (defect !== 'events/close') server.close().closeAllConnections();
        return Promise.resolve();
      };
      resolve(ok({ url: `http://${address}:${port}${path}`, close }));
    });
  });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}
