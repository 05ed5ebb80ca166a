import { err, ok, safeTry, type ResultAsync } from '../result.ts';
import { checkRedirect } from '../description/location-policy.ts';
import type { PolicyError, TransportError, InvalidArgumentError } from '../errors.ts';
import { withHint } from '../hints.ts';
import { getRequest } from '../http/request-head.ts';
import { headerValue } from '../messages.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { httpStatusError, isSuccess } from '../soap/response.ts';

export interface FetchOptions {
  /** Milliseconds for the document, a redirect included; default 3000. */
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

/** 16 KiB is too small for the SCPDs of ZTE and Sagemcom; no honest document comes near this, and no honest answer. */
export const MAX_BODY_BYTES: number = 1 << 20;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Fetches a description. One redirect is followed, and only on the same host. */
export function fetchDocument(
  transport: Transport,
  url: string,
  { deadlineMs = 3000, signal }: FetchOptions = {},
): ResultAsync<FetchedDocument, FetchError> {
  const { clock, http } = transport;
  const limit = clock.now() + deadlineMs;

  function get(from: string, followed: number): ResultAsync<FetchedDocument, FetchError> {
    return safeTry<FetchedDocument, FetchError>(async function* () {
      const limits = { deadlineMs: limit - clock.now(), maxBodyBytes: MAX_BODY_BYTES, signal };
      const response = yield* http.request(getRequest(from), limits).mapErr(withHint);
      const { status, headers, body, localAddress = null } = response;
      const target = REDIRECTS.includes(status) ? headerValue(headers, 'Location') : undefined;
      if (target !== undefined) return get(yield* checkRedirect(target, from, followed), followed + 1);
      return isSuccess(response) ? ok({ url: from, body, localAddress }) : err(httpStatusError(status));
    });
  }

  return get(url, 0);
}
