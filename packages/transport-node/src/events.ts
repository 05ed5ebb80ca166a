import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventListener, EventsPort, Headers, HttpRequest, TransportError } from '@portwright/core';
import { err, ok, ResultAsync } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { fromSystem } from './transport-error.ts';

/** An event message has a few state variables, some hundred bytes each. */
const MAX_BODY_BYTES = 65_536;
/** Milliseconds for a message, from its first byte to its last. */
const REQUEST_TIMEOUT_MS = 5000;
/** A gateway sends one message at a time; who opens more is no gateway. */
const MAX_CONNECTIONS = 16;

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
  const options = { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAlive: false };
  const server = createServer({ ...options, insecureHTTPParser: true }, (request, response) => {
    serve(request, response, path, localAddress, handle);
  });
  server.maxConnections = MAX_CONNECTIONS;
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
  const chunks: Uint8Array[] = [];
  let length = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (!response.headersSent) answer(413);
  });
  request.on('end', () => {
    if (response.headersSent) return;
    const { method = '', rawHeaders, socket } = request;
    const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const url = `http://${localAddress}${path}`;
    answer(handle({ method, url, headers: pairs(rawHeaders), body: new Uint8Array(Buffer.concat(chunks)) }, from));
  });
}

function pairs(raw: readonly string[]): Headers {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
}
