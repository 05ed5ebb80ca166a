import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import { checkRedirect } from '../description/location-policy.ts';
import type { PolicyError, TransportError } from '../errors.ts';
import { getRequest } from '../http/request-head.ts';
import { headerValue, type HttpResponse } from '../messages.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { httpStatusError } from '../soap/response.ts';
import { asyncResult } from './async-result.ts';

export interface FetchOptions {
  /** Milliseconds for the document, a redirect included; default 3000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

export type FetchError = TransportError | PolicyError;

/** A document, and from where it came in the end. */
export interface FetchedDocument {
  readonly url: string;
  readonly body: Uint8Array;
  readonly localAddress: string | null;
}

/** 16 KiB is too small for the SCPDs of ZTE and Sagemcom; nothing honest comes near this. */
const MAX_BODY_BYTES = 1 << 20;

/** Fetches a description. One redirect is followed, and only on the same host. */
export function fetchDocument(
  transport: Transport,
  url: string,
  { deadlineMs = 3000, signal }: FetchOptions = {},
): ResultAsync<FetchedDocument, FetchError> {
  const started = transport.clock.now();

  async function get(from: string, followed: number): Promise<Result<FetchedDocument, FetchError>> {
    const left = deadlineMs - (transport.clock.now() - started);
    const response = await transport.http.request(getRequest(from), {
      deadlineMs: left,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    });
    if (response.isErr()) return err(response.error);
    const { status, headers, body, localAddress } = response.value;
    const target = isRedirect(response.value) ? headerValue(headers, 'Location') : undefined;
    if (target !== undefined) {
      const next = checkRedirect(target, from, followed);
      return next.isErr() ? err(next.error) : get(next.value, followed + 1);
    }
    if (status < 200 || status > 299) return err(httpStatusError(status));
    return ok({ url: from, body, localAddress: localAddress ?? null });
  }

  return asyncResult<FetchedDocument, FetchError>(() => get(url, 0));
}

function isRedirect({ status }: HttpResponse): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
