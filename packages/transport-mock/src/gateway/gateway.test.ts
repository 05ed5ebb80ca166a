import { expect, test } from 'vitest';
import { igdOutline } from '../description/igd-outline.ts';
import { mappingArgs, testGateway, WANIP1, WANIP2 } from '../gateway.test-support.ts';
import { completeGatewayOptions, type GatewayOptions } from './gateway-options.ts';

const TWO: GatewayOptions = {
  igdVersion: 1,
  otherConnections: [{ externalAddress: '5.5.5.2', isWanUp: true }],
  description: {
    outline: igdOutline({
      version: 1,
      connections: [
        { type: 'WANIPConnection:1', id: 'WANIPConn1', connection: 1 },
        { type: 'WANIPConnection:1', id: 'WANIPConn2' },
      ],
    }),
  },
};

test('two connections have an address and a table each', () => {
  const { gateway, call } = testGateway(TWO);
  expect(call(WANIP1, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.2' });
  call(WANIP1, 'AddPortMapping', mappingArgs());
  expect(gateway.connection.mappings.size).toBe(0);
  expect(gateway.services.filter(({ connection }) => connection !== null).map(({ wan }) => wan.mappings.size)).toEqual([
    1, 0,
  ]);
});

test('what has become of connections outlasts another configuration', async () => {
  const { gateway, call, clock, add } = testGateway(TWO);
  add();
  call(WANIP1, 'ForceTermination');
  await clock.advance('10s');
  gateway.reconfigure(completeGatewayOptions({ ...TWO, friendlyName: 'Other' }));
  expect(gateway.root.friendlyName).toBe('Other');
  expect(call(WANIP1, 'GetStatusInfo')).toMatchObject({ NewLastConnectionError: 'ERROR_FORCED_DISCONNECT' });
  expect(gateway.connection.uptime).toBe(10);
  expect(gateway.services.find(({ serviceId }) => serviceId.endsWith('WANIPConn1'))?.wan.mappings.size).toBe(1);
});

test('a service of a connection that there is none of is a mistake', () => {
  expect(() => testGateway({ ...TWO, otherConnections: [] })).toThrow(
    new RangeError('WANIPConn1 refers to connection 1 (counted from 0), but only 1 exist'),
  );
});

test('refusals are answered as the table says, by number or with a success that nothing comes of', () => {
  const cases: readonly (readonly [GatewayOptions, Readonly<Record<string, string | number>>, number])[] = [
    [{ isSwitchedOff: true }, {}, 606],
    [{ capacity: 0 }, {}, 728],
    [{ leasePolicy: 'permanent-only' }, {}, 725],
    [{ leasePolicy: 'finite-only' }, { NewLeaseDuration: 0 }, 402],
    [{ longestLease: 60 }, { NewLeaseDuration: 61 }, 601],
    [{ requiresSamePorts: true }, { NewInternalPort: 1 }, 724],
    [{ requiresAnyRemoteHost: true }, { NewRemoteHost: '8.8.8.8' }, 726],
    [{ requiresExternalPortWildcard: true }, {}, 727],
    [{ requiresDescription: true }, { NewPortMappingDescription: '' }, 402],
    [{ forbiddenInDescriptions: 'xt' }, {}, 402],
    [{ isSecure: true }, { NewInternalClient: '192.168.1.77' }, 606],
  ];
  const ignored = {
    switchedOff: 'ignored',
    full: 'ignored',
    timedLease: 'ignored',
    permanentLease: 'ignored',
    longLease: 'ignored',
    differentPorts: 'ignored',
    remoteHost: 'ignored',
    externalPort: 'ignored',
    emptyDescription: 'ignored',
    badDescription: 'ignored',
    foreignClient: 'ignored',
  } as const;
  for (const [options, changes, code] of cases) {
    expect([options, testGateway(options).add(changes)]).toEqual([options, code]);
    const liar = testGateway({ ...options, refusals: ignored });
    expect([options, liar.add(changes)]).toEqual([options, {}]);
    expect(liar.call(WANIP2, 'AddAnyPortMapping', mappingArgs(changes))).toEqual({ NewReservedPort: '7777' });
    expect(liar.gateway.connection.mappings.size).toBe(0);
  }
});

test('a lease that is granted to all, and renewals that are refused', async () => {
  const granted = testGateway({ grantedLease: 60 });
  expect(granted.add({ NewLeaseDuration: 3_600 })).toEqual({});
  await granted.clock.advance('60s');
  expect(granted.gateway.connection.mappings.size).toBe(0);
  const strict = testGateway({ allowsRenewal: false, refusals: { renewal: 501 } });
  expect([strict.add(), strict.add()]).toEqual([{}, 501]);
  expect(strict.call(WANIP2, 'AddAnyPortMapping', mappingArgs())).toBe(501);
});
