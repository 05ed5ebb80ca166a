import type { HttpRequest } from '@portwright/core';
import { expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { header } from '../http/http-reply.ts';
import type { HttpOutcome } from '../network/network-host.ts';
import { ACCEPTED } from './events.test-support.ts';
import { EventQueue } from './event-queue.ts';

const REFUSED: HttpOutcome = { kind: 'failure', code: 'refused', delayMs: 0 };
const VALUES = new Map([['ConnectionStatus', 'Connected']]);

/** A queue whose requests come to what `outcome` says; `sent` is their URLs and SEQ, with the time. */
function queue(
  outcome: (request: HttpRequest) => HttpOutcome | null,
  callbacks: readonly string[] = ['http://192.168.1.2/'],
): {
  readonly queue: EventQueue;
  readonly clock: VirtualClock;
  readonly sent: readonly string[];
  stop(): void;
  end(): void;
} {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const stop = new AbortController();
  let isActive = true;
  return {
    clock,
    sent,
    stop: () => {
      stop.abort();
    },
    end: () => {
      isActive = false;
    },
    queue: new EventQueue({
      subscription: { sid: 'uuid:a', eventPath: '/event', callbacks, expiresAt: Infinity },
      clock,
      signal: stop.signal,
      isActive: () => isActive,
      send: (request) => {
        sent.push(`${clock.now()}: ${request.url} ${header(request.headers, 'seq')}`);
        return Promise.resolve(outcome(request));
      },
    }),
  };
}

test('one after the other, each when the one before has been answered', async () => {
  const { queue: events, clock, sent } = queue(() => ({ ...ACCEPTED, delayMs: 100 }));
  for (let count = 0; count < 3; count += 1) events.push(VALUES);
  await clock.advance('1s');
  events.push(VALUES, 50);
  await clock.advance('1s');
  expect(sent).toEqual([
    '0: http://192.168.1.2/ 0',
    '100: http://192.168.1.2/ 1',
    '200: http://192.168.1.2/ 2',
    '1050: http://192.168.1.2/ 3',
  ]);
});

test('UDA 1.1, 4.1.2: the URLs are tried in order until one succeeds', async () => {
  const callbacks = ['http://192.168.1.2/a', 'http://192.168.1.2/b', 'http://192.168.1.2/c'];
  const { queue: events, clock, sent } = queue(({ url }) => (url.endsWith('a') ? REFUSED : ACCEPTED), callbacks);
  events.push(VALUES);
  await clock.advance('1s');
  expect(sent).toEqual(['0: http://192.168.1.2/a 0', '0: http://192.168.1.2/b 0']);
});

test.each<readonly [string, HttpOutcome | null]>([
  ['refuses', REFUSED],
  ['is not there', null],
])('UDA 1.1, 4.3.2: a subscriber that %s loses a message, and gets the next', async (_, lost) => {
  let isThere = false;
  const { queue: events, clock, sent } = queue(() => (isThere ? ACCEPTED : lost));
  events.push(VALUES);
  await clock.advance('1s');
  isThere = true;
  events.push(VALUES);
  await clock.advance('1s');
  expect(sent).toEqual(['0: http://192.168.1.2/ 0', '1000: http://192.168.1.2/ 1']);
});

test('UDA 1.1, 4.3.2: 30 seconds without an answer, and the next message goes out', async () => {
  const { queue: events, clock, sent } = queue(() => ({ ...ACCEPTED, delayMs: Infinity }));
  events.push(VALUES);
  events.push(VALUES);
  await clock.advance('29s');
  expect(sent).toEqual(['0: http://192.168.1.2/ 0']);
  await clock.advance('1s');
  expect(sent).toEqual(['0: http://192.168.1.2/ 0', '30000: http://192.168.1.2/ 1']);
});

test('a subscriber that never answers makes no time fly', async () => {
  const { queue: events, clock } = queue(() => ({ ...ACCEPTED, delayMs: Infinity }));
  events.push(VALUES);
  await clock.sleep(10);
  expect(clock.now()).toBe(10);
  await clock.advance(0);
  expect(clock.pending).toBe(1);
});

test('of more than 32 that wait the oldest are lost, and SEQ tells of it', async () => {
  const { queue: events, clock, sent } = queue(() => ({ ...ACCEPTED, delayMs: 1_000 }));
  events.push(VALUES);
  await clock.advance(1);
  for (let count = 0; count < 40; count += 1) events.push(VALUES);
  await clock.advance('60s');
  const keys = sent.map((line) => Number(line.split(' ').at(-1)));
  expect(keys).toEqual([0, ...Array.from({ length: 32 }, (_, index) => index + 9)]);
});

test('nothing more goes out once the subscription has ended, or the gateway', async () => {
  for (const ending of ['end', 'stop'] as const) {
    const { queue: events, clock, sent, [ending]: end } = queue(() => ({ ...ACCEPTED, delayMs: 100 }));
    events.push(VALUES);
    events.push(VALUES);
    await clock.advance(50);
    end();
    await clock.advance('1s');
    expect(sent).toEqual(['0: http://192.168.1.2/ 0']);
    expect(clock.pending).toBe(0);
  }
});
