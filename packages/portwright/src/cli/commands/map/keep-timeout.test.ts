import type { ClientLink } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { simulated } from '../../host.test-support.ts';
import { arriving, deserted, keep, lineDown } from './keep-trying.test-support.ts';

describe('map --keep --timeout', () => {
  const withTimeout = (ms: number) => ({ argvEnd: ['--timeout', String(ms)] });

  it('ends when that has passed without a router', async () => {
    const { container, gone } = await deserted();
    const before = gone.clock.now();
    const { status, stderr, waitings } = await keep(gone.clock, { container, ...withTimeout(5000) });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 0 });
    expect(stderr).toMatch(/^portwright: no device answered/);
    expect(gone.clock.now() - before).toBeGreaterThanOrEqual(5000);
    expect(gone.clock.now() - before).toBeLessThan(12_000);
  });

  it('waits for a network in that time, and no longer', async () => {
    const link: ClientLink = { state: 'down' };
    const { container, router } = simulated({ client: { link } });
    const { status, stderr, waitings } = await keep(router.clock, { container, ...withTimeout(20_000) });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 1 });
    expect(stderr).toMatch(/\nportwright: this computer is not connected to a network/);
    expect(router.clock.now()).toBeGreaterThanOrEqual(20_000);
    expect(router.clock.now()).toBeLessThan(30_000);
    const again = await keep(router.clock, { container, ...withTimeout(60_000) }, { 20: () => (link.state = 'up') });
    expect(again.status).toBe(0);
  });

  it('searches again for a router that starts in that time, and does not announce itself', async () => {
    const { container, gone } = await deserted();
    const kept = await keep(gone.clock, { container, ...withTimeout(3_600_000) }, { 60: () => arriving(gone) });
    expect(kept.status).toBe(0);
    expect(kept.mappedAfterMs).toBeLessThan(110_000);
  });

  it('does not limit the wait for a line', async () => {
    const { container, router } = simulated();
    let isUp = false;
    router.inject(lineDown(() => isUp));
    const kept = await keep(router.clock, { container, ...withTimeout(3000) }, { 20: () => (isUp = true) });
    expect(kept.status).toBe(0);
    expect(kept.mappedAfterMs).toBeGreaterThan(20_000);
  });
});
