/** Gateways that are checked by PCP and NAT-PMP: which servers are asked, and what a run leaves. */
import { type GatewayOptions, simulateGateway, type SimulatedGateway, surroundings } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { NO_SERVER } from '../bench/bench.ts';
import { flagged, resultOf } from '../mutants/mutant.test-support.ts';
import type { ConformanceOptions } from './options.ts';
import type { Report } from './result.ts';
import { runConformance } from './run.ts';
import type { Target } from './target.ts';

const CONTROL = ['pcp/*', 'nat-pmp/*'];
const HERE: Target = { kind: 'port-control', address: '192.168.1.1' };

async function check(
  router: SimulatedGateway,
  target: Target = HERE,
  options: ConformanceOptions = {},
): Promise<Report> {
  return (await runConformance(router.transport, target, { seed: 7, ...options }))._unsafeUnwrap();
}

const routerWith = (protocols: GatewayOptions['protocols'], options: GatewayOptions = {}): SimulatedGateway =>
  simulateGateway({ protocols, ...options });

describe('which server is asked', () => {
  test.each([
    [['pcp', 'nat-pmp'], 'pcp://192.168.1.1'],
    [['pcp'], 'pcp://192.168.1.1'],
    [['nat-pmp'], 'nat-pmp://192.168.1.1'],
  ] as const)('that of the default router, where a search finds no UPnP: %j', async (protocols, location) => {
    await using router = routerWith(protocols);
    const report = await check(router, { kind: 'search' });
    expect(report).toMatchObject({ location, device: null, isGood: true, table: null });
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'ssdp/msearch-all')).toMatchObject({
      verdict: 'skip',
      actual: 'the run does not use UPnP',
    });
    expect(resultOf(report, 'pcp/announce')?.verdict).toBe(location.startsWith('pcp') ? 'pass' : 'skip');
  });

  test('that of the gateway, where it has UPnP as well', async () => {
    await using router = routerWith(['upnp', 'pcp', 'nat-pmp']);
    const report = await check(router, { kind: 'search' }, { only: ['desc/tree', ...CONTROL] });
    expect(report.location).toBe(router.descriptionUrl);
    for (const id of ['desc/tree', 'pcp/announce', 'nat-pmp/external-address']) {
      expect(resultOf(report, id)?.verdict).toBe('pass');
    }
  });

  test('none, where nobody answers', async () => {
    await using router = routerWith(['upnp']);
    const report = await check(router, { kind: 'search' }, { only: ['desc/tree', ...CONTROL] });
    expect(resultOf(report, 'pcp/announce')).toMatchObject({ verdict: 'skip', expected: 'PCP:2', actual: NO_SERVER });
    const refused = await runConformance(router.transport, HERE);
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'timeout',
      message: 'no PCP or NAT-PMP server answered on UDP port 5351 of 192.168.1.1',
      hint: expect.stringContaining('Turn on PCP or NAT-PMP') as string,
    });
    await using off = routerWith([]);
    const unfound = (await runConformance(off.transport, { kind: 'search' }))._unsafeUnwrapErr();
    expect(unfound).toMatchObject({ kind: 'no-gateway', code: 'no-answer' });
  });

  test('not that of another interface than the one that was named', async () => {
    await using router = routerWith(['pcp']);
    const other = await runConformance(router.transport, { kind: 'search', interface: 'wlan0' });
    expect(other.isErr()).toBe(true);
    expect(await check(router, { kind: 'search', interface: 'lan0' }, { only: ['pcp/announce'] })).toMatchObject({
      isGood: true,
    });
  });

  test('an address over IPv6 has no NAT-PMP, and its mappings are pinholes', async () => {
    await using router = routerWith(['pcp', 'nat-pmp']);
    const report = await check(router, { kind: 'port-control', address: 'fd77::1' }, { write: true, only: CONTROL });
    expect(report.location).toBe('pcp://[fd77::1]');
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'pcp/pinhole')?.verdict).toBe('pass');
    expect(resultOf(report, 'pcp/map')).toMatchObject({ verdict: 'skip', expected: 'a PCP server on IPv4' });
    expect(resultOf(report, 'nat-pmp/map')?.verdict).toBe('skip');
  });

  test('of a client without IPv6 no pinhole is asked for', async () => {
    await using router = routerWith(['pcp'], { lanAddress6: null });
    const report = await check(router, HERE, { write: true, only: CONTROL });
    expect(resultOf(report, 'pcp/pinhole')).toMatchObject({
      verdict: 'skip',
      expected: 'a PCP server that answers over IPv6',
    });
  });
});

