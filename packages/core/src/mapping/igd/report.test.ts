/** What a router tells of itself: everything that it does tell, and null for the rest. */
import type { SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { okAsync } from '../../result.ts';
import type { InterfaceAddress } from '../../ports.ts';
import { actions, answering, connected, put, refuses, transport } from './igd.test-support.ts';
import { gatewayReport, type GatewayReport } from './report.ts';

const THEIRS = '192.168.1.66';

const EVERYTHING = [
  'GetNATRSIPStatus',
  'GetCommonLinkProperties',
  'GetTotalBytesSent',
  'GetTotalBytesReceived',
  'GetTotalPacketsSent',
  'GetTotalPacketsReceived',
  'GetDefaultConnectionService',
  'GetFirewallStatus',
  'GetGenericPortMappingEntry',
];

const UNTOLD: Partial<GatewayReport> = {
  natEnabled: null,
  accessType: null,
  physicalLink: null,
  upstreamBitRate: null,
  downstreamBitRate: null,
  counters: { bytesSent: null, bytesReceived: null, packetsSent: null, packetsReceived: null },
  defaultConnectionService: null,
  firewall: null,
  mappings: null,
};

/** A version 2 router that has been up for ten seconds, with two mappings of this host and one of another. */
async function reported(options: SimulateGatewayOptions = {}): ReturnType<typeof connected> {
  const [router, gateway] = await connected({
    igdVersion: 2,
    traffic: { sent: 1_000, received: 20_000 },
    upstreamBitRate: 1_234,
    downstreamBitRate: 5_678,
    ...options,
  });
  await router.clock.advance('10s');
  put(router, { externalPort: 2001 });
  put(router, { externalPort: 2002, protocol: 'TCP' });
  put(router, { externalPort: 2003, internalClient: THEIRS });
  return [router, gateway];
}

describe('a report', () => {
  it('has everything that the router tells', async () => {
    const [, gateway] = await reported();
    const report = await gatewayReport(gateway);
    expect(report).toMatchObject({
      state: { status: 'Connected', externalAddress: '5.5.5.1', errors: [] },
      natEnabled: true,
      upstreamBitRate: 1_234,
      downstreamBitRate: 5_678,
      accessType: 'Ethernet',
      physicalLink: 'Up',
      firewall: { enabled: true, pinholesAllowed: true },
      mappings: { all: 3, own: 2, complete: true },
    });
    expect(report.defaultConnectionService).toMatch(/^uuid:.*,urn:upnp-org:serviceId:WANIPConn1$/);
    const { bytesSent, bytesReceived, packetsSent, packetsReceived } = report.counters;
    expect([bytesSent, bytesReceived].map((bytes) => Math.round((bytes ?? 0) / 1_000))).toEqual([10, 200]);
    expect(packetsSent).toBeGreaterThan(0);
    expect(packetsReceived).toBeGreaterThan(packetsSent ?? 0);
  });

  it('has false for what is off', async () => {
    const [, gateway] = await reported({ isNatEnabled: false, isFirewallEnabled: false, isWanUp: false });
    expect(await gatewayReport(gateway)).toMatchObject({
      natEnabled: false,
      physicalLink: 'Down',
      firewall: { enabled: false },
    });
  });

  it('has null for what the router refuses to tell, and nothing else', async () => {
    const full = await gatewayReport((await reported())[1]);
    for (const action of EVERYTHING) {
      const [router, gateway] = await reported();
      refuses(router, action, 501);
      if (action.startsWith('GetGeneric')) refuses(router, 'GetListOfPortMappings', 501);
      const report = await gatewayReport(gateway);
      expect(report.state).toEqual(full.state);
      expect(nulls(report), action).toEqual(MISSING[action]);
    }
  });

  it('has null for services that are not there', async () => {
    const [, gateway] = await reported();
    const bare = { ...gateway, commonInterface: null, forwarding: null, firewall: null };
    expect(await gatewayReport(bare)).toMatchObject({
      ...UNTOLD,
      natEnabled: true,
      mappings: { all: 3, own: 2, complete: true },
    });
  });

  it('asks for nothing after arguments that are none', async () => {
    const [router, gateway] = await reported();
    const before = router.exchanges().length;
    const report = await gatewayReport(gateway, 'soon' as never);
    expect(report).toMatchObject({ ...UNTOLD, state: { errors: [{ argument: 'options' }] } });
    expect(router.exchanges()).toHaveLength(before);
    expect(actions(router)).toEqual([]);
  });
});

describe('the counters', () => {
  /** In 10 MB and 10,000 packets. */
  const KINDS = [
    ['32-bit', [70, 300, 333, 200]],
    ['64-bit', [500, 300, 333, 200]],
    ['signed', [70, 300, 333, 200]],
    ['empty', [null, null, null, null]],
  ] as const;

  it.each(KINDS)('of a router that writes them as %s', async (counters, expected) => {
    const traffic = { sent: 50_000_000, received: 30_000_000 };
    const [router, gateway] = await connected({ traffic, reports: { counters } });
    await router.clock.advance('100s');
    const { bytesSent, bytesReceived, packetsSent, packetsReceived } = (await gatewayReport(gateway)).counters;
    const inUnits = (count: number | null, unit: number): number | null => count && Math.floor(count / unit);
    expect([
      inUnits(bytesSent, 1e7),
      inUnits(bytesReceived, 1e7),
      inUnits(packetsSent, 1e4),
      inUnits(packetsReceived, 1e4),
    ]).toEqual(expected);
  });

  it.each([
    ['misspelt', { NewTotalPacketsReceived: 'NewTotalPacketReceived' }],
    ['in small letters', { NewTotalPacketsReceived: 'newtotalpacketsreceived' }],
    ['left out, the value in the response element', { NewTotalPacketsReceived: '' }],
  ])('of a router that has a name %s', async (_how, outputNames) => {
    const [router, gateway] = await connected({ answers: { outputNames } });
    await router.clock.advance('300s');
    expect((await gatewayReport(gateway)).counters.packetsReceived).toBe(2_000);
  });
});

describe('the count of mappings', () => {
  it('has the rows that can’t be read, by themselves, too', async () => {
    const [router, gateway] = await connected({ reports: { oddRows: [{ NewExternalPort: '27005-27015' }] } });
    put(router);
    put(router, { externalPort: 2003, internalClient: THEIRS });
    expect((await gatewayReport(gateway)).mappings).toEqual({ all: 3, unreadable: 1, own: 1, complete: true });
  });

  it('of a table with nothing but such a row', async () => {
    const [, gateway] = await connected({ reports: { oddRows: [{ NewProtocol: 'BOTH' }] } });
    expect((await gatewayReport(gateway)).mappings).toEqual({ all: 1, unreadable: 1, own: 0, complete: true });
  });

  it('of a table that breaks off is not complete', async () => {
    const [, gateway] = await reported({ igdVersion: 1 });
    const { gateway: broken } = answering(gateway, ({ action, nth }) =>
      action === 'GetGenericPortMappingEntry' && nth === 3 ? transport('reset') : undefined,
    );
    expect((await gatewayReport(broken)).mappings).toEqual({ all: 2, unreadable: 0, own: 2, complete: false });
  });

  it('has the row that is refused among those that can’t be read', async () => {
    const [router, gateway] = await reported({ igdVersion: 1 });
    refuses(router, 'GetGenericPortMappingEntry', 501, 3);
    expect((await gatewayReport(gateway)).mappings).toEqual({ all: 3, unreadable: 1, own: 2, complete: true });
  });

  it('of an empty table is nothing', async () => {
    const [, gateway] = await connected();
    expect((await gatewayReport(gateway)).mappings).toEqual({ all: 0, unreadable: 0, own: 0, complete: true });
  });

  it('knows none as its own where this host’s address is unknown', async () => {
    const [, gateway] = await reported({ igdVersion: 1 });
    const { interfaces } = gateway.transport;
    const moved = {
      ...interfaces,
      list: () => interfaces.list().map((listed) => listed.map(elsewhere)),
      owns: () => okAsync(false),
    };
    const report = await gatewayReport({ ...gateway, transport: { ...gateway.transport, interfaces: moved } });
    expect(report.mappings).toEqual({ all: 3, unreadable: 0, own: 0, complete: true });
  });
});

/** Another address, in another network. */
function elsewhere(one: InterfaceAddress): InterfaceAddress {
  return one.internal ? one : { ...one, family: 'ipv4', address: '10.0.0.5' };
}

/** The names of what is null, by the action that was refused. */
const MISSING: Readonly<Record<string, readonly string[]>> = {
  GetNATRSIPStatus: ['natEnabled'],
  GetCommonLinkProperties: ['accessType', 'downstreamBitRate', 'physicalLink', 'upstreamBitRate'],
  GetTotalBytesSent: ['bytesSent'],
  GetTotalBytesReceived: ['bytesReceived'],
  GetTotalPacketsSent: ['packetsSent'],
  GetTotalPacketsReceived: ['packetsReceived'],
  GetDefaultConnectionService: ['defaultConnectionService'],
  GetFirewallStatus: ['firewall'],
  GetGenericPortMappingEntry: ['mappings'],
};

function nulls(report: GatewayReport): readonly string[] {
  return Object.entries({ ...report, ...report.counters })
    .flatMap(([name, value]) => (value === null ? [name] : []))
    .sort();
}
