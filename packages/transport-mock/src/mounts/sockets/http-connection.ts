import type { Socket } from 'node:net';
import type { ClockPort, HttpRequest, HttpResponse } from '@portwright/core';
import { encodeResponse } from '../../faults/wire-format.ts';
import { header, plainReply } from '../../http/http-reply.ts';
import { urlHost } from '../../network/ip-address.ts';
import type { HttpOutcome } from '../../network/network-host.ts';
import { ByteQueue } from './byte-queue.ts';
import { type ParsedRequest, parseRequest } from './request-parser.ts';
import { writeOutcome } from './write-outcome.ts';

export interface ConnectionService {
  /** What comes of a request from this address. */
  answer(request: HttpRequest, from: string): HttpOutcome;
  /** Is told of what was no request, and of the answer to it. */
  refused(received: Uint8Array, response: HttpResponse, from: string): void;
  /** The SERVER header of answers to what is no request. */
  server(): string;
  readonly clock: ClockPort;
  /** Milliseconds of real time in which a request has to be complete, and then 408; and for a client to read on. */
  readonly requestDeadlineMs: number;
}

/**
 * Milliseconds in which the client may still read, and what it sends is dropped. A connection that is closed with unread
 * bytes is reset, and "there is a significant risk that the client will not be able to read the last HTTP response"
 * (RFC 9112, 9.6).
 */
const LINGER_MS = 2_000;

/** Of what is no request. */
const RECORDED_BYTES = 1_024;
const NOTHING: Uint8Array = new Uint8Array();

/** Reads one request, answers it, and closes; whatever the client sends, nothing is thrown. */
export function serveConnection(socket: Socket, service: ConnectionService): void {
  const { answer, refused, server, clock, requestDeadlineMs } = service;
  const input = new ByteQueue();
  const parser = parseRequest(input);
  const closed = new AbortController();
  let isReading = true;
  /** What has arrived first, for the recording. */
  let head: Uint8Array = NOTHING;

  const linger = (): void => {
    timer = setTimeout(() => socket.destroy(), LINGER_MS);
  };
  const refuse = (status: number, reason: string): void => {
    stopReading();
    const response = plainReply(server(), status, reason);
    refused(new Uint8Array(head), response, plainAddress(socket.remoteAddress));
    socket.end(encodeResponse(response));
    linger();
  };
  const stopReading = (): void => {
    isReading = false;
    clearTimeout(timer);
  };
  const respond = async (parsed: ParsedRequest): Promise<void> => {
    stopReading();
    const request = toHttpRequest(parsed, socket);
    if (request === null) {
      refuse(400, 'the request has no target or no host');
      return;
    }
    const outcome = answer(request, plainAddress(socket.remoteAddress));
    await writeOutcome(socket, outcome, {
      method: parsed.method,
      clock,
      stalledMs: requestDeadlineMs,
      closed: closed.signal,
    });
    if (!socket.destroyed) linger();
  };
  const read = (): void => {
    while (isReading) {
      const { done, value } = parser.next();
      if (done === true) void respond(value);
      else if (value.kind === 'refused') refuse(value.status, value.reason);
      else if (value.kind === 'continue') socket.write(encodeResponse({ status: 100, headers: [], body: NOTHING }));
      else return;
    }
  };

  let timer = setTimeout(() => {
    refuse(408, `no request within ${requestDeadlineMs} ms`);
  }, requestDeadlineMs);
  socket.on('data', (bytes) => {
    if (!isReading) return;
    if (head.length < RECORDED_BYTES) head = Buffer.concat([head, bytes]).subarray(0, RECORDED_BYTES);
    input.push(bytes);
    read();
  });
  socket.on('end', () => {
    if (!isReading) return;
    stopReading();
    if (socket.bytesRead === 0) socket.end();
    else refuse(400, 'the request is incomplete');
  });
  // A client that reads nothing of its answer would hold one of few connections.
  socket.on('timeout', () => socket.destroy());
  // 'close' follows, and nothing else is to be done about a client that is gone.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    stopReading();
    closed.abort();
  });
}

/** An address or a name, and a port (RFC 9110, 7.2). */
export function isHostHeader(value: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+(?:%[\w.%-]+)?\])(?::\d{1,5})?$/i.test(value);
}

/** Null: the target is none of RFC 9112, 3.2, or the host none. Without a host it is this one. */
function toHttpRequest({ method, target, headers, body }: ParsedRequest, socket: Socket): HttpRequest | null {
  const own = `${urlHost(plainAddress(socket.localAddress))}:${socket.localPort ?? 0}`;
  const host = header(headers, 'host') ?? own;
  const origin = `http://${host}`;
  if (!isHostHeader(host)) return null;
  if (/^http:\/\//i.test(target)) return { method, url: target, headers, body };
  if (target === '*') return { method, url: `${origin}/*`, headers, body };
  return target.startsWith('/') ? { method, url: `${origin}${target}`, headers, body } : null;
}

/** An IPv4 address that a socket for both families shows as `::ffff:192.168.1.2`. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}
