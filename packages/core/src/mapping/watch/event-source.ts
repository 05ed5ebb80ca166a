/** Events of one service: subscribed to, renewed, checked, and given back. */
import { headerValue } from '../../messages.ts';
import type { HttpRequest, HttpResponse } from '../../messages.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { decodeNotification, nextSeq } from '../../events/notification.ts';
import { decodeSubscription, encodeRenewal, encodeSubscribe, encodeUnsubscribe } from '../../events/subscription.ts';
import { parseHttpUrl } from '../../description/url.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { Result } from '../../result.ts';

/** What is asked for; devices grant less. */
const TIMEOUT_SECONDS = 1800;
/** A device that grants a second is not asked every half of it: UDA 1.1, 4.1.2 wants half an hour at least. */
const LEAST_PAUSE_MS = 90_000;
const LIMITS = { deadlineMs: 5000, maxBodyBytes: 65_536 };
/** At the end nobody waits for a device that may be gone. */
const FAREWELL = { deadlineMs: 1000, maxBodyBytes: 65_536 };

/**
 * What came of a renewal. `lost`: the device knew nothing of the subscription, though its time was not over, which means
 * that it was restarted, and has granted a new one. `unanswered`: it is tried again. `refused`: there are no events.
 */
export type Renewal = 'renewed' | 'lost' | 'unanswered' | 'refused';

export interface EventSource {
  /** When {@link EventSource.renew} is due, on the transport's clock; Infinity for a subscription without end. */
  readonly renewAt: number;
  renew(): Promise<Renewal>;
  close(): Promise<void>;
}

export interface EventSourceOptions {
  readonly eventUrl: string;
  /** The address to listen on. */
  readonly localAddress: string;
  readonly onChange: (properties: ReadonlyMap<string, string>) => void;
  /** A message was lost (UDA 1.1, 4.3.2: a gap in SEQ): what has changed has to be asked for. */
  readonly onMissed: () => void;
  /** Ends what is under way. */
  readonly signal: AbortSignalLike;
}

/**
 * Subscribes, if the transport can listen and the device grants it.
 *
 * A message counts only from the device's own address, with the SID that it gave, on a path that nobody else knows.
 *
 * @returns null where there are no events to be had
 */
export async function subscribe(
  { events, http, clock }: Transport,
  { eventUrl, localAddress, onChange, onMissed, signal }: EventSourceOptions,
): Promise<EventSource | null> {
  const device = parseHttpUrl(eventUrl)
    .map(({ host }) => host)
    .unwrapOr('');
  let sid = '';
  let expected = 0;
  let renewAt = Infinity;
  let endsAt = Infinity;
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
    // Sent again, since our answer was lost.
    if (!isNext && nextSeq(seq) === expected) return 200;
    expected = nextSeq(seq);
    onChange(properties);
    if (!isNext) onMissed();
    return 200;
  }

  async function send(
    encoded: Result<HttpRequest, InvalidArgumentError>,
  ): Promise<Result<HttpResponse, InvalidArgumentError | TransportError>> {
    return encoded.asyncAndThen((request) => http.request(request, { ...LIMITS, signal }));
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
    renew,
    close: async () => {
      await stopListening();
      const request = encodeUnsubscribe(eventUrl, sid);
      // A device that is gone forgets it by itself.
      (await request.asyncAndThen((encoded) => http.request(encoded, FAREWELL))).unwrapOr(null);
    },
  };
}
