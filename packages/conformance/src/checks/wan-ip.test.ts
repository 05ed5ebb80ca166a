import { type FaultHooks, simulateGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../run/run.ts';
import type { CheckResult } from '../run/check-result.ts';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onAction, refusal, refuses, rewrites } from '../mutants/mutant.ts';
import { cantSend, checkFromOutside } from './wan-host.test-support.ts';

type Call = Parameters<NonNullable<FaultHooks['action']>>[0];

const ADD = 'AddPortMapping';
const SPECIFIC = 'GetSpecificPortMappingEntry';
const argumentOf = ({ args }: Call, name: string): string => String(args.get(name) ?? '');

/** What one check says of a gateway. */
async function verdictOf(id: string, mutant: Mutant): Promise<unknown> {
  return resultOf(await checkGateway(mutant, { only: [id] }), id);
}

describe('a gateway that refuses every finite lease before it looks further', () => {
  const REFUSALS = [
    'wanip/add-ext-wildcard',
    'wanip/add-client-wildcard',
    'wanip/add-foreign-client',
    'wanip/add-bad-protocol',
  ];
  const permanentOnly = (code: number, takesAll: boolean): Mutant => ({
    what: 'no finite leases',
    version: 1,
    options: { isSecure: !takesAll },
    hooks: refuses(ADD, code, (call) => argumentOf(call, 'NewLeaseDuration') !== '0'),
  });

  test.each(REFUSALS)('passes %s for what it refuses there', async (id) => {
    expect(await verdictOf(id, permanentOnly(725, false))).toMatchObject({ verdict: 'pass' });
  });

  test('misses add-foreign-client where it is the lease alone that it refuses', async () => {
    expect(await verdictOf('wanip/add-foreign-client', permanentOnly(402, true))).toMatchObject({
      verdict: 'warn',
      actual: 'success',
    });
  });
});

test('a policy that is looked at before an empty client says nothing of add-client-wildcard', async () => {
  const strict: Mutant = { what: '', hooks: refuses(ADD, 606, (call) => argumentOf(call, 'NewInternalClient') === '') };
  expect(await verdictOf('wanip/add-client-wildcard', strict)).toMatchObject({ verdict: 'inconclusive' });
  expect(await verdictOf('wanip/add-client-wildcard', { ...strict, version: 1 })).toMatchObject({ verdict: 'fail' });
});

describe('a mapping is gone where it reads like one that never was, and not with any fault', () => {
  /** Reads of the suite's own mappings, from one of them on, are refused. */
  const readsFail =
    (nth: number, code: number): NonNullable<Mutant['hooks']> =>
    () => {
      const reads = new Map<string, number>();
      return {
        action: (call, proceed) => {
          const port = argumentOf(call, 'NewExternalPort');
          if (call.action === ADD) reads.set(port, 0);
          const read = reads.get(port);
          if (call.action !== SPECIFIC || read === undefined) return proceed();
          reads.set(port, read + 1);
          return read + 1 >= nth ? refusal(code) : proceed();
        },
      };
    };

  test.each([
    ['wanip/delete', 'fail', 2, 501, '714'],
    ['wanip/lease-counts-down', 'warn', 3, 501, '714'],
    ['wanip/lease-counts-down', 'warn', 2, 714, 'a mapping for 6 seconds after 2.5 of them'],
  ])('%s: %s, where read %i is answered with %i', async (id, verdict, nth, code, expected) => {
    expect(await verdictOf(id, { what: '', hooks: readsFail(nth, code) })).toMatchObject({
      verdict,
      expected: expect.stringMatching(new RegExp(`${expected}$`)) as string,
      actual: `a fault with ${code}`,
    });
  });

  test.each(['wanip/delete', 'wanip/lease-counts-down'])('%s takes the gateway’s own word for that', async (id) => {
    expect(await verdictOf(id, { what: '', version: 1, options: { refusals: { noSuchEntry: 501 } } })).toMatchObject({
      verdict: 'pass',
    });
  });

  test('delete says nothing where the mapping could not be read before', async () => {
    expect(await verdictOf('wanip/delete', { what: '', hooks: readsFail(1, 501) })).toMatchObject({
      verdict: 'inconclusive',
    });
  });
});

