import { afterEach, describe, expect, it, vi } from 'vitest';
import { run, simulated } from '../host.test-support.ts';

describe('at a terminal that waits', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says what it waits for, and takes it back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { container } = simulated({ answeredTargets: [] });
    const running = run(['discover', '--timeout', '5000'], { container, isTTY: true, silenceMs: 400 });
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(1000);
    expect((await running).stderr).toMatch(
      /^Searching for devices \.\.\. \(Ctrl-C to stop\)\r\u001b\[Kportwright: no device/,
    );
  });
});
