import { afterEach, describe, expect, test, vi } from 'vitest';
import { macrotask } from './macrotask.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Notes what ends, and when. */
function logger(clock: VirtualClock): { log: string[]; after: (name: string, wait: Promise<void>) => void } {
  const log: string[] = [];
  return {
    log,
    after: (name, wait) => {
      void wait.then(() => log.push(`${name} at ${clock.now()}`));
    },
  };
}

describe('advance', () => {
  test('ends waits in order, those of one moment as they came', async () => {
    const clock = new VirtualClock({ autoAdvanceLimitMs: 0 });
    const { log, after } = logger(clock);
    after('c', clock.sleep(30));
    after('a', clock.sleep(10));
    after('b', clock.sleep(10));
    await clock.advance(20);
    expect(log).toEqual(['a at 10', 'b at 10']);
    expect(clock.now()).toBe(20);
    expect(clock.pending).toBe(1);
    await clock.advance(10);
    expect(log).toEqual(['a at 10', 'b at 10', 'c at 30']);
  });

  test('takes along what is begun on the way', async () => {
    const clock = new VirtualClock();
    const beats: number[] = [];
    const beat = async (): Promise<never> => {
      for (;;) {
        await clock.sleep(3_600_000);
        beats.push(clock.now());
      }
    };
    void beat();
    await clock.advance('12h');
    expect(beats).toHaveLength(12);
    expect(beats.at(-1)).toBe(43_200_000);
  });

  test('lets long chains of promises, and a macrotask, settle before the next wait ends', async () => {
    const clock = new VirtualClock({ autoAdvanceLimitMs: 0 });
    const seen: number[] = [];
    void (async () => {
      await clock.sleep(10);
      for (let hop = 0; hop < 1_000; hop += 1) await Promise.resolve();
      await macrotask();
      seen.push(clock.now());
    })();
    void clock.sleep(11);
    await clock.advance('1s');
    expect(seen).toEqual([10]);
  });

  test('calls follow one another', async () => {
    const clock = new VirtualClock();
    const first = clock.advance(100).then(() => clock.now());
    const second = clock.advance('1s').then(() => clock.now());
    expect([await first, await second]).toEqual([100, 1_100]);
  });

  test('of 0 ends what is due', async () => {
    const clock = new VirtualClock({ startMs: 5, autoAdvanceLimitMs: 0 });
    const { log, after } = logger(clock);
    after('now', clock.sleep(0));
    after('past', clock.sleep(-3));
    after('no number', clock.sleep(NaN));
    after('later', clock.sleep(1));
    await clock.advance(0);
    expect(log).toEqual(['now at 5', 'past at 5', 'no number at 5']);
  });
});

describe('short waits', () => {
  test('pass by themselves', async () => {
    const clock = new VirtualClock();
    await clock.sleep(2_000);
    expect(clock.now()).toBe(2_000);
    await clock.sleep(60_000);
    expect(clock.now()).toBe(62_000);
  });

  test('wait for one another', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('search', clock.sleep(3_000));
    after('first answer', clock.sleep(20));
    after('second answer', clock.sleep(70));
    await clock.sleep(5_000);
    expect(log).toEqual(['first answer at 20', 'second answer at 70', 'search at 3000']);
  });

  test('leave long ones alone', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('lease', clock.sleep(3_600_000));
    await clock.sleep(60_000);
    for (let turn = 0; turn < 20; turn += 1) await macrotask();
    expect(log).toEqual([]);
    expect(clock.now()).toBe(60_000);
  });

  test('a wait is long by what was asked for, not by what is left', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('lease', clock.sleep(3_600_000));
    await clock.advance('59m');
    await macrotask();
    for (let turn = 0; turn < 20; turn += 1) await macrotask();
    expect(log).toEqual([]);
    expect(clock.now()).toBe(59 * 60_000);
  });

  test('a long one that ends on the way of a short one ends', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('lease', clock.sleep(120_000));
    await clock.advance(110_000);
    await clock.sleep(30_000);
    expect(log).toEqual(['lease at 120000']);
    expect(clock.now()).toBe(140_000);
  });

  test('the limit can be set', async () => {
    const clock = new VirtualClock({ autoAdvanceLimitMs: 10 });
    await clock.sleep(10);
    let isOver = false;
    void clock.sleep(11).then(() => (isOver = true));
    for (let turn = 0; turn < 20; turn += 1) await macrotask();
    expect(isOver).toBe(false);
    await clock.advance(11);
    expect(isOver).toBe(true);
  });

  test('go on after an advance that ends before they do', async () => {
    const clock = new VirtualClock();
    const wait = clock.sleep(5_000);
    await clock.advance(1_000);
    expect(clock.now()).toBe(1_000);
    await wait;
    expect(clock.now()).toBe(5_000);
  });
});

describe('a wait in the background', () => {
  test('never moves the clock, however short it is', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('background', clock.sleepInBackground(10));
    for (let turn = 0; turn < 20; turn += 1) await macrotask();
    expect([clock.now(), log]).toEqual([0, []]);
    await clock.advance(10);
    expect(log).toEqual(['background at 10']);
  });

  test('ends on the way of another', async () => {
    const clock = new VirtualClock();
    const { log, after } = logger(clock);
    after('background', clock.sleepInBackground(10));
    await clock.sleep(15);
    expect(log).toEqual(['background at 10']);
    expect(clock.now()).toBe(15);
  });

  test('ends with its signal', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const wait = clock.sleepInBackground(10, controller.signal);
    controller.abort();
    await wait;
    expect([clock.now(), clock.pending]).toEqual([0, 0]);
  });
});

describe('an abort signal', () => {
  test('ends a wait at once, and takes it off the clock', async () => {
    const clock = new VirtualClock({ autoAdvanceLimitMs: 0 });
    const controller = new AbortController();
    const wait = clock.sleep(1_000, controller.signal);
    expect(clock.pending).toBe(1);
    controller.abort();
    await wait;
    expect(clock.now()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('that has fired already lets no wait begin', async () => {
    const clock = new VirtualClock();
    await clock.sleep(1_000, AbortSignal.abort());
    expect(clock.now()).toBe(0);
  });

  test('keeps no listener when the wait is over', async () => {
    const clock = new VirtualClock();
    const signal = new AbortController().signal;
    const remove = vi.spyOn(signal, 'removeEventListener');
    await clock.sleep(10, signal);
    expect(remove).toHaveBeenCalledOnce();
  });
});

describe('with fake timers', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('it runs all the same', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] });
    const clock = new VirtualClock();
    await clock.sleep(1_000);
    await clock.advance('1h');
    expect(clock.now()).toBe(3_601_000);
  });
});
