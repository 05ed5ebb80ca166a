import { describe, expect, test } from 'vitest';
import { args, keyArgs, mappingArgs, testGateway, WANIP1, WANIP2 } from '../gateway.test-support.ts';

const STORED = {
  NewRemoteHost: '',
  NewExternalPort: '7777',
  NewProtocol: 'TCP',
  NewInternalPort: '7777',
  NewInternalClient: '192.168.1.2',
  NewEnabled: '1',
  NewPortMappingDescription: 'a test',
  NewLeaseDuration: '3600',
};
const INDEX = (index: number | string): string => args({ NewPortMappingIndex: index });

describe('AddPortMapping', () => {
  test('every field comes back, by index and by name', () => {
    const { add, call } = testGateway();
    const given = {
      NewRemoteHost: '8.8.8.8',
      NewExternalPort: 40000,
      NewProtocol: 'UDP',
      NewInternalPort: 50000,
      NewEnabled: 0,
      NewPortMappingDescription: 'a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos; ü 漢',
      NewLeaseDuration: 120,
    };
    expect(add(given)).toEqual({});
    const { NewRemoteHost, NewExternalPort, NewProtocol, ...value } = {
      ...STORED,
      ...Object.fromEntries(Object.entries(given).map(([name, text]) => [name, String(text)])),
    };
    expect(call(WANIP2, 'GetGenericPortMappingEntry', INDEX(0))).toEqual({
      NewRemoteHost,
      NewExternalPort,
      NewProtocol,
      ...value,
    });
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs(40000, 'UDP', '8.8.8.8'))).toEqual(value);
  });

  test('TCP and UDP of one port are independent', () => {
    const { add, gateway } = testGateway();
    expect([add(), add({ NewProtocol: 'UDP' })]).toEqual([{}, {}]);
    expect(gateway.connection.mappings.size).toBe(2);
  });

  test('the same client overwrites, and keeps its place', () => {
    const { add, call, gateway } = testGateway();
    add();
    add({ NewExternalPort: 8888 });
    expect(add({ NewInternalPort: 9999 })).toEqual({});
    expect(gateway.connection.mappings.size).toBe(2);
    expect(call(WANIP2, 'GetGenericPortMappingEntry', INDEX(0))).toEqual({ ...STORED, NewInternalPort: '9999' });
  });

  test('one client may have a port for several remote hosts (figure 2-3)', () => {
    const { add, gateway } = testGateway();
    expect([add(), add({ NewRemoteHost: '8.8.8.8' }), add({ NewRemoteHost: 'example.com' })]).toEqual([{}, {}, {}]);
    expect(gateway.connection.mappings.size).toBe(3);
  });

  test.each(['', '8.8.8.8'])('718 for a port that another client holds (remote host "%s")', (remoteHost) => {
    const { add, gateway } = testGateway();
    add();
    const answer = add({ NewInternalClient: '192.168.1.3', NewRemoteHost: remoteHost }, '192.168.1.3');
    expect(answer).toBe(718);
    expect(gateway.connection.mappings.all()[0]?.internalClient).toBe('192.168.1.2');
  });

  test('another client gets the port when the lease has run out', async () => {
    const { add, clock } = testGateway();
    add();
    await clock.advance('1h');
    expect(add({ NewInternalClient: '192.168.1.3' }, '192.168.1.3')).toEqual({});
  });
});

