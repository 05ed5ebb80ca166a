/** Events of one service: subscribed to, renewed, checked, and given back. */
import { headerValue } from '../messages.ts';
import type { HttpRequest } from '../messages.ts';
import type { EventListener, Transport } from '../ports.ts';
import { decodeNotification, nextSeq } from '../events/notification.ts';
import { decodeSubscription, encodeRenewal, encodeSubscribe, encodeUnsubscribe } from '../events/subscription.ts';
import { parseHttpUrl } from '../description/url.ts';
import { sameAddress } from '../description/ip-address.ts';

/** What is asked for; devices grant less. */
const TIMEOUT_SECONDS = 1800;
const LIMITS = { deadlineMs: 5000, maxBodyBytes: 65_536 };

export interface EventSource {
  /** When {@link EventSource.renew} is due, on the transport's clock; Infinity while there is no subscription. */
  readonly renewAt: number;
  /** Asks for more time; subscribes anew if the device knows nothing of it, which means that it was restarted. */
  renew(): Promise<'renewed' | 'renewed anew' | 'refused'>;
  close(): Promise<void>;
}

/**
 * Subscribes, if the transport can listen and the device grants it.
 *
 * A message counts only from the device's own address, with the SID that it gave, on a path that nobody else knows.
 *
 * @param onMissed - a message was lost (4.3.2: a gap in SEQ): what has changed has to be asked for
 * @returns null where there are no events to be had
 */
export async function subscribe(
  { events, http, clock }: Transport,
  eventUrl: string,
  localAddress: string,
  onChange: (properties: ReadonlyMap<string, string>) => void,
  onMissed: () => void,
): Promise<EventSource | null> {
  const device = parseHttpUrl(eventUrl)
    .map(({ host }) => host)
    .unwrapOr('');
  let sid = '';
  let expected = 0;
  let renewAt = Infinity;
  /** The first message may overtake the answer that has its SID: it waits here. */
  let early: HttpRequest | null = null;

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

  const opened = await events?.listen(localAddress, (request, from) => {
    if (!sameAddress(from, device)) return 412;
    if (sid !== '') return take(request);
    if (headerValue(request.headers, 'SEQ')?.trim() === '0') early = request;
    return 200;
  });
  const listener: EventListener | null = opened?.unwrapOr(null) ?? null;
  if (listener === null) return null;

  async function begin(): Promise<boolean> {
    sid = '';
    expected = 0;
    const request = encodeSubscribe(eventUrl, listener?.url ?? '', TIMEOUT_SECONDS);
    const granted = await request.asyncAndThen((encoded) => http.request(encoded, LIMITS)).andThen(decodeSubscription);
    if (granted.isErr()) return false;
    sid = granted.value.sid;
    renewAt = dueAfter(granted.value.timeoutSeconds);
    if (early !== null) take(early);
    early = null;
    return true;
  }

  const dueAfter = (seconds: number | null): number => (seconds === null ? Infinity : clock.now() + seconds * 500);

  if (!(await begin())) {
    await listener.close();
    return null;
  }
  return {
    get renewAt() {
      return renewAt;
    },
    renew: async () => {
      const request = encodeRenewal(eventUrl, sid, TIMEOUT_SECONDS);
      const granted = await request
        .asyncAndThen((encoded) => http.request(encoded, LIMITS))
        .andThen(decodeSubscription);
      if (granted.isOk()) {
        renewAt = dueAfter(granted.value.timeoutSeconds);
        return 'renewed';
      }
      if (await begin()) return 'renewed anew';
      renewAt = Infinity;
      return 'refused';
    },
    close: async () => {
      await listener.close();
      const request = encodeUnsubscribe(eventUrl, sid);
      // A device that is gone forgets it by itself.
      (await request.asyncAndThen((encoded) => http.request(encoded, LIMITS))).unwrapOr(null);
    },
  };
}
