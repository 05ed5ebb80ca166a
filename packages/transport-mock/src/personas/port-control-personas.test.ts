/** Personas that have PCP or NAT-PMP: what they are known for. */
import { expect, test } from 'vitest';
import {
  ask,
  askAll,
  askNatPmp,
  askPcp,
  filter,
  NAT_PMP_ADDRESS,
  OTHER_NONCE,
  pcpAnnounce,
  pcpMap,
  readPcp,
  toHex,
} from '../port-control/port-control.test-support.ts';
import { simulateGateway, type SimulatedGateway } from '../simulate-gateway.ts';
import { PERSONAS, type PersonaName } from './index.ts';
import { protocolsOf } from './persona.ts';

/** A router with PCP in its daemon, whatever it is called. */
async function isMiniupnpd(router: SimulatedGateway): Promise<void> {
  expect(readPcp(await ask(router, pcpAnnounce('192.168.1.9')))).toMatchObject({ result: 0 });
  expect(await askPcp(router, { client: '192.168.1.9' })).toMatchObject({ result: 12, lifetime: 0 });
  expect(await askPcp(router, { lifetime: 0 })).toMatchObject({ result: 8, lifetime: 30 });
  expect(await askPcp(router, { externalPort: 80, options: filter('9.9.9.9') })).toMatchObject({ result: 0 });
  expect(await askPcp(router, { nonce: OTHER_NONCE })).toMatchObject({ result: 0 });
  expect(router.mappings()).toMatchObject([{ description: `PCP MAP ${OTHER_NONCE}`, pcp: { filters: [] } }]);
  expect(await askNatPmp(router, { opcode: 2, lifetime: 5 })).toMatchObject({ result: 0, lifetime: 5 });
  expect(toHex(await ask(router, pcpMap().slice(0, 29)))).toMatch(/^00800003/);
}

async function pinholeAnswers(router: SimulatedGateway): Promise<readonly number[]> {
  const results = [];
  for (const lifetime of [120, 120, 0]) {
    results.push((await askPcp(router, { client: 'fd77::2', lifetime }, { to: 'fd77::1' })).result);
  }
  return results;
}

/** NAT-PMP alone, which PCP's clients learn from 8 bytes. */
async function isNatPmpOnly(router: SimulatedGateway): Promise<void> {
  expect(toHex(await ask(router, pcpMap()))).toMatch(/^00810001.{8}$/);
  expect(toHex(await ask(router, NAT_PMP_ADDRESS))).toMatch(/^00800000.{8}05050501$/);
  expect(await askNatPmp(router)).toMatchObject({ result: 0, externalPort: 7777, lifetime: 3600 });
}

async function isFritzbox(router: SimulatedGateway): Promise<void> {
  expect(await askPcp(router)).toMatchObject({ result: 0 });
  expect(readPcp(await ask(router, NAT_PMP_ADDRESS))).toMatchObject({ version: 2, result: 1 });
}

const CASES: Readonly<Partial<Record<PersonaName, (router: SimulatedGateway) => Promise<void>>>> = {
  miniupnpd: async (router) => {
    expect(await pinholeAnswers(router)).toEqual([0, 0, 2]);
    await isMiniupnpd(router);
  },
  'miniupnpd-igd1': isMiniupnpd,
  openwrt: isMiniupnpd,
  'openwrt-internal-port-zero': isMiniupnpd,
  'openwrt-upnp-off': isMiniupnpd,
  pfsense: async (router) => {
    expect(await pinholeAnswers(router)).toEqual([0, 8, 0]);
    await isMiniupnpd(router);
  },
  opnsense: async (router) => {
    expect(await pinholeAnswers(router)).toEqual([0, 8, 0]);
    await isMiniupnpd(router);
  },
  'miniupnpd-private-wan': async (router) => {
    expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 0 });
    expect(await askPcp(router)).toMatchObject({ result: 8, lifetime: 30 });
    expect(await askNatPmp(router)).toMatchObject({ result: 3 });
  },
  'fritzbox-7590': isFritzbox,
  'fritzbox-7590-igd1': isFritzbox,
  'fritzbox-switched-off': async (router) => {
    expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 2, lifetime: 1800 });
    expect(await askPcp(router)).toMatchObject({ result: 2 });
  },
  'fritzbox-pcp-refused': async (router) => {
    expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 2, lifetime: 1800 });
    expect(await askPcp(router)).toMatchObject({ result: 2 });
  },
  'proton-vpn': async (router) => {
    const udp = await askNatPmp(router, { internalPort: 1, externalPort: 0, lifetime: 3600 });
    expect(udp).toMatchObject({ result: 0, internalPort: 0, lifetime: 60 });
    const { externalPort } = udp;
    expect(externalPort).toBeGreaterThan(1);
    expect(await askNatPmp(router, { opcode: 2, internalPort: 1, externalPort })).toMatchObject({ externalPort });
    expect(await askAll(router, [pcpMap()])).toHaveLength(1);
  },
  'apple-airport': isNatPmpOnly,
  'verizon-cr1000a': isNatPmpOnly,
  'cgn-with-pcp': async (router) => {
    const answers = [];
    for (let internalPort = 1; internalPort <= 5; internalPort += 1) {
      answers.push(await askPcp(router, { internalPort, externalPort: 0, lifetime: 86_400 }));
    }
    expect(answers.map(({ result, externalPort }) => [result, externalPort])).toEqual([
      [0, 40_000],
      [0, 40_001],
      [0, 40_002],
      [0, 40_003],
      [10, answers[4]?.externalPort],
    ]);
    expect(answers[0]?.lifetime).toBe(7_200);
  },
  'pcp-behind-another-nat': async (router) => {
    expect(await askPcp(router)).toMatchObject({ result: 12, lifetime: 1800 });
  },
};

test.each(Object.entries(CASES))('%s', async (persona, show) => {
  await using router = simulateGateway({ persona: persona as PersonaName });
  expect.hasAssertions();
  await show(router);
});

test('every persona with PCP or NAT-PMP has a case here, and no other has', () => {
  const having = Object.entries(PERSONAS).filter(([, persona]) =>
    protocolsOf(persona).some((protocol) => protocol !== 'upnp'),
  );
  expect(Object.keys(CASES).sort()).toEqual(having.map(([name]) => name).sort());
});
