/**
 * Gets ready for the answer while it is awaited. Node compiles its HTTP client and its terminal streams on first use,
 * and V8 every function: where a router answers in a few dozen milliseconds, that would take half as long again.
 */
import type { Transport } from '@portwright/core';
import type { Host } from './host.ts';
import { rehearse } from './rehearse.ts';
import { terminalOf } from './terminal.ts';

/** The same transport, which gets ready once its first datagram is on its way: not before, it would be late then. */
export function warmingUp(host: Host, transport: Transport): Transport {
  let isWarm = false;
  const begin = (): void => {
    if (!isWarm) setImmediate(warmUp, host);
    isWarm = true;
  };
  return {
    ...transport,
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) => socket.send(payload, to).andTee(begin),
          close: () => socket.close(),
        })),
    },
  };
}

function warmUp(host: Host): void {
  try {
    requestNowhere();
    rehearse();
    // The stream is made when it is first asked for.
    terminalOf(host.stdout);
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
