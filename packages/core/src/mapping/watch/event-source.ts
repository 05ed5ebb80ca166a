/** The subscription to one service's events (GENA; UDA 1.1, chapter 4). */
import { headerValue } from '../../messages.ts';
import type { HttpRequest, HttpResponse } from '../../messages.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { decodeNotification, nextSeq } from '../../events/notification.ts';
import { decodeSubscription, encodeRenewal, encodeSubscribe, encodeUnsubscribe } from '../../events/subscription.ts';
import { hostIn } from '../../description/url.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { Result } from '../../result.ts';

/** The requested duration; devices grant less. */
const TIMEOUT_SECONDS = 1800;
/** Least time between renewals, for a device that grants a second (UDA 1.1, 4.1.2: it should grant half an hour). */
const LEAST_PAUSE_MS = 90_000;
const MAX_BODY_BYTES = 65_536;
/** Short, so that a device that is gone does not delay the end: one that is slow has got the request by then. */
const UNSUBSCRIBE_LIMITS = { deadlineMs: 1000, maxBodyBytes: MAX_BODY_BYTES };

/**
 * The outcome of a renewal.
 * - `lost`: the device did not know the subscription before it had expired, so the device has restarted. It has granted a
 *   new one.
 * - `unanswered`: the renewal is repeated later.
 * - `refused`: the device grants no subscription any more.
 */
export type Renewal = 'renewed' | 'lost' | 'unanswered' | 'refused';

export interface EventSource {
  /** When {@link EventSource.renew} is due, on the transport's clock; Infinity for a subscription without end. */
  readonly renewAt: number;
  /** Whether an event has arrived. A device sends the first at once (UDA 1.1, 4.2), unless a firewall keeps it out. */
  readonly hasReceived: boolean;
  renew(): Promise<Renewal>;
  close(): Promise<void>;
}

export interface EventSourceOptions {
  readonly eventUrl: string;
  /** The address to listen on. */
  readonly localAddress: string;
  /** Milliseconds for each request. */
  readonly deadlineMs: number;
  readonly onChange: (properties: ReadonlyMap<string, string>) => void;
  /** A gap in SEQ shows that a message was lost (UDA 1.1, 4.3.2): poll for the changes. */
  readonly onMissed: () => void;
  /** Ends requests under way. */
  readonly signal: AbortSignalLike;
}

/**
 * Subscribes to a service's events.
 *
 * A message counts only from the device's own address, with the SID of the subscription, on a path that no other host
 * can guess.
 *
 * @returns null if the transport cannot listen, or the device grants no subscription
 */
export async function subscribe(
  { events, http, clock }: Transport,
  { eventUrl, localAddress, deadlineMs, onChange, onMissed, signal }: EventSourceOptions,
): Promise<EventSource | null> {
  const device = hostIn(eventUrl);
  let sid = '';
  let expected = 0;
  let renewAt = Infinity;
  let endsAt = Infinity;
  let hasReceived = false;
  /** The first message may overtake the answer that has its SID: it waits here. */
  let early: HttpRequest | null = null;

  const listened = await events?.listen(localAddress, (request, from) => {
    if (!sameAddress(from, device)) return 412;
    if (sid !== '') return take(request);
    if (headerValue(request.headers, 'SEQ')?.trim() === '0') early = request;
    return 200;
  });
  const listener = listened?.unwrapOr(null) ?? null;
  if (listener === null) return null;
  const { url: callback, close: stopListening } = listener;

  function take(request: HttpRequest): number {
    const decoded = decodeNotification(request);
    if (decoded.isErr()) return decoded.error.status;
    const { seq, properties } = decoded.value;
    if (decoded.value.sid !== sid) return 412;
    const isNext = seq === expected;
    hasReceived = true;
    // The device repeats a message if our answer was lost.
    if (!isNext && nextSeq(seq) === expected) return 200;
    expected = nextSeq(seq);
    onChange(properties);
    if (!isNext) onMissed();
    return 200;
  }

  async function send(
    encoded: Result<HttpRequest, InvalidArgumentError>,
  ): Promise<Result<HttpResponse, InvalidArgumentError | TransportError>> {
    const limits = { deadlineMs, maxBodyBytes: MAX_BODY_BYTES, signal };
    return encoded.asyncAndThen((request) => http.request(request, limits));
  }

  function grant(seconds: number | null): void {
    endsAt = seconds === null ? Infinity : clock.now() + seconds * 1000;
    renewAt = seconds === null ? Infinity : clock.now() + Math.max(seconds * 500, LEAST_PAUSE_MS);
  }

  async function begin(): Promise<boolean> {
    sid = '';
    expected = 0;
    const answer = await send(encodeSubscribe(eventUrl, callback, TIMEOUT_SECONDS));
    const granted = answer.andThen(decodeSubscription);
    if (granted.isErr()) return false;
    sid = granted.value.sid;
    grant(granted.value.timeoutSeconds);
    if (early !== null) take(early);
    early = null;
    return true;
  }

  async function renew(): Promise<Renewal> {
    const isOver = clock.now() >= endsAt;
    const answer = await send(encodeRenewal(eventUrl, sid, TIMEOUT_SECONDS));
    const granted = answer.andThen(decodeSubscription);
    if (granted.isOk()) {
      grant(granted.value.timeoutSeconds);
      return 'renewed';
    }
    if (answer.isErr()) {
      renewAt = clock.now() + LEAST_PAUSE_MS;
      return 'unanswered';
    }
    if (await begin()) return isOver ? 'renewed' : 'lost';
    renewAt = Infinity;
    return 'refused';
  }

  if (!(await begin())) {
    await stopListening();
    return null;
  }
  return {
    get renewAt() {
      return renewAt;
    },
    get hasReceived() {
      return hasReceived;
    },
    renew,
    close: async () => {
      await stopListening();
      const request = encodeUnsubscribe(eventUrl, sid);
      // A device that does not answer drops the subscription when it expires.
      (await request.asyncAndThen((encoded) => http.request(encoded, UNSUBSCRIBE_LIMITS))).unwrapOr(null);
    },
  };
}
