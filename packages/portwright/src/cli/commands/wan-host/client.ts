/** The suite's side of the helper on the WAN: a transport that sends its datagrams from there. */
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Datagram, DatagramSocket, Transport, TransportError, TransportErrorCode } from '@portwright/core';
import { err, errAsync, ok, ResultAsync, type Result } from '@portwright/core/result';
import { lineReader, MAX_PAYLOAD, readHelperMessage, writeSend, type Greeting } from './messages.ts';

/** The address and port of a running `portwright wan-host`. */
export interface WanHostAddress {
  readonly address: string;
  readonly port: number;
}

/** Milliseconds to connect to the helper, and for its answer. */
const PATIENCE_MS = 5_000;
/** The number of datagrams that wait to be read. Further ones are dropped. */
const CAPACITY = 256;

/** The same transport, but the helper sends and receives its datagrams. */
export function wanHostTransport(at: WanHostAddress, transport: Transport): Transport {
  return {
    ...transport,
    datagram: {
      open: ({ family }) =>
        family === 'ipv6'
          ? errAsync(failure('no-such-interface', at, 'has no IPv6'))
          : openThere(at).map(({ socket }) => socket),
    },
  };
}

/** Connects once. @returns this host's address as the helper sees it: the gateway's external address */
export function reachWanHost(at: WanHostAddress): ResultAsync<string, TransportError> {
  return openThere(at).andThen(({ socket, greeting }) =>
    ResultAsync.fromSafePromise(socket.close()).map(() => greeting.from),
  );
}

interface Opened {
  readonly socket: DatagramSocket;
  readonly greeting: Greeting;
}

type Sent = Result<void, TransportError>;

function openThere(at: WanHostAddress): ResultAsync<Opened, TransportError> {
  return new ResultAsync(
    new Promise((resolve) => {
      const connection = connect({ host: at.address, port: at.port });
      const datagrams = new Readable({ objectMode: true, highWaterMark: CAPACITY, read: () => undefined });
      /** The calls that wait for an answer, in order. */
      const waiting: ((sent: Sent) => void)[] = [];
      let ending: TransportError | null = null;
      const finish = (error: TransportError): void => {
        ending ??= error;
        clearTimeout(patience);
        connection.destroy();
        resolve(err(ending));
        for (const answer of waiting.splice(0)) answer(err(ending));
        if (!datagrams.destroyed && !datagrams.readableEnded) datagrams.push(null);
      };
      const patience = setTimeout(() => {
        finish(failure('timeout', at, 'does not answer'));
      }, PATIENCE_MS);
      const take = lineReader((line) => {
        if (ending !== null) return;
        const read = readHelperMessage(line);
        if (read.isErr()) {
          finish(failure('failed', at, `is not "portwright wan-host": ${read.error}`));
          return;
        }
        const message = read.value;
        switch (message.kind) {
          case 'greeting':
            clearTimeout(patience);
            resolve(
              ok({ greeting: message, socket: socketOf(at, message, connection, { datagrams, waiting, finish }) }),
            );
            return;
          case 'sent':
            waiting.shift()?.(ok(undefined));
            return;
          case 'refused':
            waiting.shift()?.(err(failure('not-permitted', at, message.message)));
            return;
          case 'ended':
            finish(failure('reset', at, message.message));
            return;
          case 'arrived':
            if (datagrams.readableLength < CAPACITY) {
              datagrams.push({ payload: message.payload, from: message.peer } satisfies Datagram);
            }
        }
      });
      connection.on('data', (bytes) => {
        if (!take(bytes)) finish(failure('too-large', at, 'is not "portwright wan-host": a line is too long'));
      });
      connection.on('error', (error: NodeJS.ErrnoException) => {
        const { code = '' } = error;
        finish({ ...failure(CODES[code] ?? 'failed', at, WORDS[code] ?? error.message), cause: code });
      });
      connection.on('close', () => {
        finish(failure('reset', at, 'closed the connection'));
      });
    }),
  );
}

interface Inside {
  readonly datagrams: Readable;
  readonly waiting: ((sent: Sent) => void)[];
  readonly finish: (error: TransportError) => void;
}

function socketOf(
  at: WanHostAddress,
  { port }: Greeting,
  connection: Socket,
  { datagrams, waiting, finish }: Inside,
): DatagramSocket {
  const send = (payload: Uint8Array, to: { readonly address: string; readonly port: number }): Promise<Sent> =>
    new Promise((resolve) => {
      if (payload.length > MAX_PAYLOAD) {
        resolve(err(failure('too-large', at, `accepts at most ${MAX_PAYLOAD} bytes per datagram`)));
        return;
      }
      if (connection.destroyed) {
        resolve(err(failure('reset', at, 'closed the connection')));
        return;
      }
      const patience = setTimeout(() => {
        finish(failure('timeout', at, 'no longer answers'));
      }, PATIENCE_MS);
      waiting.push((sent) => {
        clearTimeout(patience);
        resolve(sent);
      });
      connection.write(writeSend({ peer: to, payload }));
    });
  return {
    local: { address: at.address, port },
    send: (payload, to) => new ResultAsync(send(payload, to)),
    datagrams,
    close: () => {
      finish(failure('aborted', at, 'the connection was closed'));
      return Promise.resolve();
    },
  };
}

const CODES: Readonly<Record<string, TransportErrorCode>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
};

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EHOSTUNREACH: 'is unreachable',
  ENETUNREACH: 'is unreachable',
  ETIMEDOUT: 'does not answer',
};

function failure(code: TransportErrorCode, { address, port }: WanHostAddress, what: string): TransportError {
  return {
    kind: 'transport',
    code,
    message: `the WAN host ${address}:${port} ${what}`,
    hint: `Run "portwright wan-host" there, and let its firewall accept TCP port ${port}.`,
  };
}
