/** Eventing, asked of the connection service. */
import { onRequest, plain, isFor, headerOf, rewritesEvents } from '../mutants/mutant.ts';
import { type Header, headerValue } from '@portwright/core';
import type { Bench } from '../bench/bench.ts';
import { genaRequest } from '../bench/subscription.ts';
import { expectThat, given, inconclusive, missed } from '../shortfall.ts';
import type { Steps } from './case.ts';
import type { Checks } from './check.ts';
import { eventedVariables } from './scpd.ts';

/** A SID that no device gives: version 0 of a UUID. */
const NO_SUCH_SID: Header = ['SID', 'uuid:00000000-0000-0000-0000-000000000000'];
const NT: Header = ['NT', 'upnp:event'];
const TIMEOUT: Header = ['TIMEOUT', 'Second-1800'];
/** Milliseconds for an event to come. */
const EVENT_MS = 5_000;

const isEvent = isFor('event');

export const EVENTING_CHECKS: Checks = {
  'gena/subscribe': {
    sentence: 'The gateway answers SUBSCRIBE with 200, a SID and a TIMEOUT.',
    clause: 'UDA 1.1, 4.1.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
    async *check(bench) {
      const { response } = yield* bench.subscribe();
      const [sid, timeout] = ['SID', 'TIMEOUT'].map((name) => headerValue(response.headers, name) ?? '(absent)');
      const isRight = response.status === 200 && /^uuid:\S+$/.test(sid ?? '') && /^Second-\S+$/i.test(timeout ?? '');
      yield* expectThat(
        isRight,
        '200 with SID: uuid:... and TIMEOUT: Second-...',
        `HTTP ${response.status} with SID: ${sid ?? ''} and TIMEOUT: ${timeout ?? ''}`,
      );
    },
    mutant: {
      what: 'subscriptions have no TIMEOUT',
      hooks: onRequest(isEvent, (_context, proceed) => {
        const answer = proceed();
        return { ...answer, headers: answer.headers.filter(([name]) => name !== 'TIMEOUT') };
      }),
    },
  },

  'gena/initial-event': {
    sentence: 'The first event has SEQ 0 and every evented variable of the SCPD.',
    clause: 'UDA 1.1, 4.2 and 4.3.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
    async *check(bench) {
      const { root } = yield* bench.scpd();
      const subscription = yield* given(bench.subscribe());
      if (subscription.sid === null) yield* inconclusive('a subscription', `HTTP ${subscription.response.status}`);
      const first = yield* subscription.next(() => true, EVENT_MS);
      yield* expectThat(first.seq === '0', 'SEQ: 0', `SEQ: ${first.seq}`);
      yield* expectThat(first.sid === subscription.sid, `SID: ${subscription.sid ?? ''}`, `SID: ${first.sid}`);
      const absent = eventedVariables(root).filter((name) => !first.properties.has(name));
      yield* expectThat(absent.length === 0, 'every evented variable', `no ${absent.join(', ')}`);
    },
    mutant: {
      what: 'events are counted from 1',
      hooks: rewritesEvents((request) => ({
        ...request,
        headers: request.headers.map(([name, value]) => [name, name === 'SEQ' && value === '0' ? '1' : value]),
      })),
    },
  },

  'gena/timeout': {
    sentence: 'A subscription lasts at least 1800 seconds, but not forever.',
    clause: 'UDA 1.1, 4.1.2: "SHOULD be greater than or equal to 1800 seconds"; infinite is deprecated',
    level: 'should',
    kind: 'read',
    note: 'since UDA 1.1, an infinite subscription violates a must',
    needs: ['events'],
    async *check(bench) {
      const { response } = yield* given(bench.subscribe());
      const text = headerValue(response.headers, 'TIMEOUT') ?? '';
      if (text === '') yield* inconclusive('a TIMEOUT', `HTTP ${response.status} without a TIMEOUT`);
      // UDA 1.0, 4.1.2 has the word infinite; later versions have a number alone.
      const isInfinite = /^Second-infinite$/i.test(text.trim());
      if (isInfinite && bench.subject.features.has('UDA:1.1')) yield* missed('a number of seconds', text, 'must');
      const seconds = Number(/^Second-(\d{1,10})$/i.exec(text.trim())?.[1]);
      yield* expectThat(seconds >= 1_800, 'at least Second-1800, and not infinite', text);
    },
    mutant: { what: 'subscriptions last five minutes', options: { subscriptionSeconds: [300, 300] } },
  },

  'gena/renew-unsubscribe': {
    sentence:
      'A client can renew a subscription by its SID and cancel it; the gateway refuses to renew a cancelled one.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
    needs: ['events'],
    async *check(bench) {
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
    mutant: {
      what: 'nothing can be renewed',
      hooks: onRequest(
        (context) =>
          isEvent(context) && context.request.method === 'SUBSCRIBE' && headerOf(context, 'SID') !== undefined,
        (_context, proceed) => {
          const answer = proceed();
          return answer.status === 200 ? plain(500) : answer;
        },
      ),
    },
  },

  'gena/unknown-sid': {
    sentence: 'The gateway answers an unknown SID with 412.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      yield* answers(bench, 'SUBSCRIBE', [NO_SUCH_SID, TIMEOUT], 412);
      yield* answers(bench, 'UNSUBSCRIBE', [NO_SUCH_SID], 412);
    },
    mutant: {
      what: 'an unknown SID is answered with 400',
      hooks: onRequest(
        (context) =>
          isEvent(context) && headerOf(context, 'SID') !== undefined && headerOf(context, 'NT') === undefined,
        (_context, proceed) => {
          const answer = proceed();
          return answer.status === 412 ? { ...answer, status: 400 } : answer;
        },
      ),
    },
  },

  'gena/missing-callback-or-nt': {
    sentence: 'The gateway answers SUBSCRIBE without CALLBACK or NT with 412.',
    clause: 'UDA 1.1, 4.1.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
    async *check(bench) {
      const { url } = yield* bench.listen();
      yield* answers(bench, 'SUBSCRIBE', [NT, TIMEOUT], 412);
      yield* answers(bench, 'SUBSCRIBE', [['CALLBACK', `<${url}>`], TIMEOUT], 412);
    },
    mutant: {
      what: 'a missing CALLBACK is answered with 400',
      hooks: onRequest(
        (context) =>
          isEvent(context) && headerOf(context, 'SID') === undefined && headerOf(context, 'CALLBACK') === undefined,
        () => plain(400),
      ),
    },
  },

  'gena/sid-with-nt': {
    sentence: 'The gateway answers SUBSCRIBE with both SID and NT with 400.',
    clause: 'UDA 1.1, 4.1.2 and 4.1.3: "400 Incompatible header fields"',
    level: 'must',
    kind: 'read',
    needs: ['events'],
    async *check(bench) {
      const { sid, response } = yield* given(bench.subscribe());
      if (sid === null) return yield* inconclusive('a subscription', `HTTP ${response.status}`);
      yield* answers(bench, 'SUBSCRIBE', [['SID', sid], NT, TIMEOUT], 400);
    },
    mutant: {
      what: 'SID with NT is a renewal',
      hooks: onRequest(
        (context) =>
          isEvent(context) && headerOf(context, 'SID') !== undefined && headerOf(context, 'NT') !== undefined,
        (context) => plain(200, [['SID', headerOf(context, 'SID') ?? '']]),
      ),
    },
  },

  'gena/callback-foreign': {
    sentence: 'The gateway refuses a CALLBACK on another network.',
    clause: 'UDA 2.0, April 17, 2020, 4.1.1 (CVE-2020-12695)',
    level: 'should',
    // The documentation range is nobody's (RFC 5737), but a gateway that accepts it sends packets there.
    kind: 'write',
    note: 'the clause says must, but only for newer gateways, and a description does not tell the date',
    async *check(bench) {
      const eventUrl = yield* bench.eventUrl();
      const callback: Header = ['CALLBACK', '<http://203.0.113.66:8058/>'];
      const response = yield* bench.request(genaRequest('SUBSCRIBE', eventUrl, [callback, NT, TIMEOUT]));
      const sid = bench.accepted(eventUrl, response);
      yield* expectThat(response.status >= 400 && sid === null, 'a refusal', `HTTP ${response.status}`);
    },
    mutant: {
      what: 'every CALLBACK is good',
      hooks: onRequest(
        (context) => ['CALLBACK', 'NT'].every((name) => headerOf(context, name) !== undefined),
        (_context, proceed) => {
          const answer = proceed();
          return answer.status === 412 ? plain(200, [['SID', 'uuid:1']]) : answer;
        },
      ),
    },
  },
};

/** Sends an invalid request. If the device accepts it, the check cancels the subscription. */
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