describe('list-range on a gateway with an empty table', () => {
  async function listed(options: SimulateGatewayOptions, write = true): Promise<CheckResult | undefined> {
    await using router = simulateGateway(options);
    const target = { kind: 'url', url: router.descriptionUrl } as const;
    const report = await runConformance(router.transport, target, { write, only: ['wanip2/list-range'] });
    expect(router.mappings()).toEqual([]);
    return resultOf(report._unsafeUnwrap(), 'wanip2/list-range');
  }

  test('looks at a mapping of the suite’s own', async () => {
    expect(await listed({})).toMatchObject({ verdict: 'pass' });
    expect(await listed({ omittedActions: ['GetListOfPortMappings'] })).toMatchObject({ verdict: 'fail' });
  });

  test('finds nothing out where none can be made', async () => {
    expect(await listed({ isSwitchedOff: true })).toMatchObject({
      verdict: 'inconclusive',
      actual: 'a fault with 606',
    });
  });

  test('has nothing to look at in a run that only reads', async () => {
    expect(await listed({}, false)).toMatchObject({
      verdict: 'skip',
      actual: 'there is no mapping, and this run only reads',
    });
  });

  test('misses a mapping that is answered with 730', async () => {
    const blind: Mutant = { what: '', hooks: onAction('GetListOfPortMappings', () => refusal(730)) };
    expect(await verdictOf('wanip2/list-range', blind)).toMatchObject({ verdict: 'fail', actual: 'a fault with 730' });
  });
});

describe('list-range on a gateway with mappings of others', () => {
  /** As miniupnpd 2.3.1 on nftables: a listing of more rows than it has room for is its end. */
  async function listed(count: number, write: boolean): Promise<{ ended: boolean; result: CheckResult | undefined }> {
    await using router = simulateGateway();
    const { mappings } = router.machine.gateway.connection;
    for (let index = 0; index < count; index += 1) {
      mappings.put({
        remoteHost: '',
        externalPort: 50_000 + index,
        protocol: index % 5 === 4 ? 'UDP' : 'TCP',
        internalPort: 50_000,
        internalClient: '192.168.1.9',
        isEnabled: true,
        description: 'a game',
        expiresAt: Infinity,
      });
    }
    let ended = false;
    const hooks = onAction('GetListOfPortMappings', (call, proceed) => {
      const [from, to] = [Number(argumentOf(call, 'NewStartPort')), Number(argumentOf(call, 'NewEndPort'))];
      ended ||= mappings.inRange(from, to, 'TCP').length + mappings.inRange(from, to, 'UDP').length > 128;
      return ended ? refusal(501) : proceed();
    });
    router.inject({ row: 0, what: '', remedy: '', name: 'room for 128', hooks });
    const target = { kind: 'url', url: router.descriptionUrl } as const;
    const report = await runConformance(router.transport, target, { write, only: ['wanip2/list-range'] });
    return { ended, result: resultOf(report._unsafeUnwrap(), 'wanip2/list-range') };
  }

  test.each([
    [5, false],
    [5, true],
    [128, false],
    [127, true],
    [200, false],
    [200, true],
  ])('lists them, and is not the end of one that has room for 128: of %i, writing: %s', async (count, write) => {
    expect(await listed(count, write)).toMatchObject({ ended: false, result: { verdict: 'pass' } });
  });
});

test.each([
  'GetSpecificPortMappingEntry',
  'GetListOfPortMappings',
  'AddPortMapping',
  'AddAnyPortMapping',
  'DeletePortMapping',
  'DeletePortMappingRange',
])('bad-protocol-601 asks %s, too', async (action) => {
  const hooks = rewrites(
    (context) => context.action === action,
    (answer) => answer.replace('>601<', '>402<'),
  );
  expect(await verdictOf('wanip2/bad-protocol-601', { what: '', hooks })).toMatchObject({
    verdict: 'fail',
    expected: `${action} refused with 601`,
    actual: 'a fault with 402',
  });
});

