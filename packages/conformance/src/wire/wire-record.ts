/** What went over the wire while a check ran: the evidence for what it says. */
import type {
  Datagram,
  DatagramSocket,
  Endpoint,
  HttpRequest,
  HttpResponse,
  Transport,
  TransportError,
} from '@portwright/core';

/** `at` is in milliseconds on the transport's clock. */
export type WireRecord =
  | { readonly kind: 'http'; readonly at: number; readonly request: HttpRequest; readonly outcome: HttpOutcome }
  | { readonly kind: 'sent'; readonly at: number; readonly payload: Uint8Array; readonly to: Endpoint }
  | { readonly kind: 'received'; readonly at: number; readonly payload: Uint8Array; readonly from: Endpoint }
  | { readonly kind: 'event'; readonly at: number; readonly request: HttpRequest; readonly from: string };

export type HttpOutcome =
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'failure'; readonly error: TransportError };

/** The latest so many are kept: a check that needs more than these has a long table to walk. */
const CAPACITY = 256;

export class WireLog {
  #records: WireRecord[] = [];

  add(record: WireRecord): void {
    this.#records.push(record);
    if (this.#records.length >= 2 * CAPACITY) this.#records = this.#records.slice(-CAPACITY);
  }

  /** Oldest first. */
  all(): readonly WireRecord[] {
    return this.#records.slice(-CAPACITY);
  }
}

/** The same transport, with everything that goes through it written down. */
export function recorded(transport: Transport, log: WireLog): Transport {
  const { http, datagram, clock, events } = transport;
  const now = (): number => clock.now();
  return {
    ...transport,
    http: {
      request: (request, options) => {
        const at = now();
        return http
          .request(request, options)
          .andTee((response) => {
            log.add({ kind: 'http', at, request, outcome: { kind: 'response', response } });
          })
          .orTee((error) => {
            log.add({ kind: 'http', at, request, outcome: { kind: 'failure', error } });
          });
      },
    },
    datagram: { open: (options) => datagram.open(options).map((socket) => recordedSocket(socket, log, now)) },
    events:
      events === undefined
        ? undefined
        : {
            listen: (localAddress, handle) =>
              events.listen(localAddress, (request, from) => {
                log.add({ kind: 'event', at: now(), request, from });
                return handle(request, from);
              }),
          },
  };
}

function recordedSocket(socket: DatagramSocket, log: WireLog, now: () => number): DatagramSocket {
  async function* datagrams(): AsyncGenerator<Datagram> {
    for await (const datagram of socket.datagrams) {
      log.add({ kind: 'received', at: now(), ...datagram });
      yield datagram;
    }
  }
  return {
    local: socket.local,
    send: (payload, to) => {
      log.add({ kind: 'sent', at: now(), payload, to });
      return socket.send(payload, to);
    },
    datagrams: { [Symbol.asyncIterator]: datagrams },
    close: () => socket.close(),
  };
}
