import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { HttpOptions, HttpRequest } from '@portwright/core';
import { onTestFinished } from 'vitest';

/** A TCP server that speaks only the bytes it is told to; it closes with the test. */
export interface RawServer {
  readonly port: number;
  /** `http://127.0.0.1:port`, or its like for ::1. */
  readonly origin: string;
  /** What arrived, one entry for every 'data' event of any connection. */
  readonly received: Buffer[];
  /** Connections that were ever made. */
  readonly connections: Socket[];
  /** Resolves when the client has closed the connection with this number. */
  closed(connection?: number): Promise<void>;
}

/** Starts a server that calls `answer` with the first bytes of every connection, or sends them and closes. */
export async function rawServer(
  answer: string | Uint8Array | ((socket: Socket, request: Buffer) => void),
  host = '127.0.0.1',
): Promise<RawServer> {
  const received: Buffer[] = [];
  const connections: Socket[] = [];
  const closings: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    closings.push(new Promise((resolve) => socket.on('close', resolve)));
    socket.on('error', () => {});
    socket.on('data', (chunk) => received.push(chunk));
    socket.once('data', (chunk) => {
      if (typeof answer === 'function') answer(socket, chunk);
      else socket.end(answer);
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`,
    received,
    connections,
    closed: async (connection = 0) => {
      await closings[connection];
    },
  };
}

/** A GET as the core would send it. */
export function get(url: string): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: [
      ['Host', 'gateway'],
      ['Connection', 'close'],
    ],
    body: new Uint8Array(0),
  };
}

/** Limits that no test means to reach. */
export const GENEROUS: HttpOptions = { deadlineMs: 60_000, maxBodyBytes: 1_048_576 };

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
