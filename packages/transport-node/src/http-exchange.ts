import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HttpOptions, HttpRequest, HttpResponse, TransportError } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { begin } from './http-request.ts';
import { headersOf, join, refusal } from './http-response.ts';
import type { HttpTarget } from './http-target.ts';
import { fromSystem, transportError } from './transport-error.ts';

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Sends one request and reads its response: to the end, to the deadline, or to the first thing that can't be accepted. */
export function exchange(
  target: HttpTarget,
  request: HttpRequest,
  options: HttpOptions,
): Promise<Result<HttpResponse, TransportError>> {
  const subject = `${request.method} ${request.url}`;
  return new Promise((resolve) => {
    let outgoing: ClientRequest | undefined;
    let incoming: IncomingMessage | undefined;

    // Calls after the first change nothing: the promise is settled, and the socket gone.
    const settle = (result: Result<HttpResponse, TransportError>): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      outgoing?.destroy();
      resolve(result);
    };
    const fail = (code: Parameters<typeof transportError>[0]): void => {
      settle(err(transportError(code, subject)));
    };
    const abort = (): void => {
      fail('aborted');
    };
    // One timer for everything, since a slow loris keeps any idle timer from firing.
    const timer = setTimeout(fail, Math.min(options.deadlineMs, MAX_TIMER_MS), 'timeout');
    options.signal?.addEventListener('abort', abort);

    try {
      outgoing = begin(target, request, options.localAddress);
    } catch (error) {
      // A method, a header or a local address that node:http won't take.
      settle(err(fromSystem(error, subject)));
      return;
    }
    outgoing.on('error', (error) => {
      // Bytes beyond Content-Length are such an error, but the response before them is whole, and about to 'end'.
      if (!incoming?.complete) settle(err(fromSystem(error, subject)));
    });
    outgoing.on('upgrade', (_response, socket) => {
      // Nobody asked to switch protocols.
      socket.destroy();
      fail('not-http');
    });
    outgoing.on('response', (response) => {
      incoming = response;
      const status = response.statusCode ?? 0;
      const headers = headersOf(response.rawHeaders);
      const refused = refusal(status, headers);
      if (refused !== undefined) {
        fail(refused);
        return;
      }

      // Asked now, because a closed socket has forgotten it.
      const localAddress = response.socket.localAddress?.replace(/^::ffff:/, '');
      const chunks: Uint8Array[] = [];
      let length = 0;
      response.on('data', (chunk: Uint8Array) => {
        length += chunk.length;
        if (length > options.maxBodyBytes) {
          fail('too-large');
          return;
        }
        chunks.push(chunk);
      });
      response.on('error', () => {
        fail('truncated');
      });
      response.on('end', () => {
        const body = join(chunks, length);
        settle(ok({ status, headers, body, ...(localAddress === undefined ? {} : { localAddress }) }));
      });
    });
  });
}
