import type { ClockPort } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { latin1 } from '../../faults/wire-format.ts';
import type { HttpOutcome, WireStep } from '../../network/network-host.ts';
import { systemClock } from '../sockets.ts';
import {
  exchangeRaw,
  GET_DESCRIPTION,
  heldClock,
  rawClient,
  type RawAnswer,
  serveGateway,
  type ServedGateway,
  singleBytes,
} from '../sockets.test-support.ts';

/** A gateway of which every request comes to this. */
async function gatewayWith(outcome: HttpOutcome, clock: ClockPort = systemClock()): Promise<ServedGateway> {
  const served = await serveGateway({ clock });
  served.router.inject({
    name: 'as told',
    row: 0,
    what: 'a given outcome',
    remedy: 'none',
    hooks: () => ({ outcome: () => outcome }),
  });
  return served;
}

function written(text: string): WireStep {
  return { kind: 'bytes', bytes: latin1(text) };
}

async function answerTo(outcome: HttpOutcome): Promise<RawAnswer> {
  const { mount } = await gatewayWith(outcome);
  return exchangeRaw(mount, GET_DESCRIPTION);
}

describe('steps on the wire are done as they are given', () => {
  const response = { status: 200, headers: [], body: latin1('not this') };
  const HEAD = 'HTTP/1.1 200 OK\r\n';

  test.each<readonly [string, readonly WireStep[], RawAnswer]>([
    ['no step', [], { text: '', end: 'closed' }],
    [
      'an early half-close',
      [written(`${HEAD}CONTENT-LENGTH: 5\r\n\r\nab`)],
      { text: `${HEAD}CONTENT-LENGTH: 5\r\n\r\nab`, end: 'closed' },
    ],
    [
      'HTTP/1.0',
      [written('HTTP/1.0 200 OK\r\n\r\nto the end')],
      { text: 'HTTP/1.0 200 OK\r\n\r\nto the end', end: 'closed' },
    ],
    [
      'single bytes, with waits between them',
      singleBytes(HEAD).flatMap(
        (bytes) =>
          [
            { kind: 'wait', ms: 1 },
            { kind: 'bytes', bytes },
          ] as const,
      ),
      { text: HEAD, end: 'closed' },
    ],
    ['a reset at once', [{ kind: 'reset' }], { text: '', end: 'reset' }],
    [
      'every byte there is',
      [{ kind: 'bytes', bytes: Uint8Array.from({ length: 256 }, (_, byte) => byte) }],
      { text: String.fromCharCode(...Array(256).keys()), end: 'closed' },
    ],
    ['no byte', [{ kind: 'bytes', bytes: new Uint8Array() }], { text: '', end: 'closed' }],
  ])('%s', async (_name, wire, expected) => {
    expect(await answerTo({ kind: 'response', response, delayMs: 0, wire })).toEqual(expected);
  });

  test('a reset in the middle of the answer', async () => {
    const clock = heldClock();
    const wire: readonly WireStep[] = [
      written(`${HEAD}CONTENT-LENGTH: 5\r\n\r\n`),
      { kind: 'wait', ms: 7 },
      { kind: 'reset' },
    ];
    const { mount } = await gatewayWith({ kind: 'failure', code: 'reset', delayMs: 0, wire }, clock);
    const { answer, heard } = await rawClient(mount, GET_DESCRIPTION);
    await heard('\r\n\r\n');
    await expect.poll(() => clock.slept).toEqual([7]);
    clock.wake();
    expect(await answer).toEqual({ text: `${HEAD}CONTENT-LENGTH: 5\r\n\r\n`, end: 'reset' });
  });
});

describe('a failure without steps', () => {
  test.each([
    ['reset', 'reset'],
    ['refused', 'reset'],
    ['failed', 'reset'],
    ['truncated', 'closed'],
  ] as const)('%s is seen as: %s', async (code, end) => {
    expect(await answerTo({ kind: 'failure', code, delayMs: 0 })).toEqual({ text: '', end });
  });

  test.each<readonly [string, HttpOutcome]>([
    ['a timeout', { kind: 'failure', code: 'timeout', delayMs: 0 }],
    [
      'an answer that never comes',
      { kind: 'response', response: { status: 200, headers: [], body: latin1('x') }, delayMs: Infinity },
    ],
    [
      'silence after some bytes',
      { kind: 'failure', code: 'timeout', delayMs: 0, wire: [written('HTTP/1.1 '), { kind: 'wait', ms: Infinity }] },
    ],
  ])('%s is silence until the client goes', async (_name, outcome) => {
    const { router, mount } = await gatewayWith(outcome);
    const { socket, answer } = await rawClient(mount, GET_DESCRIPTION);
    await expect.poll(() => router.exchanges().length).toBe(1);
    socket.end();
    const { text, end } = await answer;
    expect('HTTP/1.1 '.startsWith(text)).toBe(true);
    expect(end).toBe('closed');
  });
});
