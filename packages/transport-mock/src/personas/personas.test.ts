import { describe, expect, test } from 'vitest';
import { text } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { readXml } from '../xml/xml-reader.ts';
import { BEHAVIOUR_CASES } from './behaviour-cases.test-support.ts';
import { PERSONAS, type PersonaName } from './index.ts';
import { protocolsOf } from './persona.ts';
import { meet, textsOf } from './persona.test-support.ts';
import { type PersonaCase, searchFor } from './persona-case.test-support.ts';
import { SURVEYED_CASES } from './surveyed-cases.test-support.ts';

const NAMES = (Object.keys(PERSONAS) as readonly PersonaName[]).filter((name) =>
  protocolsOf(PERSONAS[name]).includes('upnp'),
);

/** `visible.test.ts` covers the personas that have no case of their own. */
const CASES: Readonly<Partial<Record<PersonaName, PersonaCase>>> = { ...SURVEYED_CASES, ...BEHAVIOUR_CASES };

describe('is what it is known for', () => {
  test.each(Object.entries(CASES))('%s', async (name, show) => {
    const met = await meet(name as PersonaName);
    await show(met);
    await met.router.close();
    expect.hasAssertions();
  });
});

/** Of the survey: the minor specification version, the connection service, and how many actions it lists. */
const SURVEYED: Readonly<Partial<Record<PersonaName, readonly [minor: string, service: string, actions: number]>>> = {
  mikrotik: ['0', 'WANIPConnection:1', 11],
  'fritzbox-7590': ['0', 'WANIPConnection:2', 25],
  'tp-link-er605': ['0', 'WANIPConnection:1', 11],
  'tp-link-tl-r470t': ['0', 'WANIPConnection:1', 11],
  'tp-link-archer-ax72': ['1', 'WANIPConnection:1', 11],
  'tp-link-archer-vr2100v': ['0', 'WANIPConnection:1', 11],
  'tp-link-archer-ax1800': ['0', 'WANIPConnection:1', 11],
  livebox: ['0', 'WANPPPConnection:2', 21],
  'funbox-6': ['0', 'WANPPPConnection:1', 22],
  'sagemcom-fast5670': ['0', 'WANPPPConnection:1', 12],
  'nec-aterm': ['0', 'WANPPPConnection:1', 10],
  'arris-tg4482a': ['0', 'WANIPConnection:1', 12],
  'askey-rtf8316vw': ['1', 'WANIPConnection:1', 11],
  'netgear-rax30': ['0', 'WANIPConnection:1', 11],
  'yamaha-rtx810': ['0', 'WANIPConnection:1', 11],
  'cisco-cgm4331': ['0', 'WANIPConnection:1', 12],
  neufbox: ['0', 'WANIPConnection:1', 14],
  bbox: ['1', 'WANIPConnection:2', 14],
  openwrt: ['1', 'WANIPConnection:1', 14],
  'openwrt-internal-port-zero': ['1', 'WANIPConnection:1', 11],
  pfsense: ['1', 'WANIPConnection:1', 11],
  'synology-srm': ['1', 'WANIPConnection:1', 11],
  'asus-rt-ax3000': ['1', 'WANIPConnection:1', 11],
  'd-link-dir-x3260': ['1', 'WANIPConnection:1', 11],
  'ubiquiti-udm-pro': ['1', 'WANIPConnection:2', 14],
  edgerouter: ['1', 'WANIPConnection:1', 11],
  keenetic: ['1', 'WANIPConnection:1', 11],
  'buffalo-wsr-1800ax4p': ['0', 'WANIPConnection:1', 12],
  'eero-pro-7': ['0', 'WANIPConnection:1', 11],
  freebox: ['0', 'WANIPConnection:1', 11],
  dovado: ['0', 'WANIPConnection:1', 12],
};

test.each(Object.entries(SURVEYED))('%s is as the survey found it', async (name, [minor, service, actions]) => {
  const { description, connection, get, call, router } = await meet(name as PersonaName);
  expect(textsOf(description, 'minor')).toEqual([minor]);
  expect(connection.type).toBe(`urn:schemas-upnp-org:service:${service}`);
  const scpd = text((await get(connection.scpdUrl)).body);
  expect(scpd.match(/<action>/g)).toHaveLength(actions);
  expect(await call('GetExternalIPAddress')).toHaveProperty('NewExternalIPAddress');
  await router.close();
});

describe('every persona with UPnP', () => {
  test.each(NAMES)('%s serves what its description names', async (name) => {
    const { services, get, call, router } = await meet(name);
    for (const service of services) {
      const { status, body } = await get(service.scpdUrl);
      const isThere = PERSONAS[name].options.description?.hasScpds !== false;
      expect([service.scpdUrl, status]).toEqual([service.scpdUrl, isThere ? 200 : 404]);
      if (isThere) expect(readXml(text(body))._unsafeUnwrap().name).toBe('scpd');
      if (/WAN(?:IP|PPP)Connection/.test(service.type)) {
        expect(await call('GetExternalIPAddress', '', service)).toHaveProperty('NewExternalIPAddress');
      }
    }
    await router.close();
  });
});

test('options that are given count before those of the persona, in groups each for itself', async () => {
  const { router, add, at } = await meet('arris-tg4482a', {
    modelName: 'Other',
    reports: { permanentLease: 7 },
    externalAddress: undefined,
    refusals: { timedLease: 501 },
  });
  expect(router.config.modelName).toBe('Other');
  expect(router.config.externalAddress).toBe('5.5.5.1');
  expect(await add()).toBe(501);
  await add({ NewLeaseDuration: 0 });
  expect(await at(0)).toMatchObject({ NewLeaseDuration: '86400' });
  await router.close();
});

test('an unknown name is refused, and near ones are named', () => {
  const choose = (name: string) => () => simulateGateway({ persona: name as PersonaName });
  expect(choose('mikrotic')).toThrow(
    new RangeError("there is no persona 'mikrotic'; similar names: mikrotik, proton-vpn"),
  );
  expect(choose('??')).toThrow(/^there is no persona '\?\?'; the names are: .*igd1, igd2/);
});

test('a persona keeps its faults, whatever a test injects and takes back', async () => {
  const { router } = await meet('sagemcom-fast5670');
  const loss = router.inject('udp-loss');
  expect(await searchFor(router, 'ssdp:all')).toEqual([]);
  loss.remove();
  const targets = await searchFor(router, 'ssdp:all');
  expect(targets.join()).toContain('WFADevice');
  expect(targets.join()).not.toContain('InternetGatewayDevice');
  await router.close();
});
