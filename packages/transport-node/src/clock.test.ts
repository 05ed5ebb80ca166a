import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeClock } from './clock.ts';

afterEach(() => void vi.useRealTimers());

describe('now', () => {
  it('never goes back', () => {
    const clock = nodeClock();
    const times = Array.from({ length: 1000 }, () => clock.now());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('moves on while we sleep', async () => {
    const clock = nodeClock();
    const start = clock.now();
    await clock.sleep(30);
    expect(clock.now() - start).toBeGreaterThanOrEqual(30);
  });
});

describe('sleep', () => {
  /** Whether a sleep is over, without waiting for it. */
  function watch(sleeping: Promise<void>): () => Promise<boolean> {
    let over = false;
    void sleeping.then(() => (over = true));
    return async () => {
      await vi.advanceTimersByTimeAsync(0);
      return over;
    };
  }

  it.each([1, 1000, 2_147_483_647, 2_147_483_648, 5_000_000_000])('takes %i ms, and no less', async (ms) => {
    vi.useFakeTimers();
    const over = watch(nodeClock().sleep(ms));
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(await over()).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, -1, Number.NEGATIVE_INFINITY, Number.NaN])('of %d ms is over at once', async (ms) => {
    vi.useFakeTimers();
    const over = watch(nodeClock().sleep(ms));
    await vi.advanceTimersByTimeAsync(1);
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('without end goes on until it is aborted', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const over = watch(nodeClock().sleep(Number.POSITIVE_INFINITY, controller.signal));
    await vi.advanceTimersByTimeAsync(10_000_000_000);
    expect(await over()).toBe(false);
    controller.abort();
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when it is aborted, and leaves no timer', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const over = watch(nodeClock().sleep(1000, controller.signal));
    expect(await over()).toBe(false);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin when it was aborted before', async () => {
    vi.useFakeTimers();
    const over = watch(nodeClock().sleep(1000, AbortSignal.abort()));
    expect(vi.getTimerCount()).toBe(0);
    expect(await over()).toBe(true);
  });

  it('leaves no listener behind', async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const sleeping = nodeClock().sleep(10, signal);
    await vi.advanceTimersByTimeAsync(11);
    await sleeping;
    expect(added).toHaveBeenCalledOnce();
    expect(removed).toHaveBeenCalledExactlyOnceWith(...(added.mock.calls[0] ?? []));
  });
});
