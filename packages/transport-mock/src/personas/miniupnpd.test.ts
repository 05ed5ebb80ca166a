/** The daemon behind many makers' names: what all of its personas do. */
import { describe, expect, test } from 'vitest';
import { keyArgs, mappingArgs, text } from '../gateway.test-support.ts';
import { PERSONAS, type PersonaName } from './index.ts';
import { protocolsOf } from './persona.ts';
import { meet, textsOf } from './persona.test-support.ts';
import { answer, everything } from './persona-case.test-support.ts';

const DAEMONS = [
  'asus-rt-ax3000',
  'bbox',
  'd-link-dir-x3260',
  'edgerouter',
  'keenetic',
  'miniupnpd',
  'miniupnpd-igd1',
  'openwrt',
  'openwrt-internal-port-zero',
  'opnsense',
  'pfsense',
  'synology-srm',
  'tp-link-archer-ax72',
  'ubiquiti-udm-pro',
] as const satisfies readonly PersonaName[];

const PERMANENT = { NewLeaseDuration: 0 };

test('no persona of the daemon is left out here', () => {
  const dropping = Object.entries(PERSONAS).filter(
    // Behind another router it maps nothing.
    ([name, { options }]) => options.dropsRemoteHost === true && name !== 'miniupnpd-private-wan',
  );
  expect(dropping.map(([name]) => name)).toEqual(DAEMONS);
});

describe.each(DAEMONS)('%s', (name) => {
  test('lists the newest first', async () => {
    const { add, at, router } = await meet(name);
    for (const port of [7001, 7002, 7003]) await add({ ...PERMANENT, NewExternalPort: port });
    // Overwritten, it keeps its place.
    await add({ ...PERMANENT, NewExternalPort: 7001 });
    const listed = [await at(0), await at(1), await at(2)];
    expect(listed).toMatchObject(['7003', '7002', '7001'].map((NewExternalPort) => ({ NewExternalPort })));
    expect(await at(3)).toBe(713);
    await router.close();
  });

  test('drops a remote host, and compares it all the same', async () => {
    const { add, at, call, router } = await meet(name);
    const remote = { ...PERMANENT, NewRemoteHost: '9.9.9.9' };
    expect(await add(remote)).toEqual({});
    expect(await at(0)).toMatchObject({ NewRemoteHost: '' });
    expect(await call('GetSpecificPortMappingEntry', keyArgs(7777, 'TCP', '8.8.8.8'))).toHaveProperty(
      'NewEnabled',
      '1',
    );
    expect(await add(remote)).toBe(718);
    expect(await add({ ...remote, NewRemoteHost: '*' })).toEqual({});
    expect(await call('DeletePortMapping', keyArgs(7777, 'TCP', '8.8.8.8'))).toEqual({});
    expect(router.mappings()).toEqual([]);
    await router.close();
  });

  test('answers queries of two variables', async () => {
    const met = await meet(name);
    await met.add(PERMANENT);
    expect(await answer(met, 'QueryStateVariable', '<varName>PortMappingNumberOfEntries</varName>')).toContain(
      '<return>1</return>',
    );
    expect(await answer(met, 'QueryStateVariable', '<varName>ConnectionStatus</varName>')).toContain(
      '<return>Connected</return>',
    );
    expect(await answer(met, 'QueryStateVariable', '<varName>ExternalIPAddress</varName>')).toContain(
      '<errorCode>404</errorCode>',
    );
    await met.router.close();
  });

  test('counts traffic with 64 bits', async () => {
    const { call, services, router } = await meet(name, { traffic: { sent: 6_000_000_000, received: 1 } });
    const common = services.find(({ type }) => type.includes(':WANCommonInterfaceConfig:'));
    await router.clock.advance('1s');
    const { NewTotalBytesSent: sent } = (await call('GetTotalBytesSent', '', common)) as Readonly<
      Record<string, string>
    >;
    expect(Number(sent)).toBeGreaterThan(2 ** 32);
    await router.close();
  });

  test('looks neither at the order of arguments, nor at the service type, nor at NewEnabled', async () => {
    const { call, at, send, router } = await meet(name);
    const reversed = mappingArgs({ ...PERMANENT, NewEnabled: 0 })
      .split(/(?<=<\/\w+>)/)
      .reverse()
      .join('');
    expect(await call('AddPortMapping', reversed)).toEqual({});
    expect(await at(0)).toMatchObject({ NewEnabled: '1' });
    expect(await send('GetExternalIPAddress')).toMatchObject({ status: 200 });
    await router.close();
  });
});

