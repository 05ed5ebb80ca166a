/** The requests of eventing, and the answers to them (UDA 1.1, 4.1). */
import { err, ok, type Result } from '../result.ts';
import { parseHttpUrl } from '../description/url.ts';
import type { InvalidArgumentError, MalformedError, TransportError } from '../errors.ts';
import { hostHeader } from '../http/request-head.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { headerValue, type Header, type HttpRequest, type HttpResponse } from '../messages.ts';
import { httpStatusError, isSuccess } from '../soap/response.ts';

/** A subscription, as the device has granted it. */
export interface Subscription {
  /** The device's name for it: `uuid:...`. */
  readonly sid: string;
  /** Seconds until it has to be renewed; null: never, which UDA 1.1 has deprecated. */
  readonly timeoutSeconds: number | null;
}

/** A week; a device grants what it likes. */
const LONGEST_TIMEOUT = 604_800;

/** Asks for the events of a service, to be sent to a URL of this host (4.1.2). */
export function encodeSubscribe(
  eventUrl: string,
  callback: string,
  timeoutSeconds: number,
): Result<HttpRequest, InvalidArgumentError> {
  if (parseHttpUrl(callback).isErr() || /[<>\s]/.test(callback)) {
    return err(invalidArgument('not-a-url', 'callback', 'an absolute http URL', callback));
  }
  return checkWhole('timeoutSeconds', timeoutSeconds, 1, LONGEST_TIMEOUT).andThen((seconds) =>
    encode('SUBSCRIBE', eventUrl, [
      ['CALLBACK', `<${callback}>`],
      ['NT', 'upnp:event'],
      ['TIMEOUT', `Second-${seconds}`],
    ]),
  );
}

/** Asks for more time (4.1.3); a SUBSCRIBE with a SID has neither CALLBACK nor NT. */
export function encodeRenewal(
  eventUrl: string,
  sid: string,
  timeoutSeconds: number,
): Result<HttpRequest, InvalidArgumentError> {
  return checkWhole('timeoutSeconds', timeoutSeconds, 1, LONGEST_TIMEOUT).andThen((seconds) =>
    encode('SUBSCRIBE', eventUrl, [
      ['SID', sid],
      ['TIMEOUT', `Second-${seconds}`],
    ]),
  );
}

/** Wants no more events (4.1.4). */
export function encodeUnsubscribe(eventUrl: string, sid: string): Result<HttpRequest, InvalidArgumentError> {
  return encode('UNSUBSCRIBE', eventUrl, [['SID', sid]]);
}

/** What the device answered to a SUBSCRIBE. `Second-1800`, `infinite`; without a number that can be read: half an hour. */
export function decodeSubscription(response: HttpResponse): Result<Subscription, MalformedError | TransportError> {
  if (!isSuccess(response)) return err(httpStatusError(response.status));
  const sid = headerValue(response.headers, 'SID')?.trim() ?? '';
  if (!isSid(sid)) return err(malformed('response', 'a SID', 'the headers', sid));
  const timeout = headerValue(response.headers, 'TIMEOUT')?.trim() ?? '';
  if (/^(?:Second-)?infinite$/i.test(timeout)) return ok({ sid, timeoutSeconds: null });
  const seconds = Number(/^Second-(\d{1,9})$/i.exec(timeout)?.[1] ?? 1800);
  return ok({ sid, timeoutSeconds: Math.max(1, seconds) });
}

/** Some devices leave the `uuid:` out; what it may not hold is what would break a header. */
function isSid(text: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(text);
}

function encode(
  method: string,
  eventUrl: string,
  headers: readonly Header[],
): Result<HttpRequest, InvalidArgumentError> {
  if (parseHttpUrl(eventUrl).isErr() || eventUrl.includes('#')) {
    return err(invalidArgument('not-a-url', 'eventUrl', 'an absolute http URL', eventUrl));
  }
  const sid = headerValue(headers, 'SID');
  if (sid !== undefined && !isSid(sid)) return err(invalidArgument('forbidden-characters', 'sid', 'a SID', sid));
  const body = new Uint8Array(0);
  const all: readonly Header[] = [['Host', hostHeader(eventUrl)], ...headers, ['Connection', 'close']];
  return ok({ method, url: eventUrl, headers: all, body });
}
