import { expect } from 'vitest';
import { mappingArgs, soapRequest, WANIP2 } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import { answer, call, failure, faulty, field, get, search, send, testEvery } from './faults.test-support.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';

const ADDRESS = soapRequest(WANIP2, 'GetExternalIPAddress', '');

function tells(fault: FaultName, address: string) {
  return async (): Promise<void> => {
    await using router = faulty(fault, { nth: 2 });
    const told = [];
    for (let count = 0; count < 3; count += 1) told.push(await call(router, WANIP2, 'GetExternalIPAddress'));
    expect(told).toEqual(['5.5.5.1', address, '5.5.5.1'].map((NewExternalIPAddress) => ({ NewExternalIPAddress })));
  };
}

testEvery(GATEWAY_FAULTS, {
  reboot: async () => {
    await using router = faulty('reboot', { on: 'AddPortMapping', nth: 2 });
    expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs())).toEqual({});
    expect(field((await search(router))[0]?.message ?? '', 'BOOTID.UPNP.ORG')).toBe('1');
    expect(await failure(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs()))).toBe('reset');
    expect(router.mappings()).toEqual([]);
    expect(await failure(router, ADDRESS)).toBe('refused');
    const [again] = await search(router);
    expect(field(again?.message ?? '', 'BOOTID.UPNP.ORG')).toBe('2');
    expect(field(again?.message ?? '', 'LOCATION')).toBe('http://192.168.1.1:5001/description.xml');
    const url = 'http://192.168.1.1:5001/control/WANIPConn1';
    expect(await call(router, WANIP2, 'GetStatusInfo', '', url)).toMatchObject({ NewUptime: '10' });
    expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs(), url)).toEqual({});
  },

  'external-address-changes': async () => {
    await using router = faulty('external-address-changes', { after: '1h' });
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
    await router.clock.advance('1h');
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.77' });
  },

  'external-address-empty': tells('external-address-empty', ''),
  'external-address-zero': tells('external-address-zero', '0.0.0.0'),
  'external-address-private': tells('external-address-private', '10.0.0.77'),
  'external-address-shared': tells('external-address-shared', '100.64.0.77'),

  'wan-link-down': async () => {
    await using router = faulty('wan-link-down', { on: 'GetStatusInfo', nth: 2 });
    const status = (): Promise<unknown> => call(router, WANIP2, 'GetStatusInfo');
    expect(await status()).toMatchObject({ NewConnectionStatus: 'Connected' });
    expect(await status()).toMatchObject({
      NewConnectionStatus: 'Disconnected',
      NewLastConnectionError: 'ERROR_NO_CARRIER',
    });
    router.setWanLink(true);
    expect(await status()).toMatchObject({ NewConnectionStatus: 'Connected' });
  },

  'parallel-requests-break': async () => {
    await using router = faulty('parallel-requests-break');
    const add = (port: number) =>
      send(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: port })));
    expect(await Promise.all([add(5001), add(5002), add(5003)])).toMatchObject([
      { status: 200 },
      { code: 'reset' },
      { code: 'reset' },
    ]);
    expect(router.clock.now()).toBe(52);
    expect(await add(5004)).toMatchObject({ status: 200 });
    expect(await add(5005)).toMatchObject({ status: 200 });
    expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([5001, 5004, 5005]);
  },

  'network-changes': async () => {
    await using router = faulty('network-changes', { after: '30s' });
    const { transport, clock, network } = router;
    await using neighbour = simulateGateway({ network, lanAddress: '192.168.1.99', lanAddress6: null });
    const memberships = ['239.255.255.250'];
    const socket = (await transport.datagram.open({ family: 'ipv4', localPort: 1900, memberships }))._unsafeUnwrap();
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const datagram of socket.datagrams) heard.push(datagram);
    })();
    await clock.advance('29998ms');
    const underWay = failure(router, ADDRESS);
    await clock.advance('1m');
    expect(await underWay).toBe('timeout');

    expect(await failure(router, ADDRESS)).toBe('unreachable');
    const addresses = (await transport.interfaces.list())._unsafeUnwrap().map(({ address }) => address);
    expect(addresses).toEqual(['127.0.0.1', '192.168.2.2', 'fd77:0:0:1:0:0:0:2', 'fe80::2']);
    expect((await transport.interfaces.defaultRouters?.())?._unsafeUnwrap()[0]?.address).toBe('192.168.2.1');

    router.announce('alive');
    (await socket.send(new Uint8Array(1), { address: '239.255.255.250', port: 1900 }))._unsafeUnwrap();
    await clock.advance('1m');
    await socket.close();
    await listening;
    expect(heard).toEqual([]);

    const again = await search(router);
    expect(again.map(({ from }) => from).sort()).toEqual(['192.168.2.1 1900', '192.168.2.99 1900']);
    expect(router.descriptionUrl).toBe('http://192.168.2.1:5000/description.xml');
    expect((await answer(router, get(neighbour.descriptionUrl))).localAddress).toBe('192.168.2.2');
    const url = 'http://192.168.2.1:5000/control/WANIPConn1';
    const args = mappingArgs({ NewInternalClient: '192.168.2.2' });
    expect(await call(router, WANIP2, 'AddPortMapping', args, url)).toEqual({});
  },
});
