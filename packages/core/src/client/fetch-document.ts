import { err, ok, safeTry, type ResultAsync } from '../result.ts';
import { checkRedirect } from '../description/location-policy.ts';
import type { PolicyError, TransportError, InvalidArgumentError } from '../errors.ts';
import { withHint } from '../hints.ts';
import { getRequest } from '../http/request-head.ts';
import { headerValue } from '../messages.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import type { HttpResponse } from '../messages.ts';
import { httpStatusError, isSuccess } from '../soap/response.ts';
import { createQueue, DEFAULT_DEADLINE_MS, type Queue } from './queue.ts';

export interface FetchOptions {
  /** Milliseconds for the document, a redirect and repetitions included; default 8000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

export type FetchError = InvalidArgumentError | TransportError | PolicyError;

/** A document, and from where it came in the end. */
export interface FetchedDocument {
  readonly url: string;
  readonly body: Uint8Array;
  readonly localAddress: string | null;
}

/** No honest document comes near this, and no honest answer. */
export const MAX_BODY_BYTES: number = 1 << 20;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Fetches a description. One redirect is followed, and only on the same host.
 *
 * @param queue - that of the gateway; default: a new one, since nothing is known of the host yet
 */
export function fetchDocument(
  transport: Transport,
  url: string,
  {
    deadlineMs = DEFAULT_DEADLINE_MS,
    signal,
    maxBodyBytes = MAX_BODY_BYTES,
  }: FetchOptions & { readonly maxBodyBytes?: number } = {},
  queue: Queue = createQueue(),
): ResultAsync<FetchedDocument, FetchError> {
  const { clock, http } = transport;
  const limit = clock.now() + deadlineMs;

  function get(from: string, followed: number): ResultAsync<FetchedDocument, FetchError> {
    return safeTry<FetchedDocument, FetchError>(async function* () {
      const send = (leftMs: number): ResultAsync<HttpResponse, TransportError> =>
        http
          .request(getRequest(from), { deadlineMs: leftMs, maxBodyBytes, signal })
          .mapErr(withHint)
          .andThen((answer) =>
            isSuccess(answer) || redirectOf(answer) !== undefined ? ok(answer) : err(httpStatusError(answer.status)),
          );
      const limits = { deadlineMs: limit - clock.now(), signal };
      const response = yield* await queue({ url: from, name: from, isRead: true, clock, limits, send });
      const target = redirectOf(response);
      if (target !== undefined) return get(yield* checkRedirect(target, from, followed), followed + 1);
      const { body, localAddress = null } = response;
      return ok({ url: from, body, localAddress });
    });
  }

  return get(url, 0);
}

function redirectOf({ status, headers }: HttpResponse): string | undefined {
  return REDIRECTS.includes(status) ? headerValue(headers, 'Location') : undefined;
}
