/** What PCP, NAT-PMP and UPnP have in common: one port, one table, one epoch. */
import { describe, expect, test } from 'vitest';
import { keyArgs, mappingArgs, readAnswer, soapRequest, WANIP2 } from '../gateway.test-support.ts';
import type { SimulatedGateway } from '../simulate-gateway.ts';
import {
  ask,
  askAll,
  askNatPmp,
  askPcp,
  NAT_PMP_ADDRESS,
  natPmpMap,
  NONCE,
  OTHER_NONCE,
  pcpAnnounce,
  pcpMap,
  portControlRouter,
  readNatPmp,
  readPcp,
  toHex,
} from './port-control.test-support.ts';

async function soap(router: SimulatedGateway, action: string, args: string, transport = router.transport) {
  const options = { deadlineMs: 5_000, maxBodyBytes: 100_000 };
  return readAnswer((await transport.http.request(soapRequest(WANIP2, action, args), options))._unsafeUnwrap());
}

describe('who answers', () => {
  test('without PCP and NAT-PMP, which is the default, nobody', async () => {
    await using router = portControlRouter({ protocols: undefined });
    expect(await askAll(router, [NAT_PMP_ADDRESS, pcpAnnounce()])).toEqual([]);
    expect(router.config.protocols).toEqual(['upnp']);
    expect(router.exchanges()).toEqual([]);
  });

  test('a closed port is silent, or refuses by ICMP', async () => {
    for (const closedPort of ['silent', 'refuses'] as const) {
      await using router = portControlRouter({ protocols: ['upnp'], closedPort });
      let refusals = 0;
      const onRefused = (): void => {
        refusals += 1;
      };
      const remote = { address: '192.168.1.1', port: 5351 };
      const socket = (await router.transport.datagram.open({ family: 'ipv4', remote, onRefused }))._unsafeUnwrap();
      (await socket.send(NAT_PMP_ADDRESS, remote))._unsafeUnwrap();
      await router.clock.advance('1s');
      await socket.close();
      expect(refusals).toBe(closedPort === 'refuses' ? 1 : 0);
    }
  });

  test('PCP alone answers NAT-PMP with 1, which NAT-PMP finds at the same place', async () => {
    await using router = portControlRouter({ protocols: ['pcp'] });
    const answer = await ask(router, NAT_PMP_ADDRESS);
    expect(readPcp(answer)).toMatchObject({ version: 2, opcode: 128, result: 1, lifetime: 1800 });
    expect(readNatPmp(answer)).toMatchObject({ opcode: 128, result: 1 });
  });

  test('with both, each answers its own version', async () => {
    await using router = portControlRouter();
    const heard = await askAll(router, [NAT_PMP_ADDRESS, pcpAnnounce()]);
    expect(heard.map(({ payload, from }) => [payload[0], payload.length, from.address, from.port])).toEqual([
      [0, 12, '192.168.1.1', 5351],
      [2, 24, '192.168.1.1', 5351],
    ]);
  });

  test('NAT-PMP is not answered over IPv6', async () => {
    await using router = portControlRouter();
    const answer = await ask(router, NAT_PMP_ADDRESS, { to: 'fe80::1' });
    expect(readPcp(answer)).toMatchObject({ version: 2, result: 1 });
    await using old = portControlRouter({ protocols: ['nat-pmp'] });
    expect(await askAll(old, [NAT_PMP_ADDRESS], { to: 'fe80::1' })).toEqual([]);
  });

  test('a datagram to another port, or to a group, is not answered', async () => {
    await using router = portControlRouter();
    expect(await askAll(router, [NAT_PMP_ADDRESS], { to: '239.255.255.250' })).toEqual([]);
  });

  test('without UPnP searches and HTTP are not answered, and nothing is announced', async () => {
    await using router = portControlRouter({ protocols: ['pcp'] });
    const socket = (
      await router.transport.datagram.open({ family: 'ipv4', localPort: 1900, memberships: ['239.255.255.250'] })
    )._unsafeUnwrap();
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const datagram of socket.datagrams) heard.push(datagram);
    })();
    const search = 'M-SEARCH * HTTP/1.1\r\nHOST: x:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n';
    (await socket.send(new TextEncoder().encode(search), { address: '239.255.255.250', port: 1900 }))._unsafeUnwrap();
    router.announce('alive');
    await router.clock.advance('10s');
    await socket.close();
    await listening;
    expect(heard).toEqual([]);
    const got = await router.transport.http.request(
      { method: 'GET', url: router.descriptionUrl, headers: [], body: new Uint8Array() },
      { deadlineMs: 5_000, maxBodyBytes: 1_000 },
    );
    expect(got._unsafeUnwrapErr().code).toBe('refused');
  });
});

