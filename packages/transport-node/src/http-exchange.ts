import type { Socket } from 'node:net';
import type { HttpOptions, HttpRequest, HttpResponse, TransportError } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { encodeRequest } from './http-request.ts';
import { ResponseReader } from './http-response.ts';
import type { HttpTarget } from './http-target.ts';
import { fromSystem, transportError } from './transport-error.ts';

/** The longest delay that setTimeout takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Most answers are shorter. */
const READ_BYTES = 16_384;

/** Sends one request and reads its response: to the end, to the deadline, or to the first thing that can't be accepted. */
export function exchange(
  target: HttpTarget,
  request: HttpRequest,
  { deadlineMs, maxBodyBytes, localAddress, signal }: HttpOptions,
): Promise<Result<HttpResponse, TransportError>> {
  const subject = `${request.method} ${request.url}`;
  const encoded = encodeRequest(target, request);
  if (encoded.isErr()) return Promise.resolve(err(encoded.error));
  return new Promise((resolve) => {
    const reader = new ResponseReader(maxBodyBytes);
    let close = (): void => undefined;
    let leftFrom: string | undefined;

    // Calls after the first change nothing: the promise is settled, and the socket gone.
    const settle = (result: Result<HttpResponse, TransportError>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      close();
      resolve(result);
    };
    const fail = (code: Parameters<typeof transportError>[0]): void => {
      settle(err(transportError(code, subject)));
    };
    const abort = (): void => {
      fail('aborted');
    };
    const finish = (read: ReturnType<ResponseReader['take']>): void => {
      read?.match((response) => {
        settle(ok({ ...response, ...(leftFrom === undefined ? {} : { localAddress: leftFrom }) }));
      }, fail);
    };
    // One timer for everything, since a slow loris keeps any idle timer from firing.
    const timer = setTimeout(fail, Math.min(deadlineMs, MAX_TIMER_MS), 'timeout');
    signal?.addEventListener('abort', abort);

    // One buffer for all reads. Node would make one of 64 KiB for each, and eight bodies in chunks of one byte take 70 MiB.
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const onread = {
      buffer,
      callback: (length: number): boolean => {
        finish(reader.take(buffer.subarray(0, length)));
        return true;
      },
    };

    const { host, port } = target;
    let connection: Socket;
    try {
      const { connect } = process.getBuiltinModule('node:net');
      connection = connect({ host, port, onread, ...(localAddress === undefined ? {} : { localAddress }) });
    } catch (error) {
      // A local address that node:net won't take.
      settle(err(fromSystem(error, subject)));
      return;
    }
    close = () => {
      connection.destroy();
    };
    connection.on('connect', () => {
      // Asked now, because a closed socket has forgotten it.
      leftFrom = connection.localAddress?.replace(/^::ffff:/, '');
    });
    connection.on('error', (error) => {
      settle(err(fromSystem(error, subject)));
    });
    connection.on('end', () => {
      finish(reader.end());
    });
    connection.write(encoded.value);
  });
}
