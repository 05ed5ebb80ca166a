/** `map --keep` on a router that refuses: for now, or for good. */
import { describe, expect, it } from 'vitest';
import { mapElsewhere, simulated } from '../../host.test-support.ts';
import { arriving, deserted, keep, lineDown } from './keep-trying.test-support.ts';

describe('map --keep on a router whose line is not up yet', () => {
  it('waits, and says why', async () => {
    const { container, router } = simulated();
    let isUp = false;
    router.inject(lineDown(() => isUp));
    const kept = await keep(router.clock, { container }, { 10: () => (isUp = true) });
    expect(kept).toMatchObject({ status: 0, waitings: 1 });
    expect(kept.stderr).toMatch(/^warning: can't map TCP port 7777: .*501.*\. Waiting/);
    expect(kept.mappedAfterMs).toBeLessThan(30_000);
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols has both on one port, or none', async () => {
    const { container, router } = simulated();
    let isUp = false;
    let meanwhile: unknown = null;
    let mapped: unknown = null;
    router.inject(lineDown(() => isUp, 'UDP'));
    const kept = await keep(
      router.clock,
      {
        container,
        argvEnd: ['--protocol', 'both'],
        onMapped: () => (mapped = router.mappings()),
      },
      { 3: () => (meanwhile = router.mappings()), 10: () => (isUp = true) },
    );
    expect(kept.status).toBe(0);
    expect(meanwhile).toEqual([]);
    expect(mapped).toMatchObject([
      { externalPort: 7777, protocol: 'TCP' },
      { externalPort: 7777, protocol: 'UDP' },
    ]);
    expect(router.mappings()).toEqual([]);
  });
});

describe('map --keep ends at once', () => {
  it('where another computer has the port', async () => {
    const { container, router } = simulated();
    await mapElsewhere(router);
    const { status, stderr, waitings } = await keep(router.clock, { container });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 0 });
    expect(stderr).toContain('TCP port 7777 is already mapped to 192.168.1.77:7777');
  });

  it('where the owner of the router does not allow it', async () => {
    const { container, router } = simulated();
    router.inject('not-authorized-606');
    expect(await keep(router.clock, { container })).toMatchObject({ status: 1, waitings: 0, stdout: '' });
  });

  it('where it is used wrongly', async () => {
    const { container, router } = simulated();
    const argv = ['map', '0', '--keep'];
    expect(await keep(router.clock, { container, argv })).toMatchObject({ status: 2, waitings: 0 });
    const url = { container, argvEnd: ['--gateway', 'http://user@192.168.1.1/'] };
    expect(await keep(router.clock, url)).toMatchObject({ waitings: 0, stdout: '' });
  });

  it('where the refusal comes after it has waited', async () => {
    const { container, gone } = await deserted();
    const { status, stderr } = await keep(
      gone.clock,
      { container },
      { 10: () => arriving(gone).inject('not-authorized-606') },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/Waiting[^]*\nportwright: can't map TCP port 7777: .*606/);
    await gone.clock.advance('1m');
    expect(gone.clock.pending).toBe(0);
  });
});