describe('one table', () => {
  test('UPnP lists what PCP and NAT-PMP have mapped, and miniupnpd the nonce with it', async () => {
    await using router = portControlRouter({ pcp: { listsNonce: true } });
    await askPcp(router);
    await askNatPmp(router, { opcode: 2 });
    expect(await soap(router, 'GetSpecificPortMappingEntry', keyArgs(7777, 'UDP'))).toMatchObject({
      NewInternalClient: '192.168.1.2',
      NewPortMappingDescription: `PCP MAP ${NONCE}`,
      NewLeaseDuration: '3580',
    });
    expect(await soap(router, 'GetSpecificPortMappingEntry', keyArgs(7777, 'TCP'))).toMatchObject({
      NewPortMappingDescription: 'NAT-PMP 7777 tcp',
    });
  });

  test("another client's mapping is in the way, by whichever protocol it was made", async () => {
    await using router = portControlRouter();
    const other = { transport: router.neighbour() };
    await askPcp(router, { protocol: 6 });
    expect(
      await soap(router, 'AddPortMapping', mappingArgs({ NewInternalClient: '192.168.1.3' }), other.transport),
    ).toBe(718);
    expect(await askNatPmp(router, { opcode: 2 }, other)).toMatchObject({ externalPort: 7778 });
    await soap(router, 'AddPortMapping', mappingArgs({ NewExternalPort: 8000 }));
    expect(
      await askPcp(router, { client: '192.168.1.3', protocol: 6, externalPort: 8000, internalPort: 1 }, other),
    ).toMatchObject({ externalPort: 8001 });
  });

  test("NAT-PMP replaces the same client's PCP mapping, and the reverse", async () => {
    await using router = portControlRouter();
    await askPcp(router, { externalPort: 9000 });
    expect(await askNatPmp(router)).toMatchObject({ externalPort: 9000 });
    expect(router.mappings()).toMatchObject([{ via: 'nat-pmp', description: 'NAT-PMP 9000 udp' }]);
    expect(router.mappings()[0]?.pcp).toBeUndefined();
    expect(await askPcp(router, { nonce: OTHER_NONCE })).toMatchObject({ result: 0, externalPort: 9000 });
    expect(router.mappings()).toMatchObject([{ via: 'pcp', pcp: { nonce: OTHER_NONCE } }]);
    await askNatPmp(router, { lifetime: 0 });
    expect(router.mappings()).toHaveLength(1);
  });

  test('what UPnP makes again is no longer of PCP, which then cannot delete it', async () => {
    await using router = portControlRouter();
    await askPcp(router, { protocol: 6 });
    expect(await soap(router, 'AddPortMapping', mappingArgs())).toEqual({});
    expect(router.mappings()).toMatchObject([{ description: 'a test', via: undefined, pcp: undefined }]);
    expect(await askPcp(router, { protocol: 6, lifetime: 0 })).toMatchObject({ result: 2 });
    expect(router.mappings()).toHaveLength(1);
  });

  test('with several mappings of UPnP to one port, that on the suggested one is renewed', async () => {
    await using router = portControlRouter();
    await soap(router, 'AddPortMapping', mappingArgs({ NewExternalPort: 8000 }));
    await soap(router, 'AddPortMapping', mappingArgs({ NewExternalPort: 8001 }));
    expect(await askNatPmp(router, { opcode: 2, externalPort: 8001 })).toMatchObject({ externalPort: 8001 });
    expect(await askPcp(router, { protocol: 6, externalPort: 1 })).toMatchObject({ externalPort: 8000 });
  });

  test('an external port that is not allowed is replaced by one that is', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { externalPort: 80 })).toMatchObject({ result: 0, externalPort: 1024 });
    expect(await askNatPmp(router, { opcode: 2, externalPort: 80 })).toMatchObject({ result: 0, externalPort: 1024 });
  });

  test('without a suggestion the internal port is tried first', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { externalPort: 0 })).toMatchObject({ externalPort: 7777 });
    expect(await askNatPmp(router, { opcode: 2, externalPort: 0 })).toMatchObject({ externalPort: 7777 });
  });
});

