import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TransportError } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { systemError } from './system-error.ts';

/** Connections at once, on one address; further ones are closed at once. A gateway's clients are few. */
const MAXIMUM_CONNECTIONS = 64;

export interface HttpListener {
  readonly port: number;
  /** Takes no further connections. Resolves when those that there are have ended. */
  close(): Promise<void>;
}

/** @param address - an IP literal, a link-local one with its zone */
export function listenHttp(
  address: string,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<Result<HttpListener, TransportError>> {
  return new Promise((resolve) => {
    const subject = `TCP port ${port} of ${address}`;
    const fail = (error: unknown): void => {
      resolve(
        err(
          systemError(error, subject, {
            'address-in-use': 'Another program uses that port: choose another httpPort, or 0 for a free port.',
            'no-such-interface': "Use one of this computer's own addresses as lanAddress, such as 127.0.0.1.",
            'not-permitted': 'Ports below 1024 need special rights: choose another httpPort, or 0 for a free port.',
          }),
        ),
      );
    };
    // A client may close its half as soon as it has asked. Steps on the wire are segments of their own.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
    server.maxConnections = MAXIMUM_CONNECTIONS;
    server.on('error', fail);
    server.on('listening', () => {
      resolve(
        ok({
          port: (server.address() as AddressInfo).port,
          close: () =>
            new Promise((closed) =>
              server.close(() => {
                closed();
              }),
            ),
        }),
      );
    });
    try {
      server.listen({ host: address, port, exclusive: true });
    } catch (error) {
      // A port out of range.
      fail(error);
    }
  });
}
