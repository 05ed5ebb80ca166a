import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { EventListener, EventsPort, Headers, HttpRequest, TransportError } from '@portwright/core';
import { err, ok, ResultAsync } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { GrowingBuffer } from './growing-buffer.ts';
import { fromSystem } from './transport-error.ts';

/** An event message has a few state variables, some hundred bytes each. */
const MAX_BODY_BYTES = 65_536;
/** Milliseconds for a connection, from its first packet to its last; it carries one message. */
const CONNECTION_MS = 5_000;
const MAX_CONNECTIONS = 32;
/** A gateway sends the events of its services side by side, and has five services at most. */
const MAX_CONNECTIONS_OF_ONE_HOST = 8;

type Handle = (request: HttpRequest, from: string) => number;

/**
 * Events by node:http: a server on one address and a port of the system's choice, at a path of 128 random bits. It does
 * not keep the process alive.
 *
 * Errors: `no-such-interface` for an address that this host has not, `not-permitted`, `failed`.
 */
export function nodeEvents(): EventsPort {
  return { listen: (localAddress, handle) => new ResultAsync(listen(localAddress, handle)) };
}

function listen(localAddress: string, handle: Handle): Promise<Result<EventListener, TransportError>> {
  // Loaded here, since most programs never listen, and both take milliseconds.
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const { createServer } = process.getBuiltinModule('node:http');
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer({ keepAlive: false, insecureHTTPParser: true }, (request, response) => {
    serve(request, response, path, localAddress, handle);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', limiter());
  return new Promise((resolve) => {
    server.once('error', (error) => {
      resolve(err(fromSystem(error, `TCP on ${localAddress}`)));
    });
    server.listen({ host: localAddress, port: 0, exclusive: true }, () => {
      server.unref();
      resolve(ok({ url: `${originOf(server)}${path}`, close: closer(server) }));
    });
  });
}

/**
 * Ends connections that take too long, and those that one host has beyond its share. Node's own timeouts won't do: it looks
 * at them every 30 seconds.
 */
function limiter(): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const from = senderOf(socket);
    const count = (open.get(from) ?? 0) + 1;
    if (count > MAX_CONNECTIONS_OF_ONE_HOST) {
      socket.destroy();
      return;
    }
    open.set(from, count);
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
    socket.on('close', () => {
      clearTimeout(timer);
      const left = (open.get(from) ?? 0) - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  };
}

function senderOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function originOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function closer(server: Server): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () =>
    (closing ??= new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    }));
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  localAddress: string,
  handle: Handle,
): void {
  const answer = (status: number): void => {
    response.writeHead(status, { 'Content-Length': '0', Connection: 'close' }).end();
  };
  if (request.url !== path) {
    answer(404);
    return;
  }
  const body = new GrowingBuffer(MAX_BODY_BYTES);
  request.on('error', () => undefined);
  request.on('data', (piece: Uint8Array) => {
    if (!body.append(piece) && !response.headersSent) answer(413);
  });
  request.on('end', () => {
    if (response.headersSent) return;
    const { method = '', rawHeaders, socket } = request;
    const url = `http://${localAddress}${path}`;
    answer(handle({ method, url, headers: pairs(rawHeaders), body: body.toBytes() }, senderOf(socket)));
  });
}

function pairs(raw: readonly string[]): Headers {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
}