describe('leases', () => {
  test('count down, and are gone at their end', async () => {
    const { add, call, clock } = testGateway();
    add({ NewLeaseDuration: 1500 });
    await clock.advance('500s');
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toMatchObject({ NewLeaseDuration: '1000' });
    await clock.advance('999s');
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toMatchObject({ NewLeaseDuration: '1' });
    await clock.advance('1s');
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toBe(714);
    expect(call(WANIP2, 'GetGenericPortMappingEntry', INDEX(0))).toBe(713);
  });

  test('of 0: a week on version 2 (2.3.16), for ever on version 1', async () => {
    const version2 = testGateway();
    version2.add({ NewLeaseDuration: 0 });
    expect(version2.call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toMatchObject({
      NewLeaseDuration: '604800',
    });
    await version2.clock.advance('7d');
    expect(version2.call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toBe(714);

    const version1 = testGateway({ igdVersion: 1 });
    version1.add({ NewLeaseDuration: 0 });
    await version1.clock.advance('1000d');
    expect(version1.call(WANIP1, 'GetSpecificPortMappingEntry', keyArgs())).toMatchObject({ NewLeaseDuration: '0' });
  });

  test('longer than a week: 601 on version 2, kept on version 1', () => {
    expect(testGateway().add({ NewLeaseDuration: 604_801 })).toBe(601);
    expect(testGateway().add({ NewLeaseDuration: 604_800 })).toEqual({});
    expect(testGateway({ igdVersion: 1 }).add({ NewLeaseDuration: 4_294_967_295 })).toEqual({});
  });
});

describe('what AddPortMapping refuses', () => {
  test.each<readonly [string, Readonly<Record<string, string | number>>, number, number]>([
    ['an empty internal client', { NewInternalClient: '' }, 715, 715],
    ['an internal client that is no address', { NewInternalClient: '192.168.1.256' }, 402, 600],
    ['a remote host that is no host', { NewRemoteHost: '*' }, 402, 600],
    ['a remote host that is no address', { NewRemoteHost: '1.2.3' }, 402, 600],
    ['external port 0', { NewExternalPort: 0 }, 716, 716],
    ['internal port 0', { NewInternalPort: 0 }, 402, 732],
    ['a protocol that is none', { NewProtocol: 'SCTP' }, 402, 601],
    ['a protocol in lower case', { NewProtocol: 'tcp' }, 402, 601],
    ['another client than the caller', { NewInternalClient: '192.168.1.3' }, 718, 606],
    ['a description that is too long', { NewPortMappingDescription: 'x'.repeat(257) }, 605, 605],
    ['an external port that is too high', { NewExternalPort: 65_536 }, 402, 402],
    ['a negative internal port', { NewInternalPort: -1 }, 402, 402],
    ['a port that is no number', { NewExternalPort: '80a' }, 402, 402],
    ['an empty port', { NewExternalPort: '' }, 402, 402],
    ['NewEnabled that is no boolean', { NewEnabled: 2 }, 402, 402],
    ['a lease that is no ui4', { NewLeaseDuration: 4_294_967_296 }, 402, 402],
    ['a lease with a fraction', { NewLeaseDuration: '1.5' }, 402, 402],
  ])('%s', (_, changes, version1, version2) => {
    const gateways = [testGateway({ igdVersion: 1 }), testGateway({ igdVersion: 2 })];
    expect(gateways.map(({ add }) => add(changes))).toEqual([version1, version2]);
    expect(gateways.map(({ gateway }) => gateway.connection.mappings.size)).toEqual([0, 0]);
  });

  test.each<readonly [string, Parameters<typeof testGateway>[0], Readonly<Record<string, string | number>>, number]>([
    ['different ports', { requiresSamePorts: true }, { NewInternalPort: 8888 }, 724],
    ['a lease', { leasePolicy: 'permanent-only' }, {}, 725],
    ['a remote host', { requiresAnyRemoteHost: true }, { NewRemoteHost: '8.8.8.8' }, 726],
    ['an external port', { requiresExternalPortWildcard: true }, {}, 727],
    ['a port that is reserved', { reservedPorts: [7777] }, {}, 718],
    ['a port that is not allowed', { allowedExternalPorts: [[8000, 9000]] }, {}, 606],
    ['an internal port that is not allowed', { allowedInternalPorts: [[8000, 9000]] }, {}, 606],
    ['any mapping without NAT', { isNatEnabled: false }, {}, 501],
    ['any mapping when it is full', { capacity: 0 }, {}, 501],
  ])('version 1, as configured: %s', (_, options, changes, code) => {
    expect(testGateway({ igdVersion: 1, ...options }).add(changes)).toBe(code);
  });

  test('what such a gateway accepts', () => {
    const permanent = testGateway({ igdVersion: 1, leasePolicy: 'permanent-only', requiresSamePorts: true });
    expect(permanent.add({ NewLeaseDuration: 0 })).toEqual({});
    const wildcard = testGateway({
      igdVersion: 1,
      requiresExternalPortWildcard: true,
      allowsExternalPortWildcard: true,
      requiresAnyRemoteHost: true,
    });
    expect(wildcard.add({ NewExternalPort: 0 })).toEqual({});
  });

  test('version 2, as configured', () => {
    expect(testGateway({ reservedPorts: [7777] }).add()).toBe(729);
    expect(testGateway({ capacity: 0 }).add()).toBe(728);
    expect(testGateway({ isNatEnabled: false }).add()).toBe(501);
  });

  test('ports below 1024 on version 2, not on version 1', () => {
    expect(testGateway({ igdVersion: 2 }).add({ NewExternalPort: 80 })).toBe(606);
    expect(testGateway({ igdVersion: 2 }).add({ NewInternalPort: 80 })).toEqual({});
    expect(testGateway({ igdVersion: 1 }).add({ NewExternalPort: 80 })).toEqual({});
  });

  test('a full table still lets mappings be renewed', () => {
    const { add } = testGateway({ capacity: 1 });
    expect([add(), add({ NewExternalPort: 8888 }), add()]).toEqual([{}, 728, {}]);
  });

  test('other clients are welcome where the gateway is not secure', () => {
    const { add, call } = testGateway({ isSecure: false });
    expect(add({ NewInternalClient: '192.168.1.77' })).toEqual({});
    expect(add({ NewProtocol: 'UDP', NewInternalClient: '255.255.255.255' })).toEqual({});
    expect(call(WANIP2, 'DeletePortMapping', keyArgs())).toEqual({});
  });
});

describe('AddAnyPortMapping', () => {
  test('gives the port that was asked for when it is free, or the caller’s own', () => {
    const { call, gateway } = testGateway();
    expect(call(WANIP2, 'AddAnyPortMapping', mappingArgs())).toEqual({ NewReservedPort: '7777' });
    expect(call(WANIP2, 'AddAnyPortMapping', mappingArgs({ NewInternalPort: 1 }))).toEqual({ NewReservedPort: '7777' });
    expect(gateway.connection.mappings.size).toBe(1);
  });

  test('gives the next one that is free and allowed, else', () => {
    const { add, call } = testGateway({ reservedPorts: [7779], allowedExternalPorts: [[7000, 7780]] });
    const other = '192.168.1.3';
    add({ NewInternalClient: other }, other);
    add({ NewInternalClient: other, NewExternalPort: 7778 }, other);
    const answers = [1, 2, 3].map((port) =>
      call(WANIP2, 'AddAnyPortMapping', mappingArgs({ NewInternalPort: port, NewRemoteHost: `8.8.8.${port}` })),
    );
    // 7778 is taken, 7779 reserved; after 7780 the search goes round to the lowest port that is allowed.
    expect(answers).toEqual([{ NewReservedPort: '7780' }, { NewReservedPort: '7000' }, { NewReservedPort: '7001' }]);
  });

  test('another remote host for the same port gets another port (figure 2-4)', () => {
    const { add, call } = testGateway();
    add();
    expect(call(WANIP2, 'AddAnyPortMapping', mappingArgs({ NewRemoteHost: '8.8.8.8' }))).toEqual({
      NewReservedPort: '7778',
    });
  });

  test('728 when no port is left, or no room', () => {
    const { call } = testGateway({ allowedExternalPorts: [[7777, 7777]], reservedPorts: [7777] });
    expect(call(WANIP2, 'AddAnyPortMapping', mappingArgs())).toBe(728);
    expect(testGateway({ capacity: 0 }).call(WANIP2, 'AddAnyPortMapping', mappingArgs())).toBe(728);
  });

  test('returns 0 for the wildcard, where there is one (2.5.17.3)', () => {
    const { call } = testGateway({ allowsExternalPortWildcard: true });
    expect(call(WANIP2, 'AddAnyPortMapping', mappingArgs({ NewExternalPort: 0 }))).toEqual({ NewReservedPort: '0' });
  });

  test.each([
    [{ NewInternalClient: '' }, 715],
    [{ NewExternalPort: 0 }, 716],
    [{ NewInternalPort: 0 }, 732],
    [{ NewProtocol: 'ICMP' }, 601],
    [{ NewInternalClient: '192.168.1.3' }, 606],
    [{ NewExternalPort: 80 }, 606],
  ])('refuses %o with %d', (changes, code) => {
    expect(testGateway().call(WANIP2, 'AddAnyPortMapping', mappingArgs(changes))).toBe(code);
  });

  test('is not there in the name of version 1', () => {
    expect(testGateway().call(WANIP1, 'AddAnyPortMapping', mappingArgs())).toBe(401);
    expect(testGateway({ igdVersion: 1 }).call(WANIP1, 'AddAnyPortMapping', mappingArgs())).toBe(401);
  });
});

describe('the listing by index', () => {
  test('runs from 0 without gaps to 713', () => {
    const { add, call } = testGateway();
    for (const port of [5001, 5002, 5003]) add({ NewExternalPort: port });
    call(WANIP2, 'DeletePortMapping', keyArgs(5002));
    const answers = [0, 1, 2].map((index) => call(WANIP2, 'GetGenericPortMappingEntry', INDEX(index)));
    expect(answers).toMatchObject([{ NewExternalPort: '5001' }, { NewExternalPort: '5003' }, 713]);
  });

  test.each([
    ['abc', 402],
    ['-1', 402],
    ['', 402],
    ['70000', 402],
    [' 0 ', 713],
  ])('index "%s": %d', (index, code) => {
    expect(testGateway().call(WANIP2, 'GetGenericPortMappingEntry', INDEX(index))).toBe(code);
  });

  test('606 for the mappings of others, where they are hidden', () => {
    const { add, call } = testGateway({ showsForeignMappings: false });
    add();
    expect(call(WANIP2, 'GetGenericPortMappingEntry', INDEX(0), '192.168.1.3')).toBe(606);
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs(), '192.168.1.3')).toBe(606);
    expect(call(WANIP2, 'GetGenericPortMappingEntry', INDEX(0))).toEqual(STORED);
  });
});