test('traffic is not the gateway’s to miss where the host on the WAN side can’t send', async () => {
  expect(await checkFromOutside('wanip/traffic', cantSend)).toMatchObject({
    verdict: 'inconclusive',
    actual: 'the helper sends to nobody but its own gateway',
  });
  const late = await checkFromOutside('wanip/traffic', (number, proceed) =>
    number === 1 ? cantSend(number, proceed) : proceed(),
  );
  expect(late).toMatchObject({ verdict: 'pass' });
});

describe('lease-0-is-604800', () => {
  const withoutZero = (code: number): Mutant => ({
    what: '',
    hooks: refuses(ADD, code, (call) => argumentOf(call, 'NewLeaseDuration') === '0'),
  });

  test.each([402, 725])('is missed where a lease of 0 is refused with %i, and others are not', async (code) => {
    expect(await verdictOf('wanip2/lease-0-is-604800', withoutZero(code))).toMatchObject({
      verdict: 'fail',
      actual: `a fault with ${code}`,
    });
  });

  test('is not found out where no mapping can be made', async () => {
    const closed: Mutant = { what: '', options: { isSwitchedOff: true } };
    expect(await verdictOf('wanip2/lease-0-is-604800', closed)).toMatchObject({ verdict: 'inconclusive' });
  });
});

describe('a range is not deleted where somebody else may have a mapping in it', () => {
  const URN = 'WANIPConnection:2#DeletePortMappingRange"';

  /** A gateway that lists nothing but one's own, tells nobody its table, and deletes whatever it is asked to. */
  const careless: FaultHooks = {
    action: (call, proceed) => {
      const { mappings } = call.gateway.connection;
      if (call.action === 'GetGenericPortMappingEntry') return refusal(501);
      if (call.action === 'GetListOfPortMappings') return refusal(730);
      if (call.action !== 'DeletePortMappingRange') return proceed();
      mappings.remove(mappings.ofPort(Number(argumentOf(call, 'NewStartPort')), 'UDP'));
      return refusal(730);
    },
  };

  async function ranges(id: 'wanip2/range-empty-730' | 'wanip2/bad-protocol-601', mapped: readonly number[]) {
    const router = simulateGateway({ persona: 'igd2' });
    router.inject({ row: 0, what: '', remedy: '', name: 'careless', hooks: () => careless });
    for (const port of mapped) {
      router.machine.gateway.connection.mappings.put({
        remoteHost: '',
        protocol: 'UDP',
        externalPort: port,
        internalPort: port,
        internalClient: '192.168.1.9',
        isEnabled: true,
        description: 'a game',
        expiresAt: Infinity,
      });
    }
    const target = { kind: 'url', url: router.descriptionUrl } as const;
    const report = (
      await runConformance(router.transport, target, { write: true, only: [id], seed: 7 })
    )._unsafeUnwrap();
    const started = router.exchanges().flatMap((exchange) => {
      if (exchange.kind !== 'http' || !JSON.stringify(exchange.request.headers).includes(URN.slice(0, -1))) return [];
      return [Number(/<NewStartPort>(\d+)</.exec(new TextDecoder().decode(exchange.request.body))?.[1])];
    });
    const left = router.mappings().map(({ externalPort }) => externalPort);
    await router.close();
    return { started, left, result: resultOf(report, id) };
  }

  test.each(['wanip2/range-empty-730', 'wanip2/bad-protocol-601'] as const)('by %s', async (id) => {
    const { started } = await ranges(id, []);
    expect(started).toHaveLength(1);
    // The same ports, by the same seed.
    const again = await ranges(id, started);
    expect(again).toMatchObject({ started: [], left: started, result: { verdict: 'inconclusive' } });
  });
});
