import type {
  HttpOptions,
  HttpPort,
  HttpRequest,
  HttpResponse,
  TransportError,
  TransportErrorCode,
} from '@portwright/core';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';

/** The longest delay that a timer of the platform takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What undici, the fetch of Node, calls what went wrong; browsers keep it to themselves. */
const CODES: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['UND_ERR_SOCKET', 'truncated'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too-large'],
]);

/**
 * HTTP over `fetch`, for places that have no sockets: a page that the router lets read its answers, an extension, an edge
 * worker. There is no UDP in any of them, so a gateway is found by the URL of its description.
 */
export function fetchHttp(): HttpPort {
  return { request: (request, options) => new ResultAsync(exchange(request, options)) };
}

async function exchange(request: HttpRequest, options: HttpOptions): Promise<Result<HttpResponse, TransportError>> {
  const { deadlineMs, maxBodyBytes, localAddress, signal } = options;
  const fail = (code: TransportErrorCode, cause?: string): Result<never, TransportError> =>
    err({ kind: 'transport', code, message: `${request.method} ${request.url}: ${code}`, ...(cause && { cause }) });
  if (signal?.aborted) return fail('aborted');
  if (!request.url.startsWith('http://')) return fail('failed', 'ERR_INVALID_URL');
  // fetch can't choose the address to connect from, and another one would be mapped to the wrong host.
  if (localAddress !== undefined) return fail('no-such-interface');

  // One controller for both reasons to stop, since fetch takes one signal, and the first reason counts.
  const stop = new AbortController();
  let reason: TransportErrorCode | undefined;
  const stopFor = (why: TransportErrorCode): void => {
    reason ??= why;
    stop.abort();
  };
  const onAbort = (): void => {
    stopFor('aborted');
  };
  const timer = setTimeout(stopFor, Math.min(deadlineMs, MAX_TIMER_MS), 'timeout');
  signal?.addEventListener('abort', onAbort);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, value]),
      // A GET must not have one, not even an empty one.
      body: request.body.length > 0 ? new Uint8Array(request.body) : null,
      redirect: 'manual',
      credentials: 'omit',
      signal: stop.signal,
    });
    // fetch has unpacked it without being asked, and a small answer may have become a large one.
    if (!/^(?:identity)?$/i.test(response.headers.get('content-encoding') ?? '')) return fail('unsupported-encoding');
    const body = await readBody(response, maxBodyBytes);
    if (body === null) return fail('too-large');
    return ok({ status: response.status, headers: [...response.headers], body });
  } catch (error) {
    const cause = causeOf(error);
    return fail(reason ?? CODES.get(cause) ?? (cause.startsWith('HPE_') ? 'not-http' : 'failed'), cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Also what was not read to its end.
    stop.abort();
  }
}

/** The body, or null as soon as there is more of it than allowed. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/** undici wraps what the system said. */
function causeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  const text = cause?.code ?? code;
  return typeof text === 'string' ? text : '';
}
