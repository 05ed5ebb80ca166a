/** Eventing, asked of the connection service. */
import { type Header, headerValue } from '@portwright/core';
import type { Bench } from '../bench/bench.ts';
import { genaRequest } from '../bench/subscription.ts';
import { expectThat, given, inconclusive, missed } from '../shortfall.ts';
import type { Cases, Steps } from './case.ts';
import { eventedVariables } from './scpd.ts';

/** A SID that no device gives: version 0 of a UUID. */
const NO_SUCH_SID: Header = ['SID', 'uuid:00000000-0000-0000-0000-000000000000'];
const NT: Header = ['NT', 'upnp:event'];
const TIMEOUT: Header = ['TIMEOUT', 'Second-1800'];
/** Milliseconds for an event to come. */
const EVENT_MS = 5_000;

export const EVENTING_CASES: Cases = {
  async *'gena/subscribe'(bench) {
    const { response } = yield* bench.subscribe();
    const [sid, timeout] = ['SID', 'TIMEOUT'].map((name) => headerValue(response.headers, name) ?? '(absent)');
    const isRight = response.status === 200 && /^uuid:\S+$/.test(sid ?? '') && /^Second-\S+$/i.test(timeout ?? '');
    yield* expectThat(
      isRight,
      '200 with SID: uuid:... and TIMEOUT: Second-...',
      `HTTP ${response.status} with SID: ${sid ?? ''} and TIMEOUT: ${timeout ?? ''}`,
    );
  },

  async *'gena/initial-event'(bench) {
    const { root } = yield* bench.scpd();
    const subscription = yield* given(bench.subscribe());
    if (subscription.sid === null) yield* inconclusive('a subscription', `HTTP ${subscription.response.status}`);
    const first = yield* subscription.next(() => true, EVENT_MS);
    yield* expectThat(first.seq === '0', 'SEQ: 0', `SEQ: ${first.seq}`);
    yield* expectThat(first.sid === subscription.sid, `SID: ${subscription.sid ?? ''}`, `SID: ${first.sid}`);
    const absent = eventedVariables(root).filter((name) => !first.properties.has(name));
    yield* expectThat(absent.length === 0, 'every evented variable', `no ${absent.join(', ')}`);
  },

  async *'gena/timeout'(bench) {
    const { response } = yield* given(bench.subscribe());
    const text = headerValue(response.headers, 'TIMEOUT') ?? '';
    if (text === '') yield* inconclusive('a TIMEOUT', `HTTP ${response.status} without a TIMEOUT`);
    // UDA 1.0, 4.1.2 has the word infinite; later versions have a number alone.
    const isInfinite = /^Second-infinite$/i.test(text.trim());
    if (isInfinite && bench.subject.features.has('UDA:1.1')) yield* missed('a number of seconds', text, 'must');
    const seconds = Number(/^Second-(\d{1,10})$/i.exec(text.trim())?.[1]);
    yield* expectThat(seconds >= 1_800, 'at least Second-1800, and not infinite', text);
  },

  async *'gena/renew-unsubscribe'(bench) {
    const { sid, response } = yield* given(bench.subscribe());
    if (sid === null) return yield* inconclusive('a subscription', `HTTP ${response.status}`);
    const eventUrl = yield* bench.eventUrl();
    const renewal = genaRequest('SUBSCRIBE', eventUrl, [['SID', sid], TIMEOUT]);
    const renewed = yield* bench.request(renewal);
    yield* expectThat(renewed.status === 200, '200 for a renewal', `HTTP ${renewed.status}`);
    const renewedSid = headerValue(renewed.headers, 'SID')?.trim() ?? '(absent)';
    yield* expectThat(renewedSid === sid, `SID: ${sid} again`, `SID: ${renewedSid}`);
    const cancelled = yield* bench.request(genaRequest('UNSUBSCRIBE', eventUrl, [['SID', sid]]));
    yield* expectThat(cancelled.status === 200, '200 for UNSUBSCRIBE', `HTTP ${cancelled.status}`);
    const again = yield* bench.request(renewal);
    yield* expectThat(again.status !== 200, 'a refusal to renew the cancelled subscription', `HTTP ${again.status}`);
  },

  async *'gena/unknown-sid'(bench) {
    yield* answers(bench, 'SUBSCRIBE', [NO_SUCH_SID, TIMEOUT], 412);
    yield* answers(bench, 'UNSUBSCRIBE', [NO_SUCH_SID], 412);
  },

  async *'gena/missing-callback-or-nt'(bench) {
    const { url } = yield* bench.listen();
    yield* answers(bench, 'SUBSCRIBE', [NT, TIMEOUT], 412);
    yield* answers(bench, 'SUBSCRIBE', [['CALLBACK', `<${url}>`], TIMEOUT], 412);
  },

  async *'gena/sid-with-nt'(bench) {
    const { sid, response } = yield* given(bench.subscribe());
    if (sid === null) return yield* inconclusive('a subscription', `HTTP ${response.status}`);
    yield* answers(bench, 'SUBSCRIBE', [['SID', sid], NT, TIMEOUT], 400);
  },

  async *'gena/callback-foreign'(bench) {
    const eventUrl = yield* bench.eventUrl();
    // An address for documentation (RFC 5737), which nobody has.
    const callback: Header = ['CALLBACK', '<http://203.0.113.66:8058/>'];
    const response = yield* bench.request(genaRequest('SUBSCRIBE', eventUrl, [callback, NT, TIMEOUT]));
    const sid = bench.accepted(eventUrl, response);
    yield* expectThat(response.status >= 400 && sid === null, 'a refusal', `HTTP ${response.status}`);
  },
};

/** A request that is wrong on purpose. If it is accepted all the same, what it made is cancelled. */
async function* answers(
  bench: Bench,
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
  headers: readonly Header[],
  status: number,
): Steps {
  const eventUrl = yield* bench.eventUrl();
  const response = yield* bench.request(genaRequest(method, eventUrl, headers));
  bench.accepted(eventUrl, response);
  const shown = headers.map(([name]) => name).join(', ');
  yield* expectThat(
    response.status === status,
    `HTTP ${status} for ${method} with ${shown}`,
    `HTTP ${response.status}`,
  );
}
