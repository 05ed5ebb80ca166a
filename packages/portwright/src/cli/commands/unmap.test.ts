import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, mapElsewhere, run, runJson, simulated } from '../host.test-support.ts';

describe('unmap', () => {
  it('closes a port', async () => {
    const { container, router } = simulated();
    await run(['map', '7777', '--protocol', 'both'], { container });
    expect(await run(['unmap', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 is no longer mapped\n',
      stderr: '',
    });
    expect(router.mappings()).toMatchObject([{ protocol: 'UDP' }]);
    expect((await runJson(['unmap', '7777', '--protocol', 'udp'], { container })).json).toEqual({
      unmapped: [{ externalPort: 7777, protocol: 'UDP' }],
      gateway: { via: 'upnp-igd', ...GATEWAY_JSON },
    });
    expect(router.mappings()).toEqual([]);
  });

  it('fails where it is not mapped, and says so', async () => {
    const { container } = simulated();
    const { status, stdout, stderr } = await run(['unmap', '7777'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('portwright: TCP port 7777 is not mapped\n  The list command shows the mapped ports.\n');
  });

  it("leaves another computer's mapping alone, unless it is forced", async () => {
    const { container, router } = simulated({ isSecure: false });
    await mapElsewhere(router);
    const { status, stdout, stderr } = await run(['unmap', '7777'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'portwright: TCP port 7777 is mapped to another device, 192.168.1.77\n  To unmap it anyway, pass --force.\n',
    );
    expect((await runJson(['unmap', '7777'], { container })).json).toMatchObject({
      error: { kind: 'not-unmapped', code: 'not-own', mapping: { internalClient: '192.168.1.77' } },
    });
    expect(router.mappings()).toHaveLength(1);
    expect(await run(['unmap', '7777', '--force'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 is no longer mapped\n',
      stderr: '',
    });
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols tries both', async () => {
    const { container, router } = simulated();
    await run(['map', '7777', '--protocol', 'udp'], { container });
    const { status, stdout } = await run(['unmap', '7777', '--protocol', 'both'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'UDP port 7777 is no longer mapped\n' });
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols tells of both, and first of what is still open', async () => {
    const { container, router } = simulated({ isSecure: false });
    await mapElsewhere(router);
    expect(await run(['unmap', '7777', '--protocol', 'both'], { container })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'portwright: TCP port 7777 is mapped to another device, 192.168.1.77; UDP port 7777 is not mapped\n' +
        '  To unmap it anyway, pass --force.\n',
    });
    expect((await runJson(['unmap', '7777', '--protocol', 'both'], { container })).json).toMatchObject({
      unmapped: [],
      failed: [
        {
          protocol: 'TCP',
          error: { code: 'not-own', message: 'TCP port 7777 is mapped to another device, 192.168.1.77' },
        },
        { protocol: 'UDP', error: { code: 'absent', message: 'UDP port 7777 is not mapped' } },
      ],
      error: { code: 'not-own' },
    });
  });

  it('by force says of a port that is not mapped what it says without', async () => {
    const { container } = simulated();
    expect(await run(['unmap', '7777', '--force'], { container })).toEqual(await run(['unmap', '7777'], { container }));
  });
});
