import type { HttpRequest } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { header } from '../http/http-reply.ts';
import { readCallback } from './callback.ts';

/** What a request to an event URL asks for. */
export type GenaRequest =
  | { readonly kind: 'subscribe'; readonly callbacks: readonly string[]; readonly timeout: Timeout }
  | { readonly kind: 'renew'; readonly sid: string; readonly timeout: Timeout }
  | { readonly kind: 'unsubscribe'; readonly sid: string };

/** Seconds, `infinite`, or null for none that could be read. */
export type Timeout = number | 'infinite' | null;

export interface GenaRefusal {
  readonly status: 400 | 405 | 412;
  /** For a person who looks at the recording. */
  readonly reason: string;
}

/**
 * UDA 1.1, 4.1.2 to 4.1.4. SID says which of the two forms of SUBSCRIBE it is: with it NT and CALLBACK must not be there
 * (400), without it both have to be (412).
 */
export function readGenaRequest({ method, headers }: HttpRequest, caller: string): Result<GenaRequest, GenaRefusal> {
  if (method !== 'SUBSCRIBE' && method !== 'UNSUBSCRIBE') return refuse(405, 'use SUBSCRIBE, UNSUBSCRIBE');
  const [sid, nt, callback] = ['sid', 'nt', 'callback'].map((name) => header(headers, name)?.trim());
  if (sid !== undefined && (nt !== undefined || callback !== undefined)) {
    return refuse(400, 'a request with SID must have neither NT nor CALLBACK');
  }
  if (method === 'UNSUBSCRIBE') {
    return sid === undefined || sid === '' ? refuse(412, 'SID is missing') : ok({ kind: 'unsubscribe', sid });
  }
  const timeout = readTimeout(header(headers, 'timeout'));
  if (sid !== undefined) return sid === '' ? refuse(412, 'SID is empty') : ok({ kind: 'renew', sid, timeout });
  if (nt !== 'upnp:event') return refuse(412, 'NT must be upnp:event');
  return readCallback(callback, caller)
    .map((callbacks) => ({ kind: 'subscribe' as const, callbacks, timeout }))
    .mapErr((reason) => ({ status: 412 as const, reason }));
}

/**
 * `Second-` and a number, or, deprecated since UDA 1.1, `infinite`. It is a wish, and the device decides: UDA has no
 * error for one that can't be read.
 */
function readTimeout(value: string | undefined): Timeout {
  const [, wish] = /^\s*second-(\d{1,10}|infinite)\s*$/i.exec(value ?? '') ?? [];
  if (wish === undefined) return null;
  return /^\d/.test(wish) ? Number(wish) : 'infinite';
}

function refuse(status: GenaRefusal['status'], reason: string): Result<never, GenaRefusal> {
  return err({ status, reason });
}