describe('GetSpecificPortMappingEntry', () => {
  test('an empty remote host names only the mapping for any host (2.5.15.2)', () => {
    const { add, call } = testGateway();
    add({ NewRemoteHost: '8.8.8.8' });
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs())).toBe(714);
    expect(call(WANIP2, 'GetSpecificPortMappingEntry', keyArgs(7777, 'TCP', '8.8.8.8'))).not.toBe(714);
  });

  test.each([
    [WANIP1, 1, 402],
    [WANIP2, 2, 601],
  ] as const)('a protocol that is none, on %s', (service, igdVersion, code) => {
    expect(testGateway({ igdVersion }).call(service, 'GetSpecificPortMappingEntry', keyArgs(1, 'x'))).toBe(code);
  });
});

describe('DeletePortMapping', () => {
  test('deletes, once', () => {
    const { add, call, gateway } = testGateway();
    add();
    expect(call(WANIP2, 'DeletePortMapping', keyArgs())).toEqual({});
    expect(gateway.connection.mappings.size).toBe(0);
    expect(call(WANIP2, 'DeletePortMapping', keyArgs())).toBe(714);
  });

  test('606 for the mapping of another, which stays', () => {
    const { add, call, gateway } = testGateway();
    add();
    expect(call(WANIP2, 'DeletePortMapping', keyArgs(), '192.168.1.3')).toBe(606);
    expect(gateway.connection.mappings.size).toBe(1);
  });
});

