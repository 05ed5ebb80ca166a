/** The helper on the WAN: sends datagrams to the client that is connected to it, and reports the ones that come back. */
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Endpoint, TransportError } from '@portwright/core';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import { lineReader, MAX_PAYLOAD, readSend, writeHelperMessage, type HelperMessage } from './messages.ts';

export interface WanHostOptions {
  readonly address: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly onEvent?: ((event: WanHostEvent) => void) | undefined;
  /** Milliseconds until an idle connection is closed. Default: a minute. */
  readonly idleMs?: number | undefined;
}

/** A datagram was sent, a datagram came back, or a connection was closed for a bad message. */
export interface WanHostEvent {
  readonly kind: 'sent' | 'arrived' | 'ended';
  /** The address of the client. */
  readonly client: string;
  /** The destination or the source of the datagram. */
  readonly peer: Endpoint | null;
  readonly bytes: number;
  /** Why the connection was closed. */
  readonly message: string | null;
}

export interface WanHostServer {
  readonly port: number;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
/** Longer than any check. */
const LIFETIME_MS = 600_000;
/** Connections at a time: in all, and from one address. */
const CONNECTIONS = 16;
const CONNECTIONS_OF_ONE = 4;
/** Datagrams of one connection: at once, and per second. */
const RATE = 5;
/** Bytes that wait for a client that does not read. Further ones are dropped. */
const BACKLOG = 65_536;

/**
 * Serves until it is closed. It sends datagrams only to the address that the connection comes from, so that it cannot be
 * used against a third party.
 *
 * Errors: `address-in-use`, `no-such-interface` for an address that this host does not have, `not-permitted`, `failed`.
 */
export function serveWanHost(options: WanHostOptions): ResultAsync<WanHostServer, TransportError> {
  const { address, port } = options;
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    const { remoteAddress } = connection;
    const ofOne = [...open].filter((one) => one.remoteAddress === remoteAddress);
    connection.on('error', () => undefined);
    if (remoteAddress === undefined || ofOne.length >= CONNECTIONS_OF_ONE) {
      connection.destroy();
      return;
    }
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    serveOne(connection, remoteAddress, options);
  });
  server.maxConnections = CONNECTIONS;
  return new ResultAsync(
    new Promise<Result<WanHostServer, TransportError>>((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        resolve(err(cannotListen(error, `TCP port ${port} of ${address}`)));
      });
      server.listen({ host: address, port, exclusive: true }, () => {
        const close = (): Promise<void> =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            for (const connection of open) connection.destroy();
          });
        resolve(ok({ port: (server.address() as AddressInfo).port, close }));
      });
    }),
  );
}

function serveOne(connection: Socket, client: string, { onEvent, idleMs = IDLE_MS }: WanHostOptions): void {
  const udp = createSocket('udp4');
  const mayGo = limiter();
  const say = (message: HelperMessage): void => {
    if (connection.writableLength < BACKLOG) connection.write(writeHelperMessage(message));
  };
  const tell = (kind: WanHostEvent['kind'], peer: Endpoint | null, bytes: number, message: string | null): void => {
    onEvent?.({ kind, client, peer, bytes, message });
  };
  const end = (message: string): void => {
    if (connection.destroyed || connection.writableEnded) return;
    tell('ended', null, 0, message);
    say({ kind: 'ended', message });
    connection.end();
    // The client may never read it.
    setTimeout(() => connection.destroy(), 1_000).unref();
  };
  const lifetime = setTimeout(end, LIFETIME_MS, 'open for too long').unref();
  const take = lineReader((line) => {
    if (connection.writableEnded) return;
    const asked = readSend(line);
    if (asked.isErr()) {
      end(`invalid request: ${asked.error}`);
      return;
    }
    const { peer, payload } = asked.value;
    if (peer.address !== client) {
      say({ kind: 'refused', message: `sends datagrams only to ${client}, not to ${peer.address}` });
      return;
    }
    if (!mayGo()) {
      say({ kind: 'refused', message: `sends at most ${RATE} datagrams per second` });
      return;
    }
    udp.send(payload, peer.port, peer.address, (error) => {
      tell('sent', peer, payload.length, null);
      say(error === null ? { kind: 'sent' } : { kind: 'refused', message: error.message });
    });
  });
  udp.on('message', (payload, { address, port }) => {
    // A datagram of a third party is no answer.
    if (address !== client || payload.length > MAX_PAYLOAD) return;
    tell('arrived', { address, port }, payload.length, null);
    say({ kind: 'arrived', peer: { address, port }, payload });
  });
  udp.on('error', (error) => {
    end(`the UDP socket failed: ${error.message}`);
  });
  connection.setTimeout(idleMs, () => {
    end('idle for too long');
  });
  connection.on('data', (bytes) => {
    if (!take(bytes)) end('a line is too long');
  });
  connection.on('close', () => {
    clearTimeout(lifetime);
    udp.close();
  });
  udp.bind({ address: connection.localAddress, port: 0 }, () => {
    say({ kind: 'greeting', from: client, port: udp.address().port });
  });
}

/** @returns whether another datagram may be sent now */
function limiter(): () => boolean {
  let left = RATE;
  let at = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(RATE, left + ((now - at) / 1_000) * RATE);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

const CODES: Readonly<Record<string, TransportError['code']>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'no-such-interface',
  EACCES: 'not-permitted',
};

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EADDRNOTAVAIL: 'cannot be used: the address does not belong to this computer',
  EACCES: 'cannot be used: permission denied',
};

const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program uses that port. Stop it, or pass another --port.',
  EACCES: 'Pass a --port above 1023, or run the command as administrator.',
};

function cannotListen({ code = '', message }: NodeJS.ErrnoException, what: string): TransportError {
  return {
    kind: 'transport',
    code: CODES[code] ?? 'failed',
    message: `${what} ${WORDS[code] ?? `cannot be used: ${message}`}`,
    cause: code,
    hint: HINTS[code] ?? 'Pass another --address or --port.',
  };
}
