import { MemoryNetwork } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { err, ok, type Result } from '../result.ts';
import { createAbort } from '../abort.ts';
import type { TransportError } from '../errors.ts';
import { createQueue, type QueuedRequest } from './queue.ts';

const URL = 'http://192.168.1.1:5000/control';

type Outcome = Result<string, TransportError>;

const ANSWER: Outcome = ok('answer');

function failure(code: TransportError['code'], status?: number): Outcome {
  return err({ kind: 'transport', code, message: code, status });
}

/** A queue on virtual time, and when each request was sent. Outcomes are taken one after another; then come answers. */
function start(...outcomes: Outcome[]) {
  const { clock } = new MemoryNetwork();
  const queue = createQueue();
  const sent: number[] = [];
  const deadlines: number[] = [];
  const send = (more: Partial<QueuedRequest<string, TransportError>> = {}): Promise<Outcome> =>
    queue<string, TransportError>({
      url: URL,
      name: 'Get',
      isRead: true,
      clock,
      limits: {},
      send: (deadlineMs) => {
        sent.push(clock.now());
        deadlines.push(deadlineMs);
        return Promise.resolve(outcomes.shift() ?? ANSWER);
      },
      ...more,
    });
  /** For requests of which only the time counts. */
  const pass = (more?: Partial<QueuedRequest<string, TransportError>>): Promise<void> =>
    send(more).then(() => undefined);
  return { clock, send, pass, sent, deadlines };
}

it.each([
  [49, 1],
  [50, 2],
])('a read is not repeated when %i ms are left for it, but %i times sent', async (leftMs, expected) => {
  const { clock } = new MemoryNetwork();
  const sent: number[] = [];
  const result = await createQueue()<string, TransportError>({
    url: URL,
    name: 'Get',
    isRead: true,
    clock,
    limits: { deadlineMs: 1_000 },
    send: async (deadlineMs) => {
      sent.push(deadlineMs);
      if (sent.length > 1) return ANSWER;
      // The pause after it is 200 ms.
      await clock.sleep(800 - leftMs);
      return failure('reset');
    },
  });
  expect([sent.length, result.isOk()]).toEqual([expected, expected === 2]);
});

it('a queue knows its deadline, and how long an answer may take: silence is none', async () => {
  const { clock } = new MemoryNetwork();
  const queue = createQueue(12_000);
  const answerMsAfter = async (ms: number, outcome: Outcome): Promise<number> => {
    const send = () => clock.sleep(ms).then(() => outcome);
    const result = await queue({ url: URL, name: 'Add', isRead: false, clock, limits: {}, send });
    expect(result).toEqual(outcome);
    return queue.answerMs;
  };
  expect([queue.deadlineMs, queue.answerMs]).toEqual([12_000, 0]);
  expect(await answerMsAfter(4_000, ANSWER)).toBe(4_000);
  expect(await answerMsAfter(10, ANSWER)).toBe(3_500);
  expect(await answerMsAfter(9_000, failure('timeout'))).toBe(3_500);
  expect(await answerMsAfter(5_000, failure('http-status', 500))).toBe(5_000);
});

/** A queue on virtual time, to a gateway that is silent to the first requests for as long as each may take. */
function silentAtFirst(count: number, deadlineMs?: number) {
  const { clock } = new MemoryNetwork();
  const queue = createQueue(deadlineMs);
  const sent: number[] = [];
  const deadlines: number[] = [];
  const send = (more: Partial<QueuedRequest<string, TransportError>> = {}): Promise<Outcome> =>
    queue<string, TransportError>({
      url: URL,
      name: 'Get',
      isRead: true,
      clock,
      limits: {},
      send: async (ms) => {
        sent.push(clock.now());
        deadlines.push(ms);
        if (sent.length > count) return ANSWER;
        await clock.sleep(ms);
        return failure('timeout');
      },
      ...more,
    });
  return { send, sent, deadlines };
}

