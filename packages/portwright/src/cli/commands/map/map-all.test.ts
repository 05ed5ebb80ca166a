import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import type { DependencyContainer } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { run, runJson, simulated, widestLine } from '../../host.test-support.ts';

/** Two routers on one network. */
function two(second: SimulateGatewayOptions = {}): {
  readonly container: DependencyContainer;
  readonly routers: readonly [SimulatedGateway, SimulatedGateway];
} {
  const { container, router: one } = simulated({ isSecure: true });
  const other = simulateGateway({
    network: one.network,
    maxSearchDelayMs: 0,
    persona: 'igd1',
    lanAddress: '192.168.1.254',
    lanAddress6: null,
    uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
    friendlyName: 'The other one',
    ...second,
  });
  return { container, routers: [one, other] };
}

describe('map --all', () => {
  it('maps on every gateway, and says so of each', async () => {
    const { container, routers } = two();
    const { status, stdout, stderr } = await run(['map', '7777', '--all'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'Simulated router, http://192.168.1.1:5000/description.xml',
        '  TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour',
        '',
        'The other one, http://192.168.1.254:5000/description.xml',
        '  TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour',
        '',
      ].join('\n'),
    );
    for (const router of routers) expect(router.mappings()).toHaveLength(1);
  });

  it('with --ipv6 opens the firewall where there is one', async () => {
    const { container, routers } = two();
    const { status, stdout } = await run(['map', '7777', '--all', '--ipv6'], { container, isTTY: true });
    expect(status).toBe(0);
    expect(stdout).toContain('  TCP port 7777 on fd77::2 is open for 1 hour\n');
    expect(stdout.replaceAll(/\n {2}/g, ' ')).toContain(
      "IPv6: the router at http://192.168.1.254:5000/control/WANIPConn1 can't open IPv6 pinholes (no WANIPv6FirewallControl)\n",
    );
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
    expect(routers[0].machine.gateway.firewall.pinholes.size).toBe(1);
  });

  it('is no success where one of them refuses, and says what it said', async () => {
    const { container, routers } = two({ capacity: 0 });
    const { status, stdout, stderr } = await run(['map', '7777', '--all'], { container });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /mapped by UPnP for 1 hour\n\nThe other one, .*\n {2}can't map TCP port 7777: the router refused AddPortMapping: error 501 /,
    );
    expect(stderr).toMatch(/^portwright: can't map TCP port 7777: the router refused AddPortMapping: error 501 /);
    expect(routers[0].mappings()).toHaveLength(1);
  });

  it('with --json prints one document', async () => {
    const { container } = two({ capacity: 0 });
    const { status, json } = await runJson(['map', '7777', '--all', '--ipv6'], { container });
    expect(status).toBe(1);
    expect(json).toMatchObject({
      gateways: [
        {
          gateway: { location: 'http://192.168.1.1:5000/description.xml' },
          mapping: { externalPort: 7777, verified: 'verified' },
          pinhole: { id: 1, internalClient: 'fd77::2' },
        },
        {
          gateway: { name: 'The other one' },
          error: { kind: 'not-mapped' },
          pinholeError: { kind: 'invalid-argument', code: 'no-such-service' },
        },
      ],
      error: { kind: 'not-mapped' },
    });
  });

  it('takes back on all of them when it is interrupted', async () => {
    const { container, routers } = two();
    const interrupt = new AbortController();
    const hooks = () => ({
      strike: () => {
        interrupt.abort();
      },
    });
    routers[1].inject({ name: 'interrupt', row: 0, what: '', remedy: '', hooks }, { on: 'AddPortMapping' });
    const { status } = await run(['map', '7777', '--all'], { container, signal: interrupt.signal });
    expect(status).toBe(130);
    for (const router of routers) expect(router.mappings()).toEqual([]);
  });
});