describe('what a run does', () => {
  test('without write it maps nothing', async () => {
    await using router = routerWith(['pcp', 'nat-pmp']);
    const report = await check(router);
    expect(router.mappings()).toEqual([]);
    expect(resultOf(report, 'pcp/map')).toMatchObject({ verdict: 'skip', actual: 'this run only reads' });
    const maps = router.exchanges().filter((one) => one.kind === 'port-control' && (one.payload[1] ?? 0) % 128 === 1);
    expect(maps).toEqual([]);
  });

  test('with write it leaves nothing, also when it is aborted', async () => {
    for (const abortAt of [null, 'pcp/renewal', 'nat-pmp/lease-ends']) {
      await using router = routerWith(['pcp', 'nat-pmp']);
      const controller = new AbortController();
      const report = await check(router, HERE, {
        write: true,
        only: CONTROL,
        ...surroundings(router),
        signal: controller.signal,
        onCheck: ({ requirement }) => {
          // In the middle of the check, when it has its mapping.
          if (requirement.id === abortAt)
            void router.clock.sleep(1_000).then(() => {
              controller.abort();
            });
        },
      });
      expect(report).toMatchObject({ leftovers: [], wasAborted: abortAt !== null });
      expect(router.mappings()).toEqual([]);
      expect(router.machine.gateway.firewall.pinholes.all()).toEqual([]);
    }
  });

  test('what can’t be deleted is waited for, if it ends soon', async () => {
    await using router = routerWith(['pcp'], { pcp: { deletesRenewedPinholes: false } });
    const began = router.clock.now();
    const report = await check(router, HERE, { write: true, only: ['pcp/pinhole-renewal'] });
    expect(report.leftovers).toEqual([]);
    expect(router.clock.now() - began).toBeGreaterThan(115_000);
    expect(router.machine.gateway.firewall.pinholes.all()).toEqual([]);
  });

  test('what can’t be deleted is named, if it does not', async () => {
    const options = { pcp: { deletesRenewedPinholes: false, lifetimeSeconds: [3_600, 86_400] } } as const;
    await using router = routerWith(['pcp'], options);
    const report = await check(router, HERE, { write: true, only: ['pcp/pinhole-renewal'] });
    expect(report).toMatchObject({
      isGood: false,
      leftovers: [
        expect.stringMatching(
          /^a PCP mapping of protocol 17, internal port \d+ of fd77::2, which ends by itself within 3\d\d\d seconds$/,
        ) as string,
      ],
    });
  });

  test('behind another NAT nothing is missed', async () => {
    await using router = routerWith(['pcp'], { clientsBehind: '192.168.1.99' });
    const report = await check(router, HERE, { write: true, only: ['pcp/*'] });
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'pcp/map')).toMatchObject({
      verdict: 'inconclusive',
      actual: 'result 12 (ADDRESS_MISMATCH) in version 2',
    });
  });

  test('a server whose owner allows nothing misses nothing', async () => {
    await using router = routerWith(['pcp', 'nat-pmp'], { pcp: { isRefused: true }, natPmp: { isRefused: true } });
    const report = await check(router, HERE, { write: true, only: CONTROL });
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'pcp/map')?.verdict).toBe('inconclusive');
    expect(resultOf(report, 'nat-pmp/map')?.verdict).toBe('inconclusive');
  });
});