test.each(['bbox', 'miniupnpd', 'openwrt', 'ubiquiti-udm-pro'] as const)(
  '%s sends a list as CDATA, the newest first, and an empty one as such',
  async (name) => {
    const met = await meet(name);
    expect(await answer(met, 'GetListOfPortMappings', everything)).toMatch(
      /<NewPortListing><!\[CDATA\[[^]*<p:PortMappingList[^>]*><\/p:PortMappingList>\]\]><\/NewPortListing>/,
    );
    for (const port of [7001, 7002]) await met.add({ NewExternalPort: port, NewPortMappingDescription: 'a ]]&gt; b' });
    const listing = await answer(met, 'GetListOfPortMappings', everything);
    expect(textsOf(/<!\[CDATA\[([^]*?)\]\]>/.exec(listing)?.[1] ?? '', 'p:NewExternalPort')).toEqual(['7002', '7001']);
    await met.router.close();
  },
);

test('AddAnyPortMapping for a dropped remote host takes another port the second time', async () => {
  const { call, router } = await meet('miniupnpd');
  const any = mappingArgs({ NewRemoteHost: '9.9.9.9' });
  const ports = [await call('AddAnyPortMapping', any), await call('AddAnyPortMapping', any)];
  expect(ports).toEqual([{ NewReservedPort: '7777' }, { NewReservedPort: '7778' }]);
  await router.close();
});

describe('other routers', () => {
  test.each(['fritzbox-7590', 'livebox'] as const)('%s lists the oldest first', async (name) => {
    const { add, at, router } = await meet(name);
    for (const port of [7001, 7002]) await add({ ...PERMANENT, NewExternalPort: port });
    expect(await at(0)).toMatchObject({ NewExternalPort: '7001' });
    await router.close();
  });

  test('send a list as CDATA, but FRITZ!OS as text', async () => {
    const isCdata = async (name: PersonaName | undefined): Promise<boolean> => {
      const met = await meet(name ?? 'igd2', {});
      await met.add();
      const listing = await answer(met, 'GetListOfPortMappings', everything);
      await met.router.close();
      expect(listing).toMatch(/<NewPortListing>(?:<!\[CDATA\[<\?xml|&lt;\?xml)/);
      return listing.includes('<![CDATA[');
    };
    expect([await isCdata('igd2'), await isCdata('neufbox'), await isCdata('fritzbox-7590')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  const STRICT: readonly string[] = ['igd1', 'igd2'];
  const withUpnp = (Object.keys(PERSONAS) as PersonaName[]).filter((name) =>
    protocolsOf(PERSONAS[name]).includes('upnp'),
  );
  test.each(withUpnp)('%s looks at the order of arguments only by the book', async (name) => {
    const { send, router } = await meet(name);
    const reversed = keyArgs(1)
      .split(/(?<=<\/\w+>)/)
      .reverse()
      .join('');
    const { body } = await send('GetSpecificPortMappingEntry', reversed);
    expect(text(body).includes('<errorCode>402</errorCode>')).toBe(STRICT.includes(name));
    await router.close();
  });
});

test('a description cannot end the CDATA section', async () => {
  const met = await meet('igd2');
  await met.call('AddPortMapping', mappingArgs({ NewPortMappingDescription: ']]&gt;' }));
  const listing = await answer(met, 'GetListOfPortMappings', everything);
  expect(listing.match(/\]\]>/g)).toHaveLength(1);
  await met.router.close();
});