const WRITE = { isRead: false, name: 'Add' };

describe('a queue', () => {
  it('sends without a pause while the gateway answers', async () => {
    const { sent, pass } = start(ANSWER, failure('http-status', 404), ANSWER);
    await Promise.all([pass(), pass(), pass(WRITE)]);
    expect(sent).toEqual([0, 0, 0]);
  });

  it.each([
    ['reset', undefined],
    ['truncated', undefined],
    ['http-status', 500],
    ['http-status', 503],
  ] as const)('repeats a read after %s %s, with longer and longer pauses', async (code, status) => {
    const busy = failure(code, status);
    const { send, sent, deadlines } = start(busy, busy, busy);
    expect(await send()).toEqual(ANSWER);
    expect(sent).toEqual([0, 200, 600, 1400]);
    expect(deadlines).toEqual([5000, 5000, 5000, 5000]);
  });

  it.each(['unreachable', 'failed', 'not-http', 'too-large', 'aborted'] as const)(
    'neither repeats a read after %s, nor waits',
    async (code) => {
      const { send, sent, pass } = start(failure(code));
      expect(await send()).toEqual(failure(code));
      await pass(WRITE);
      expect(sent).toEqual([0, 0]);
    },
  );

  it('asks again in the rest of the time for an answer to a read that did not come', async () => {
    const { send, sent, deadlines } = silentAtFirst(3);
    expect(await send()).toEqual(failure('timeout'));
    expect([sent, deadlines]).toEqual([
      [0, 5000],
      [5000, 3000],
    ]);
    const { send: sendAgain } = silentAtFirst(1);
    expect(await sendAgain()).toEqual(ANSWER);
  });

  it('asks four times at most, with half of what is left each time', async () => {
    const { send, sent, deadlines } = silentAtFirst(9);
    expect(await send({ limits: { deadlineMs: 80_000 } })).toEqual(failure('timeout'));
    expect([sent, deadlines]).toEqual([
      [0, 40_000, 60_000, 70_000],
      [40_000, 20_000, 10_000, 5_000],
    ]);
  });

  it('takes silence for no reason to ask only once from then on', async () => {
    const silence = failure('timeout');
    const { send } = start(silence, silence, silence, silence, failure('reset'));
    expect(await send()).toEqual(silence);
    expect(await send()).toEqual(ANSWER);
  });

  it('does not ask again for an answer to a write', async () => {
    const { send, sent, deadlines } = silentAtFirst(1);
    expect(await send(WRITE)).toEqual(failure('timeout'));
    expect([sent, deadlines]).toEqual([[0], [8000]]);
  });

  it('has the time of its maker for requests without a limit', async () => {
    const { send, deadlines } = silentAtFirst(0, 30_000);
    const answers = [await send(), await send(WRITE), await send({ limits: { deadlineMs: 1000 } })];
    expect(answers).toEqual([ANSWER, ANSWER, ANSWER]);
    expect(deadlines).toEqual([15_000, 30_000, 1000]);
  });

  it.each([
    ['http-status', 404],
    ['http-status', 501],
  ] as const)('takes %s %i for an answer', async (code, status) => {
    const { send, sent, pass } = start(failure(code, status));
    expect(await send()).toEqual(failure(code, status));
    await pass();
    expect(sent).toEqual([0, 0]);
  });

  it('gives up a read after four tries, with the gateway’s own error, and waits before the next', async () => {
    const cut = failure('reset');
    const { send, sent, pass } = start(cut, cut, cut, cut);
    expect(await send()).toEqual(cut);
    await pass();
    expect(sent).toEqual([0, 200, 600, 1400, 1600]);
  });

  it('never repeats a write, but waits after it and before the next one', async () => {
    const { send, sent } = start(failure('reset'), failure('reset'));
    expect(await send(WRITE)).toEqual(failure('reset'));
    expect(await send(WRITE)).toEqual(failure('reset'));
    expect(await send(WRITE)).toEqual(ANSWER);
    expect(sent).toEqual([0, 200, 600]);
  });

  it('keeps the pause that was needed, so that a write after a read gets through', async () => {
    const { sent, pass } = start(failure('reset'), failure('reset'));
    await pass();
    await pass(WRITE);
    await pass();
    expect(sent).toEqual([0, 200, 600, 1000, 1400]);
  });

  it('repeats a read within its deadline only', async () => {
    const { send, sent, clock } = start(failure('reset'), failure('reset'), failure('reset'));
    expect(await send({ limits: { deadlineMs: 600 } })).toEqual(failure('reset'));
    expect(sent).toEqual([0, 200]);
    expect(clock.now()).toBe(200);
  });

  it('waits no longer for a turn than the deadline, which begins after it', async () => {
    const { sent, deadlines, pass } = start(failure('reset'), failure('reset'));
    await pass(WRITE);
    await pass(WRITE);
    await pass({ ...WRITE, limits: { deadlineMs: 100 } });
    expect(sent).toEqual([0, 200, 300]);
    expect(deadlines[2]).toBe(100);
  });

  it('reads a deadline when it is the request’s turn, after the pause', async () => {
    const { clock, deadlines, pass } = start(failure('reset'));
    await pass(WRITE);
    const limits = {
      get deadlineMs() {
        return 1000 - clock.now();
      },
    };
    await pass({ ...WRITE, limits });
    expect(deadlines[1]).toBe(800);
  });

  it('sends nothing after an abort during a pause, and ends at once', async () => {
    const { send, sent, clock } = start(failure('reset'), failure('reset'));
    const { signal, abort } = createAbort();
    const pending = send({ limits: { signal } });
    await clock.sleep(100);
    abort();
    expect((await pending)._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    expect([sent, clock.now()]).toEqual([[0], 100]);
  });

  it('asks no longer for what a 500 is the answer to, whatever the pause', async () => {
    const no = failure('http-status', 500);
    const { send, sent, pass } = start(no, no, no, no, ANSWER, no, no);
    expect(await send()).toEqual(no);
    expect(await send({ name: 'GetOther' })).toEqual(ANSWER);
    expect(await send()).toEqual(no);
    await pass({ ...WRITE, url: `${URL}2` });
    expect(sent).toEqual([0, 200, 600, 1400, 1400, 1400, 1400]);
  });

  it('repeats that request after a reset nonetheless', async () => {
    const no = failure('http-status', 500);
    const { send, sent, pass } = start(no, no, no, no, failure('reset'), ANSWER);
    await pass();
    expect(await send()).toEqual(ANSWER);
    expect(sent).toEqual([0, 200, 600, 1400, 1400, 1600]);
  });

  it('sends a request once that was cut off four times, until it is answered', async () => {
    const cut = failure('reset');
    const { send, pass, sent } = start(cut, cut, cut, cut, cut, ANSWER, cut, ANSWER);
    await pass();
    expect(await send()).toEqual(cut);
    expect(await send()).toEqual(ANSWER);
    expect(await send()).toEqual(ANSWER);
    expect(sent).toEqual([0, 200, 600, 1400, 1600, 2000, 2400, 2800]);
  });

  it('takes a refused connection for a busy gateway only where that port has answered before', async () => {
    const refused = failure('refused');
    const { send, sent } = start(refused, refused, ANSWER, refused);
    expect(await send()).toEqual(refused);
    expect(await send({ url: 'http://192.168.1.1:81/' })).toEqual(refused);
    expect(await send()).toEqual(ANSWER);
    expect(await send()).toEqual(ANSWER);
    expect(sent).toEqual([0, 0, 0, 0, 200]);
  });

  it('goes on after a request that threw', async () => {
    const { send } = start();
    const broken = send({
      send: () => {
        throw new Error('broken');
      },
    });
    await expect(broken).rejects.toThrow('broken');
    expect(await send()).toEqual(ANSWER);
  });
});
