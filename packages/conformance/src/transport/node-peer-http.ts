import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressFamily, HttpRequest, TransportError } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import type { Answer, HttpPeer, HttpServer, PeerConnection, PeerRequest, WireStep } from './peer.ts';
import { binary } from './messages.ts';
import { failed, HOSTS, originOf } from './node-peer-hosts.ts';
import { bindLastingPort } from './node-peer-ports.ts';
import { SLICE_MS } from './sliced-clock.ts';

/** Milliseconds for which the server keeps its side open when the client has closed its own before the answer. */
const LINGER_MS = 1500;

/** TCP servers on loopback that write the bytes that they are told to. */
export function nodeHttpPeer(): HttpPeer {
  const onLinux = process.platform === 'linux';
  return {
    serve: (answer, family) => new ResultAsync(serve(answer, family)),
    refusing: () => new ResultAsync(refusing()),
    // TCP to a group: the kernel says so itself, and no packet leaves.
    unreachable: onLinux ? 'http://224.0.0.1:80' : null,
    // All of 127.0.0.0/8 is this host's, on Linux.
    secondAddress: onLinux ? { family: 'ipv4', address: '127.0.0.2' } : null,
    // TEST-NET-3 (RFC 5737).
    foreignAddress: '203.0.113.77',
    send,
  };
}

async function serve(
  answer: (request: PeerRequest) => Answer,
  family: AddressFamily,
): Promise<Result<HttpServer, TransportError>> {
  const connections: PeerConnection[] = [];
  const sockets = new Set<Socket>();
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let requests = 0;
  const onRequest = (): void => {
    requests += 1;
    for (const { count, resolve } of waiting) if (requests >= count) resolve();
  };
  // Half open, so that the end of one side is the end of one side.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connections.push(serveConnection(socket, answer, onRequest));
  });
  const listening = await listen(server, HOSTS[family]);
  return listening.map(() => ({
    origin: originOf(server.address() as AddressInfo),
    connections,
    arrived: (count) =>
      new Promise((resolve) => {
        if (requests >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  }));
}

function serveConnection(
  socket: Socket,
  answer: (request: PeerRequest) => Answer,
  onRequest: () => void,
): PeerConnection {
  const chunks: Buffer[] = [];
  let request: PeerRequest | null = null;
  let halfClosedEarly = false;
  let isAnswered = false;
  socket.on('error', () => undefined);
  const gone = new Promise<void>((resolve) =>
    socket.on('close', () => {
      resolve();
    }),
  );
  socket.on('end', () => {
    if (isAnswered) {
      socket.end();
      return;
    }
    halfClosedEarly = true;
    // Such a client may still read: nobody can tell it from one that has gone.
    void passed(socket, LINGER_MS).then(() => {
      if (!socket.destroyed) socket.end();
    });
  });
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    if (request !== null) return;
    request = readRequest(Buffer.concat(chunks), socket.remoteAddress ?? '');
    if (request === null) return;
    onRequest();
    void perform(socket, answer(request).wire, () => {
      isAnswered = true;
    });
  });
  return {
    get request() {
      return request;
    },
    received: () => new Uint8Array(Buffer.concat(chunks)),
    halfClosedEarly: () => halfClosedEarly,
    gone,
  };
}

/** A request, once its head and as much as its Content-Length says are there. */
function readRequest(bytes: Buffer, from: string): PeerRequest | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [line = '', ...fields] = binary(bytes.subarray(0, end)).split('\r\n');
  const [, method = '', target = ''] = /^(\S*) (.*) HTTP\/1\.[01]$/.exec(line) ?? [];
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()] as const;
  });
  const length = Number(headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0);
  const body = new Uint8Array(bytes.subarray(end + 4, end + 4 + length));
  return body.length < length ? null : { method, target, headers, body, from };
}

/** Does one thing after another; `onLast` is called just before the last one, and never for silence. */
async function perform(socket: Socket, steps: readonly WireStep[], onLast: () => void): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (socket.destroyed) return;
    if (index === steps.length - 1) onLast();
    if (step.kind === 'bytes') await written(socket, step.bytes);
    else if (step.kind === 'wait') await passed(socket, step.ms);
    else if (step.kind === 'end') socket.end();
    else socket.resetAndDestroy();
  }
}

/** Each write leaves by itself: the next one waits for it, and for the client to be let read it. */
function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
    socket.write(bytes, () => {
      socket.off('close', resolve);
      // One turn ends the one in which it was written; in the next the client, if it is in this process, reads.
      setImmediate(setImmediate, resolve);
    });
  });
}

/** In slices, so that a client in this process gets its turns meanwhile, however busy the machine is. */
async function passed(socket: Socket, ms: number): Promise<void> {
  for (let left = ms; left > 0 && !socket.destroyed; left -= SLICE_MS) await sleep(Math.min(left, SLICE_MS));
}

/** A port that was just free. */
async function refusing(): Promise<Result<string, TransportError>> {
  return bindLastingPort(async (port) => {
    const server = createServer();
    const listening = await listen(server, HOSTS.ipv4, port);
    if (listening.isErr()) return err(listening.error);
    const origin = originOf(server.address() as AddressInfo);
    await new Promise((resolve) => server.close(resolve));
    return ok(origin);
  });
}

function listen(server: Server, host: string, port = 0): Promise<Result<void, TransportError>> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      resolve(failed(`listening on ${host}`, error));
    });
    server.listen({ host, port, exclusive: true }, () => {
      resolve(ok(undefined));
    });
  });
}

/** Sends a request as it is, and reads the status line of the answer. */
function send({ method, url, headers, body }: HttpRequest): Promise<number | null> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) });
    let text = '';
    const finish = (): void => {
      socket.destroy();
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
      resolve(status === undefined ? null : Number(status));
    };
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    for (const event of ['end', 'error', 'close'] as const) socket.once(event, finish);
    const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(Buffer.concat([Buffer.from(`${method} ${pathname} HTTP/1.1\r\n${fields}\r\n`, 'latin1'), body]));
  });
}