describe('ranges', () => {
  const range = (from: number, to: number, manage: number | string = 0, protocol = 'TCP'): string =>
    args({ NewStartPort: from, NewEndPort: to, NewProtocol: protocol, NewManage: manage });
  const listing = (from: number, to: number, manage = 1, limit = 0): string =>
    range(from, to, manage) + args({ NewNumberOfPorts: limit });

  function filled(isSecure: boolean): ReturnType<typeof testGateway> {
    const router = testGateway({ isSecure });
    for (const port of [5001, 5002, 5004]) router.add({ NewExternalPort: port });
    router.add({ NewExternalPort: 5003, NewInternalClient: '192.168.1.3' }, '192.168.1.3');
    router.add({ NewExternalPort: 5001, NewProtocol: 'UDP' });
    return router;
  }

  const left = ({ gateway }: ReturnType<typeof testGateway>): readonly string[] =>
    gateway.connection.mappings.all().map(({ externalPort, protocol }) => `${protocol} ${externalPort}`);

  test('DeletePortMappingRange deletes the caller’s own, as one change', () => {
    const router = filled(true);
    const { updateId } = router.gateway.connection.mappings;
    expect(router.call(WANIP2, 'DeletePortMappingRange', range(5002, 5004))).toEqual({});
    expect(left(router)).toEqual(['TCP 5001', 'TCP 5003', 'UDP 5001']);
    expect(router.gateway.connection.mappings.updateId).toBe(updateId + 1);
  });

  test('NewManage deletes those of others only where the gateway is not secure (table 2-11)', () => {
    const secure = filled(true);
    expect(secure.call(WANIP2, 'DeletePortMappingRange', range(5001, 5004, 1))).toEqual({});
    expect(left(secure)).toEqual(['TCP 5003', 'UDP 5001']);
    const open = filled(false);
    expect(open.call(WANIP2, 'DeletePortMappingRange', range(5001, 5004, 'yes'))).toEqual({});
    expect(left(open)).toEqual(['UDP 5001']);
    const own = filled(false);
    expect(own.call(WANIP2, 'DeletePortMappingRange', range(5001, 5004, 'no'))).toEqual({});
    expect(left(own)).toEqual(['TCP 5003', 'UDP 5001']);
  });

  test('730 for a range without mappings, or without one’s own', () => {
    const router = filled(true);
    expect(router.call(WANIP2, 'DeletePortMappingRange', range(6000, 7000))).toBe(730);
    expect(router.call(WANIP2, 'DeletePortMappingRange', range(5003, 5003))).toBe(730);
    expect(router.call(WANIP2, 'GetListOfPortMappings', listing(6000, 7000))).toBe(730);
    expect(router.call(WANIP2, 'GetListOfPortMappings', listing(5003, 5003, 0))).toBe(730);
  });

  test('733 for a range that ends before it begins, 601 for a protocol that is none', () => {
    const { call } = filled(true);
    expect(call(WANIP2, 'DeletePortMappingRange', range(5002, 5001))).toBe(733);
    expect(call(WANIP2, 'GetListOfPortMappings', listing(5002, 5001))).toBe(733);
    expect(call(WANIP2, 'DeletePortMappingRange', range(5001, 5002, 0, 'x'))).toBe(601);
  });

  test('GetListOfPortMappings gives a document as text (2.3.25)', () => {
    const { call, add } = testGateway({ answers: { listing: 'references' } });
    add({ NewPortMappingDescription: 'R&amp;D' });
    const answer = call(WANIP2, 'GetListOfPortMappings', listing(1, 65535));
    expect(answer).toEqual({
      NewPortListing:
        '&lt;?xml version=&quot;1.0&quot; encoding=&quot;UTF-8&quot;?&gt;' +
        '&lt;p:PortMappingList xmlns:p=&quot;urn:schemas-upnp-org:gw:WANIPConnection&quot;' +
        ' xmlns:xsi=&quot;http://www.w3.org/2001/XMLSchema-instance&quot;' +
        ' xsi:schemaLocation=&quot;urn:schemas-upnp-org:gw:WANIPConnection' +
        ' http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd&quot;&gt;' +
        '&lt;p:PortMappingEntry&gt;' +
        '&lt;p:NewRemoteHost&gt;&lt;/p:NewRemoteHost&gt;' +
        '&lt;p:NewExternalPort&gt;7777&lt;/p:NewExternalPort&gt;' +
        '&lt;p:NewProtocol&gt;TCP&lt;/p:NewProtocol&gt;' +
        '&lt;p:NewInternalPort&gt;7777&lt;/p:NewInternalPort&gt;' +
        '&lt;p:NewInternalClient&gt;192.168.1.2&lt;/p:NewInternalClient&gt;' +
        '&lt;p:NewEnabled&gt;1&lt;/p:NewEnabled&gt;' +
        '&lt;p:NewDescription&gt;R&amp;amp;D&lt;/p:NewDescription&gt;' +
        '&lt;p:NewLeaseTime&gt;3600&lt;/p:NewLeaseTime&gt;' +
        '&lt;/p:PortMappingEntry&gt;' +
        '&lt;/p:PortMappingList&gt;',
    });
  });

  test.each([
    ['everything', listing(1, 65535, 1), [5001, 5002, 5004, 5003]],
    ['one’s own', listing(1, 65535, 0), [5001, 5002, 5004]],
    ['part of it', listing(5002, 5003, 1), [5002, 5003]],
    ['at most two', listing(1, 65535, 1, 2), [5001, 5002]],
  ])('GetListOfPortMappings lists %s', (_, argsXml, expected) => {
    const answer = filled(true).call(WANIP2, 'GetListOfPortMappings', argsXml);
    const ports = [...JSON.stringify(answer).matchAll(/NewExternalPort>(\d+)/g)].map((match) => Number(match[1]));
    expect(ports).toEqual(expected);
  });

  test('odd rows stand before the others in both listings', () => {
    const { call, add } = testGateway({
      reports: { oddRows: [{ NewExternalPort: '27005-27015' }, { NewProtocol: 'BOTH' }] },
    });
    add();
    const rows = [0, 1, 2, 3].map((index) => call(WANIP2, 'GetGenericPortMappingEntry', INDEX(index)));
    expect(rows).toMatchObject([
      { NewExternalPort: '27005-27015', NewProtocol: 'UDP', NewInternalPort: '27005' },
      { NewExternalPort: '27005', NewProtocol: 'BOTH', NewPortMappingDescription: 'steam' },
      { NewExternalPort: '7777' },
      713,
    ]);
    const all = JSON.stringify(call(WANIP2, 'GetListOfPortMappings', listing(1, 65535)));
    expect([...all.matchAll(/NewExternalPort>([\d-]+)/g)].map((match) => match[1])).toEqual([
      '27005-27015',
      '27005',
      '7777',
    ]);
    expect(all).toContain('NewDescription>steam<');
    expect(all).toContain('NewLeaseTime>0<');
    // A protocol of which nothing is mapped has the odd rows, and is not refused with 730.
    expect(
      testGateway({ reports: { oddRows: [{}] } }).call(WANIP2, 'GetListOfPortMappings', listing(1, 2)),
    ).toMatchObject({
      NewPortListing: expect.stringContaining('27005') as string,
    });
  });

  test('neither is there in the name of version 1', () => {
    const { call } = filled(true);
    expect(call(WANIP1, 'DeletePortMappingRange', range(5001, 5002))).toBe(401);
    expect(call(WANIP1, 'GetListOfPortMappings', listing(1, 65535))).toBe(401);
  });
});
