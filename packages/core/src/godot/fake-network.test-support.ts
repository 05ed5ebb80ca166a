/** A network in a test's hand: what answers a search and a request is given as literals, and time is virtual. */
import { errAsync, okAsync, type ResultAsync } from '../result.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { TransportError, TransportErrorCode } from '../errors.ts';
import type { Datagram, HttpRequest, HttpResponse } from '../messages.ts';
import type { AbortSignalLike, ClockPort, DatagramOptions, InterfaceAddress, Transport } from '../ports.ts';

/** An HTTP answer: a body, which then is a 200, or a status and a body, or how the exchange failed. */
export type Reply = string | { readonly status: number; readonly body: string } | TransportError;

export interface FakeNetworkOptions {
  /** The datagrams that answer a search for a target; default: silence. */
  readonly answers?: (target: string) => readonly string[];
  /** Where they come from; default 192.168.1.1. */
  readonly from?: string;
  readonly respond?: (request: HttpRequest) => Reply;
  /** What opening a socket fails with. */
  readonly openFails?: TransportError;
  /** What sending fails with. */
  readonly sendFails?: TransportError;
  /** Whether exchanges tell the address that they left from; default true. */
  readonly tellsLocalAddress?: boolean;
}

export interface FakeNetwork {
  readonly transport: Transport;
  /** The sockets that were opened to search, and how. */
  readonly opened: readonly DatagramOptions[];
  /** The search targets that were asked for, each once, in order. */
  readonly targets: readonly string[];
  /** Requests as `GET url` and as `Action url`. */
  readonly requests: readonly string[];
  /** The bodies of the same requests. */
  readonly bodies: readonly string[];
}

const INTERFACES: readonly InterfaceAddress[] = [
  { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true },
  { name: 'eth0', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false },
  { name: 'eth0', family: 'ipv6', address: 'fd00::2', prefixLength: 64, internal: false },
  { name: 'tun0', family: 'ipv4', address: '10.9.0.2', prefixLength: 24, internal: false },
];

export function transportError(code: TransportErrorCode, cause?: string): TransportError {
  return { kind: 'transport', code, message: code, cause };
}

export function fakeNetwork(options: FakeNetworkOptions = {}): FakeNetwork {
  const { answers = () => [], from = '192.168.1.1', respond = () => transportError('refused') } = options;
  const opened: DatagramOptions[] = [];
  const targets = new Set<string>();
  const requests: string[] = [];
  const bodies: string[] = [];
  const clock = virtualClock();

  const open: Transport['datagram']['open'] = (asked) => {
    if (options.openFails !== undefined) return errAsync(options.openFails);
    if (asked.memberships === undefined) opened.push(asked);
    const inbox = createInbox();
    return okAsync({
      local: { address: '0.0.0.0', port: 50_000 },
      datagrams: inbox.datagrams,
      send: (payload) => {
        if (options.sendFails !== undefined) return errAsync(options.sendFails);
        const target = /^ST: (.*)\r$/m.exec(decodeUtf8(payload))?.[1] ?? '';
        targets.add(target);
        // Of several interfaces, the devices are on one.
        const reached = ['eth0', 'lo', undefined].includes(asked.multicastInterface?.name);
        if (reached)
          for (const text of answers(target))
            inbox.put({ payload: encodeUtf8(text), from: { address: from, port: 1900 } });
        return okAsync(undefined);
      },
      close: () => {
        inbox.end();
        return Promise.resolve();
      },
    });
  };

  const request = (asked: HttpRequest): ResultAsync<HttpResponse, TransportError> => {
    const action = asked.headers
      .find(([name]) => name === 'SOAPAction')?.[1]
      .split('#')[1]
      ?.replace('"', '');
    requests.push(`${action ?? asked.method} ${asked.url}`);
    bodies.push(decodeUtf8(asked.body));
    const reply = respond(asked);
    if (typeof reply !== 'string' && 'kind' in reply) return errAsync(reply);
    const { status, body } = typeof reply === 'string' ? { status: 200, body: reply } : reply;
    const local = options.tellsLocalAddress === false ? {} : { localAddress: '192.168.1.2' };
    return okAsync({ status, headers: [], body: encodeUtf8(body), ...local });
  };

  return {
    transport: {
      http: { request },
      datagram: { open },
      interfaces: { list: () => okAsync(INTERFACES) },
      clock,
      random: { fraction: () => 0.5 },
    },
    opened,
    get targets() {
      return [...targets];
    },
    requests,
    bodies,
  };
}

function createInbox(): { readonly datagrams: AsyncIterable<Datagram>; put(datagram: Datagram): void; end(): void } {
  const waiting: Datagram[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  async function* iterate(): AsyncGenerator<Datagram> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    datagrams: iterate(),
    put: (datagram) => {
      waiting.push(datagram);
      wake?.();
    },
    end: () => {
      ended = true;
      wake?.();
    },
  };
}

/** Time passes when nothing else is left to do: then the sleep that ends first is over. */
function virtualClock(): ClockPort {
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let now = 0;
  function pass(): void {
    const next = sleepers.toSorted((one, other) => one.at - other.at)[0];
    if (next === undefined) return;
    sleepers.splice(sleepers.indexOf(next), 1);
    now = Math.max(now, next.at);
    next.wake();
  }
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignalLike) =>
      new Promise<void>((resolve) => {
        if (ms <= 0 || signal?.aborted === true) {
          resolve();
          return;
        }
        signal?.addEventListener('abort', () => {
          resolve();
        });
        sleepers.push({ at: now + ms, wake: resolve });
        setImmediate(pass);
      }),
  };
}
