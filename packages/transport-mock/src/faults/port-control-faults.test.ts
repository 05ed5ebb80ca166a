import { expect, test } from 'vitest';
import {
  announcementsDuring,
  ask,
  askAll,
  NAT_PMP_ADDRESS,
  natPmpMap,
  pcpAnnounce,
  pcpMap,
  portControlRouter,
  readNatPmp,
  readPcp,
  toHex,
} from '../port-control/port-control.test-support.ts';
import { simulateGateway, type SimulatedGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import { testEvery } from './faults.test-support.ts';
import { PORT_CONTROL_FAULTS } from './port-control-faults.ts';

const ASKED = [NAT_PMP_ADDRESS, natPmpMap(), pcpAnnounce(), pcpMap({ protocol: 6 })] as const;

function faultyRouter(name: FaultName): SimulatedGateway {
  const router = portControlRouter();
  router.inject(name);
  return router;
}

/** The answers to four requests, one after the other, without the fault and with it. */
async function bothWays(name: FaultName): Promise<readonly [Uint8Array, Uint8Array][]> {
  await using honest = portControlRouter();
  await using router = faultyRouter(name);
  const pairs: [Uint8Array, Uint8Array][] = [];
  for (const request of ASKED) pairs.push([await ask(honest, request), await ask(router, request)]);
  return pairs;
}

testEvery(PORT_CONTROL_FAULTS, {
  'port-control-loss': async () => {
    await using router = faultyRouter('port-control-loss');
    expect(await askAll(router, ASKED)).toEqual([]);
    expect(router.mappings()).toHaveLength(2);
    expect(router.exchanges()).toMatchObject(ASKED.map(() => ({ faults: ['port-control-loss'], answers: [] })));
  },
  'port-control-duplicates': async () => {
    await using router = faultyRouter('port-control-duplicates');
    const [one, other, ...rest] = await askAll(router, [NAT_PMP_ADDRESS]);
    expect(other).toEqual(one);
    expect(rest).toEqual([]);
  },
  'port-control-out-of-order': async () => {
    await using router = faultyRouter('port-control-out-of-order');
    const heard = await askAll(router, ASKED);
    expect(heard.map(({ payload }) => toHex(payload.slice(0, 2)))).toEqual(['0081', '0281', '0080', '0280']);
  },
  'port-control-late': async () => {
    await using router = faultyRouter('port-control-late');
    const [heard] = await askAll(router, [NAT_PMP_ADDRESS]);
    expect(heard?.at).toBe(2_502);
  },
  'port-control-truncated': async () => {
    for (const [whole, cut] of await bothWays('port-control-truncated')) {
      expect(cut.length).toBeGreaterThan(0);
      expect(cut.length).toBeLessThan(whole.length);
      expect(whole.slice(0, cut.length)).toEqual(cut);
    }
  },
  'port-control-odd-length': async () => {
    for (const [whole, long] of await bothWays('port-control-odd-length')) expect([...long]).toEqual([...whole, 0]);
  },
  'pcp-another-nonce': async () => {
    const pairs = await bothWays('pcp-another-nonce');
    expect(pairs.map(([whole, other]) => toHex(whole) === toHex(other))).toEqual([true, true, true, false]);
    const [honest, forged] = (pairs.at(-1) ?? []).map(readPcp);
    expect({ ...forged, nonce: '', body: '' }).toEqual({ ...honest, nonce: '', body: '' });
    expect(forged?.nonce).toBe('fefdfcfbfaf9f8f7f6f5f4f3');
  },
  'port-control-from-another-port': async () => {
    await using router = faultyRouter('port-control-from-another-port');
    const heard = await askAll(router, ASKED);
    expect(new Set(heard.map(({ from }) => from.port)).size).toBe(1);
    expect(heard[0]?.from.port).toBeGreaterThan(49_151);
    expect(heard[0]?.from.address).toBe('192.168.1.1');
  },
  'port-control-wrong-epoch': async () => {
    await using router = faultyRouter('port-control-wrong-epoch');
    await router.clock.advance('20m');
    expect(readNatPmp(await ask(router, natPmpMap()))).toMatchObject({ result: 0, epoch: 0, lifetime: 3600 });
    expect(readPcp(await ask(router, pcpMap({ protocol: 6 })))).toMatchObject({ result: 0, epoch: 0, lifetime: 3600 });
  },
  'port-control-not-authorized': async () => {
    await using router = portControlRouter();
    router.inject('port-control-not-authorized', { times: 2 });
    const answers = [];
    for (const request of [natPmpMap(), pcpMap(), pcpMap()]) answers.push((await ask(router, request))[3]);
    expect(answers).toEqual([2, 2, 0]);
    expect(router.mappings()).toHaveLength(1);
  },
  'forged-restart': () => forgedFrom('forged-restart', '192.168.1.1'),
  'restart-of-another-host': () => forgedFrom('restart-of-another-host', '192.168.1.66'),
});

async function forgedFrom(name: FaultName, address: string): Promise<void> {
  await using router = portControlRouter();
  const heard = await announcementsDuring(router, () => {
    router.inject(name, { after: '1m' });
  });
  expect(heard.map(({ from, at, payload }) => [from, Math.floor(at / 1000), toHex(payload)])).toEqual(
    ['008000000000000006060606', `0280${'00'.repeat(22)}`].map((payload) => [{ address, port: 5351 }, 60, payload]),
  );
  expect(readPcp(await ask(router, pcpAnnounce())).epoch).toBeGreaterThan(200);
}

test('a fault of these datagrams is refused on a router that has none, and `on` is', () => {
  const upnp = simulateGateway();
  expect(() => upnp.inject('port-control-loss')).toThrow(
    new RangeError("port-control-loss: it applies to PCP and NAT-PMP, which this gateway's protocols leave out"),
  );
  expect(() => upnp.inject('reboot', { on: 'pcp' })).toThrow(
    /^reboot: this gateway has no action or request pcp; it has: /,
  );
  const both = portControlRouter();
  expect(() => both.inject('pcp-another-nonce', { on: 'nat-pmp' })).toThrow(
    new RangeError('pcp-another-nonce: it does not apply to nat-pmp; it applies to: pcp'),
  );
  expect(() => both.inject('udp-loss', { on: 'pcp' })).toThrow(/^udp-loss: it does not apply to pcp; /);
});

test('a fault on one protocol leaves the other alone, and a reboot can strike at a request', async () => {
  await using router = portControlRouter();
  router.inject('port-control-loss', { on: 'pcp' });
  expect(await askAll(router, ASKED)).toHaveLength(2);
  await using other = portControlRouter();
  other.inject('reboot', { on: 'nat-pmp', nth: 2 });
  await other.clock.advance('100s');
  expect(readNatPmp(await ask(other, NAT_PMP_ADDRESS)).epoch).toBe(100);
  expect(readNatPmp(await ask(other, NAT_PMP_ADDRESS)).epoch).toBe(0);
});

test('a fault without hooks is one of every router', () => {
  const nothing = { row: 0, what: '', remedy: '', name: 'nothing', hooks: () => ({}) };
  expect(simulateGateway().inject(nothing).hits).toBe(0);
});

test('what is announced by each protocol can be changed', async () => {
  const router = portControlRouter();
  const kinds = new Set<string>();
  router.inject({
    row: 0,
    what: '',
    remedy: '',
    name: 'no announcement by PCP',
    hooks: () => ({
      announcement: (messages, kind) => {
        kinds.add(kind);
        return kind === 'pcp' ? [] : messages;
      },
    }),
  });
  const heard = await announcementsDuring(router, () => {
    router.changeExternalAddress('6.6.6.6');
  });
  expect(new Set(heard.map(({ payload }) => payload[0]))).toEqual(new Set([0]));
  expect(kinds).toEqual(new Set(['pcp', 'nat-pmp']));
});
