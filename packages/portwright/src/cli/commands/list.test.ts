import { TRANSPORT, type Transport } from '@portwright/core';
import { errAsync } from '@portwright/core/result';
import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, MAPPING_JSON, run, runJson, simulated } from '../host.test-support.ts';

describe('list', () => {
  it('shows the table', async () => {
    const { container } = simulated({ igdVersion: 1 });
    await run(['map', '7777', '--protocol', 'both', '--lease', '0'], { container });
    await run(['map', '54321', '1', '--description', 'A description that takes more room than there is'], {
      container,
    });
    const { status, stdout, stderr } = await run(['list'], { container, isTTY: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'PROTOCOL  EXTERNAL  INTERNAL          LEASE      DESCRIPTION',
        'TCP           7777  192.168.1.2:7777  permanent  Portwright',
        'UDP           7777  192.168.1.2:7777  permanent  Portwright',
        'TCP          54321  192.168.1.2:1     1 hour     A description that takes more',
        '                                                 room than there is',
        '',
      ].join('\n'),
    );
    expect((await run(['list'], { container })).stdout).toContain('takes more room than there is\n');
  });

  it('as JSON', async () => {
    const { container } = simulated();
    await run(['map', '7777'], { container });
    const { json } = await runJson(['list'], { container });
    const leaseSeconds = expect.any(Number) as number;
    expect(json).toEqual({
      mappings: [{ ...MAPPING_JSON, leaseSeconds }],
      unreadable: [],
      complete: true,
      gateway: GATEWAY_JSON,
    });
  });

  it('says so when there is none', async () => {
    const { container } = simulated();
    expect((await run(['list'], { container })).stdout).toBe('Simulated router maps no ports.\n');
    expect((await runJson(['list'], { container })).json).toEqual({
      mappings: [],
      unreadable: [],
      complete: true,
      gateway: GATEWAY_JSON,
    });
  });

  it.each([1, 2] as const)(
    'shows a row that can’t be read as what it is, and goes on: version %i',
    async (igdVersion) => {
      const oddRows = [{ NewExternalPort: '27005-27015', NewPortMappingDescription: 'st\u202eeam' }];
      const { container } = simulated({ igdVersion, reports: { oddRows, anyRemoteHost: '0.0.0.0' } });
      const alone = await run(['list'], { container });
      expect(alone).toEqual({
        status: 0,
        stdout: 'Unreadable:\n  27005-27015 UDP 27005 192.168.1.20 1 st eam 0\n',
        stderr: '',
      });
      await run(['map', '7777'], { container });
      const { status, stdout, stderr } = await run(['list'], { container });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^PROTOCOL .*\nTCP {11}7777 .* Portwright\n\nUnreadable:\n {2}27005-27015 UDP .*\n$/);
      expect((await runJson(['list'], { container })).json).toMatchObject({
        mappings: [{ externalPort: 7777, remoteHost: '' }],
        unreadable: [
          { code: 'value', where: 'NewExternalPort', text: '27005-27015 UDP 27005 192.168.1.20 1 st eam 0' },
        ],
        complete: true,
      });
    },
  );

  it('shows what is wrong with a row that has no values', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    await run(['map', '7777', '--protocol', 'both'], { container });
    router.inject('listing-breaks-off', { nth: 2 });
    const { stdout } = await run(['list'], { container });
    expect(stdout).toMatch(/^PROTOCOL .*\nTCP .*\n\nUnreadable:\n {2}malformed response at index 1: .*501/s);
  });

  it('that breaks off shows what there is, and fails', async () => {
    const { container } = simulated({ igdVersion: 1 });
    await run(['map', '7777', '--protocol', 'both'], { container });
    const whole = container.resolve<Transport>(TRANSPORT);
    let asked = 0;
    const broken: Transport = {
      ...whole,
      http: {
        request: (request, options) => {
          const isEntry = request.headers.some(([, value]) => value.includes('GetGenericPortMappingEntry'));
          if (isEntry && ++asked >= 2) return errAsync({ kind: 'transport', code: 'reset', message: 'cut off' });
          return whole.http.request(request, options);
        },
      },
    };
    const child = container.createChildContainer();
    child.register(TRANSPORT, { useValue: broken });
    const { status, stdout, stderr } = await run(['list'], { container: child });
    expect(status).toBe(1);
    expect(stdout).toContain('TCP           7777');
    expect(stderr).toBe(
      'warning: The list is incomplete: an error ended it after 1 entry.\nportwright: cut off\n' +
        '  Run the command again. If the error stays, restart the router.\n',
    );
    asked = 0;
    expect((await runJson(['list'], { container: child })).json).toMatchObject({
      mappings: [{ protocol: 'TCP' }],
      complete: false,
      error: { kind: 'transport', code: 'reset' },
    });
  });
});