describe('the epoch', () => {
  test('counts seconds, and begins again with a reboot and with another external address', async () => {
    await using router = portControlRouter();
    const epochs = async (): Promise<readonly number[]> => [
      readPcp(await ask(router, pcpAnnounce())).epoch,
      readNatPmp(await ask(router, NAT_PMP_ADDRESS)).epoch,
    ];
    await router.clock.advance('100s');
    expect(await epochs()).toEqual([100, 110]);
    router.changeExternalAddress('5.5.5.77');
    expect(await epochs()).toEqual([0, 10]);
    router.changeExternalAddress('5.5.5.77');
    expect(await epochs()).toEqual([20, 30]);
    router.reboot();
    expect(await epochs()).toEqual([0, 10]);
    expect(router.mappings()).toEqual([]);
  });

  test('is told in errors, too', async () => {
    await using router = portControlRouter();
    await router.clock.advance('100s');
    expect(await askPcp(router, { version: 3 })).toMatchObject({ result: 1, epoch: 100 });
  });
});

test('an exchange says in words what was asked and answered', async () => {
  await using router = portControlRouter();
  const words: string[] = [];
  const { summarizeExchange } = await import('../exchange-summary.ts');
  await askAll(router, [
    NAT_PMP_ADDRESS,
    natPmpMap({ externalPort: 80 }),
    natPmpMap({ lifetime: 0 }),
    natPmpMap({ internalPort: 0 }),
    pcpAnnounce(),
    pcpMap({ protocol: 6, externalPort: 80 }),
    pcpMap({ protocol: 6, lifetime: 0 }),
    pcpMap({ protocol: 132 }),
    pcpMap({ opcode: 2 }),
    new Uint8Array([2]),
    new Uint8Array([0, 9]),
  ]);
  for (const exchange of router.exchanges()) {
    const { client, request, answer, isOk } = summarizeExchange(exchange);
    expect(client).toBe('192.168.1.2');
    words.push(`${request}: ${answer}${isOk ? '' : ' !'}`);
  }
  expect(words).toEqual([
    'NAT-PMP external address: ok',
    'NAT-PMP map UDP 80 -> 192.168.1.2:7777, 3600 s: port 1024',
    'NAT-PMP delete UDP 192.168.1.2:7777: ok',
    'NAT-PMP map UDP 7777 -> 192.168.1.2:0, 3600 s: 2 notAuthorized !',
    'PCP ANNOUNCE: ok',
    'PCP map TCP 80 -> 192.168.1.2:7777, 3600 s: port 1024',
    'PCP delete TCP 192.168.1.2:7777: ok',
    'PCP map protocol 132 7777 -> 192.168.1.2:7777, 3600 s: 9 unsupportedProtocol !',
    'PCP opcode 2: 4 unsupportedOpcode !',
    'PCP 1 bytes that are no request: no answer !',
    'NAT-PMP opcode 9: 5 unsupportedOpcode !',
  ]);
});

test('a pinhole is opened over IPv6', async () => {
  await using router = portControlRouter();
  const where = { to: 'fd77::1' };
  const fields = { client: 'fd77::2', externalAddress: '::' };
  const answer = await askPcp(router, fields, where);
  expect(answer).toMatchObject({ result: 0, lifetime: 3600, externalPort: 7777 });
  expect(answer.externalAddress).toBe(toHex(pcpAnnounce('fd77::2').slice(8)));
});
