import { connect, isIP, type Socket } from 'node:net';
import type { HttpOptions, HttpPort, HttpRequest, HttpResponse, TransportError } from '@portwright/core';
import { nodeClock } from '@portwright/transport-node';
import { err, type Result, ResultAsync } from '@portwright/core/result';
import { slicedClock } from '../sliced-clock.ts';
import { failureOf, type HttpDefect, transportError } from './http-defects.test-support.ts';
import { AnswerReader } from './http-reader.test-support.ts';

/** What has arrived gets read before a deadline passes, however busy the machine is: a defect shows on each. */
const CLOCK = slicedClock(nodeClock());

/**
 * HTTP by node:net, by hand: as it should be, but for one defect. Each defect is named after the case that has to find it,
 * and is one that a client is easily written with.
 */
export function httpByHand(defect: HttpDefect | null): HttpPort {
  const has = (one: HttpDefect): boolean => one === defect;
  let last: Promise<unknown> = Promise.resolve();
  const idle: Socket[] = [];
  return {
    request: (request, options) => {
      const run = (): Promise<Result<HttpResponse, TransportError>> => exchange(request, options, has, idle);
      if (!has('http/parallel')) return new ResultAsync(run());
      const turn = last.then(run);
      last = turn;
      return new ResultAsync(turn);
    },
  };
}

type Has = (defect: HttpDefect) => boolean;

async function exchange(
  request: HttpRequest,
  options: HttpOptions,
  has: Has,
  idle: Socket[],
): Promise<Result<HttpResponse, TransportError>> {
  const { deadlineMs, signal } = options;
  if (signal?.aborted === true && !has('http/aborted-before')) return err(transportError('aborted'));
  const target = /^http:\/\/(\[[\da-f:.]+\]|[\d.]+)(?::(\d+))?(\/.*)?$/i.exec(request.url);
  if (target === null) return err(transportError('failed'));
  const [, bracketed = '', port = '80', path = '/'] = target;
  const host = has('http/ipv6') ? bracketed : bracketed.replace(/^\[(.*)\]$/, '$1');
  const head = headOf(request, path, has);
  if (head === null || isIP(host) === 0) return err(transportError('failed'));

  return new Promise((resolve) => {
    const pooled = idle.pop();
    const socket = pooled ?? connect({ host, port: Number(port), allowHalfOpen: true, ...boundTo(options, has) });
    const reader = new AnswerReader(options.maxBodyBytes, has);
    let isSettled = false;
    let localAddress: string | undefined;
    let deadline: AbortController | undefined;
    const settle = (result: Result<HttpResponse, TransportError>, keepOpen = false): void => {
      if (isSettled) return;
      isSettled = true;
      deadline?.abort();
      if (!has('http/signal-released')) signal?.removeEventListener('abort', abort);
      if (!keepOpen) socket.destroy();
      resolve(result);
    };
    const abort = (): void => {
      if (has(reader.hasHead ? 'http/aborted-within-body' : 'http/aborted-waiting')) return;
      settle(err(transportError('aborted')));
    };
    const arm = (): void => {
      deadline?.abort();
      const { signal: isOff } = (deadline = new AbortController());
      void CLOCK.sleep(deadlineMs, isOff).then(() => {
        if (!isOff.aborted) settle(err(transportError('timeout')), has('http/closed-at-deadline'));
      });
    };
    const finish = (hasEnded: boolean): void => {
      const result = reader.read(hasEnded);
      if (result === null) return;
      const read = result.map((response) => ({
        ...response,
        ...(has('http/local-address-told') ? {} : { localAddress: localAddress ?? '' }),
      }));
      settle(read, leavesOpen(read, hasEnded, has, socket, idle));
    };

    if (!has('http/deadline')) arm();
    signal?.addEventListener('abort', abort);
    socket.on('connect', () => {
      localAddress = socket.localAddress;
    });
    localAddress = pooled?.localAddress;
    socket.on('data', (chunk) => {
      if (deadline === undefined) arm();
      reader.take(chunk);
      finish(false);
      if (has(reader.drips)) arm();
    });
    socket.on('end', () => {
      finish(true);
    });
    socket.on('error', (error) => {
      settle(err(failureOf(error, reader.length, has)));
    });
    // A defect that waits for ever waits no longer than its case.
    socket.on('close', () => {
      settle(err(transportError('reset')));
    });
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bodyOf(request, has)]));
    if (has('http/open-until-answered')) socket.end();
  }).then(async (result) => {
    const first = result as Result<HttpResponse, TransportError>;
    if (first.isErr()) {
      const isForeign = has('http/local-address-unknown') && first.error.code === 'no-such-interface';
      return isForeign ? exchange(request, { ...options, localAddress: undefined }, has, idle) : first;
    }
    const { status, headers } = first.value;
    if (has('http/error-status') && status >= 400) return err(transportError('http-status'));
    const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
    const isFollowed = has('http/redirect') && status >= 300 && status < 400 && location !== undefined;
    return isFollowed ? exchange({ ...request, url: location }, options, has, idle) : first;
  });
}

/** Null for what can't be sent. */
function headOf({ method, headers, body }: HttpRequest, path: string, has: Has): string | null {
  const isClean = headers.every(([name, value]) => /^[\w-]+$/.test(name) && !/[\r\n]/.test(value));
  if (!isClean && !has('http/bad-request')) return null;
  if (!/^[A-Z-]+$/.test(method)) return null;
  let fields = headers;
  if (has('http/header-twice')) fields = [...new Map(headers)];
  if (has('http/header-order')) fields = headers.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  if (has('http/header-values')) fields = headers.map(([name, value]) => [name, value.toLowerCase()]);
  if (has('http/header-spelling')) fields = headers.map(([name, value]) => [name.toLowerCase(), value]);
  if (has('http/nothing-added')) fields = [...headers, ['User-Agent', 'by hand']];
  const verb = has('http/method') && method !== 'GET' ? 'POST' : method;
  const place = has('http/target') ? new URL(path, 'http://192.0.2.1').href.slice(16) : path;
  const version = has('http/request-line') ? 'HTTP/1.0' : 'HTTP/1.1';
  // A bug of browsers in the past: a line break after the body.
  const after = has('http/nothing-after') && body.length === 0 ? '\r\n' : '';
  return `${verb} ${place} ${version}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${after}`;
}

function bodyOf({ body }: HttpRequest, has: Has): Uint8Array {
  if (has('http/large-request-body')) return body.subarray(0, 65_536);
  return has('http/request-body') ? body.map((byte) => byte & 0x7f) : body;
}

function boundTo({ localAddress }: HttpOptions, has: Has): { readonly localAddress?: string } {
  if (localAddress === undefined) return {};
  // The first address of the interface that has it.
  const isLoopback = localAddress.startsWith('127.');
  return { localAddress: has('http/local-address-used') && isLoopback ? '127.0.0.1' : localAddress };
}

function leavesOpen(
  result: Result<HttpResponse, TransportError>,
  hasEnded: boolean,
  has: Has,
  socket: Socket,
  idle: Socket[],
): boolean {
  if (result.isErr()) return false;
  if (has('http/half-close')) return hasEnded;
  const wantsToStay = result.value.headers.some(([name, value]) => `${name}: ${value}` === 'Connection: keep-alive');
  if (has('http/connection-each') && wantsToStay) {
    socket.removeAllListeners().on('error', () => undefined);
    idle.push(socket);
    void CLOCK.sleep(100).then(() => socket.destroy());
    return true;
  }
  return has('http/closed-afterwards') && wantsToStay;
}
