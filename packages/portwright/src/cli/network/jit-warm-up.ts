/**
 * Gets ready for the first answer while it is awaited. Node compiles its HTTP client on first use, and V8 every function:
 * where a router answers in a few dozen milliseconds, that would take half as long again.
 */
import type { Transport } from '@portwright/core';
import { rehearse } from './rehearse.ts';

/** Until a connection stands, and a request has left. */
const REQUEST_MS = 2;

/** Once is enough for a process. */
let isWarm = false;

/**
 * The same transport, which gets ready once its first datagram or request is on its way: not before, it would be late
 * then. The first response ends that.
 *
 * @param further - what is to be done as well, if there is time
 */
export function warmingUp(transport: Transport, further: () => void): Transport {
  if (isWarm) return transport;
  let isAnswered = false;
  // A turn of the event loop, in which an answer is heard.
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        if (!isAnswered) resolve();
      });
    });
  const begin = (steps: readonly Step[]): void => {
    if (!isWarm) void warmUp(steps, turn);
    isWarm = true;
  };
  const answered = (): void => {
    isAnswered = true;
  };
  return {
    ...transport,
    http: {
      request: (request, options) => {
        const response = transport.http.request(request, options);
        if (!isWarm) setTimeout(begin, REQUEST_MS, [further, rehearse]);
        return response.andTee(answered).orTee(answered);
      },
    },
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) =>
            socket.send(payload, to).andTee(() => {
              begin([requestNowhere, further, rehearse]);
            }),
          close: () => socket.close(),
        })),
    },
  };
}

/** It may come in parts, between which it awaits its turn; where there is none any more, that never comes. */
type Step = (turn: () => Promise<void>) => void | Promise<void>;

async function warmUp(steps: readonly Step[], turn: () => Promise<void>): Promise<void> {
  try {
    for (const step of steps) {
      await turn();
      await step(turn);
    }
  } catch {
    // Whatever is wrong there comes up again where it matters, and is reported.
  }
}

/** A request on a connection that is none, and answers by itself. */
function requestNowhere(): void {
  const { request } = process.getBuiltinModule('node:http');
  const { Duplex } = process.getBuiltinModule('node:stream');
  const connection = new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      done();
      this.push('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n.');
      this.push(null);
    },
  });
  request({ createConnection: () => connection, method: 'POST', insecureHTTPParser: true })
    .on('response', (response) => response.resume())
    .on('error', () => undefined)
    .end('.');
}
