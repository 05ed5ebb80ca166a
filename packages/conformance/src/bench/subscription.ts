import { headerValue, type Headers, type HttpRequest, type HttpResponse } from '@portwright/core';
import { ok, type Result, ResultAsync } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { authorityOf, readUtf8 } from '../wire/text.ts';
import { readXml } from '../wire/xml.ts';
import { type Caller, send } from './caller.ts';
import type { UndoList } from './undo.ts';

/** An event message, taken apart. */
export interface Notification {
  readonly sid: string;
  readonly seq: string;
  /** Values by the names of their variables; empty where the body can't be read. */
  readonly properties: ReadonlyMap<string, string>;
}

/** A SUBSCRIBE of the suite's own, and what came of it. */
export interface Subscription {
  readonly response: HttpResponse;
  /** Null: refused. */
  readonly sid: string | null;
  /** The first event that is wanted, from those that have come or will within that time. */
  next(isWanted: (event: Notification) => boolean, waitMs: number): ResultAsync<Notification, Shortfall>;
}

/** Events at most that are kept. */
const CAPACITY = 1_000;

export interface SubscribeOptions {
  readonly self: Caller;
  readonly eventUrl: string;
  readonly undoing: UndoList;
  readonly signal: () => AbortSignal | undefined;
}

/** A request to an event URL (UDA 1.1, 4.1). Nothing is checked: some are wrong on purpose. */
export function genaRequest(method: 'SUBSCRIBE' | 'UNSUBSCRIBE', eventUrl: string, headers: Headers): HttpRequest {
  return {
    method,
    url: eventUrl,
    headers: [['Host', authorityOf(eventUrl)], ...headers, ['Connection', 'close']],
    body: new Uint8Array(),
  };
}

/** A place for events, and what has come there. */
export interface Listener {
  readonly url: string;
  readonly next: Subscription['next'];
}

/** Listens for events, to the end of the check. */
export function listen({ self, undoing, signal }: SubscribeOptions): ResultAsync<Listener, Shortfall> {
  return new ResultAsync(openListener(self, undoing, signal));
}

async function openListener(
  { transport: { events, clock }, address }: Caller,
  undoing: UndoList,
  signal: SubscribeOptions['signal'],
): Promise<Result<Listener, Shortfall>> {
  const heard: Notification[] = [];
  let wake = new AbortController();
  const listener = await events?.listen(address, (request) => {
    if (heard.length < CAPACITY) heard.push(readNotification(request));
    wake.abort();
    wake = new AbortController();
    return 200;
  });
  if (listener === undefined) return inconclusive('a listener for events', 'this transport has no events port');
  if (listener.isErr()) return inconclusive('a listener for events', listener.error.message);
  const { url, close } = listener.value;
  undoing.add('a listener for events', async () => {
    await close();
    return true;
  });
  const find = async (
    isWanted: (event: Notification) => boolean,
    waitMs: number,
  ): Promise<Result<Notification, Shortfall>> => {
    const end = clock.now() + waitMs;
    for (;;) {
      const found = heard.find(isWanted);
      if (found !== undefined) return ok(found);
      const left = end - clock.now();
      const ended = signal();
      if (left <= 0 || ended?.aborted === true) {
        // Who keeps it away can't be told from here: a gateway that sends none, or the firewall of this host.
        return heard.length === 0
          ? inconclusive(
              'an event',
              `no connection to ${url}: the gateway sent no event, or the firewall of this host blocks it`,
            )
          : missed('an event', `${heard.length} others arrived`);
      }
      await clock.sleep(left, ended === undefined ? wake.signal : AbortSignal.any([wake.signal, ended]));
    }
  };
  return ok({ url, next: (isWanted, waitMs) => new ResultAsync(find(isWanted, waitMs)) });
}

/** Subscribes with a callback of this host's. The subscription is cancelled when the check is over. */
export function subscribe(options: SubscribeOptions): ResultAsync<Subscription, Shortfall> {
  const { self, eventUrl, signal } = options;
  return listen(options).andThen(({ url, next }) => {
    const wish: Headers = [
      ['CALLBACK', `<${url}>`],
      ['NT', 'upnp:event'],
      ['TIMEOUT', 'Second-1800'],
    ];
    return send(self, genaRequest('SUBSCRIBE', eventUrl, wish), signal()).map((response) => ({
      response,
      sid: rememberSubscription(options, response),
      next,
    }));
  });
}

/** The SID of a SUBSCRIBE that was accepted, which is cancelled when the check is over; null: it was refused. */
export function rememberSubscription(
  { self, eventUrl, undoing, signal }: SubscribeOptions,
  { status, headers }: HttpResponse,
): string | null {
  const sid = headerValue(headers, 'SID')?.trim();
  if (status !== 200 || sid === undefined || !/^[\x21-\x7e]{1,256}$/.test(sid)) return null;
  undoing.add(`a subscription ${sid}`, async () => {
    const cancelled = await send(self, genaRequest('UNSUBSCRIBE', eventUrl, [['SID', sid]]), signal());
    return cancelled.isOk();
  });
  return sid;
}

function readNotification({ headers, body }: HttpRequest): Notification {
  const root = readUtf8(body).andThen(readXml);
  const variables = root.isOk() ? root.value.root.children.flatMap(({ children }) => children) : [];
  return {
    sid: headerValue(headers, 'SID')?.trim() ?? '',
    seq: headerValue(headers, 'SEQ')?.trim() ?? '',
    properties: new Map(variables.map(({ name, text }) => [name, text])),
  };
}
