import { MemoryNetwork, simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, mapElsewhere, run, runJson, simulated } from '../host.test-support.ts';

describe('status', () => {
  it('shows the gateway', async () => {
    const { container, router } = simulated();
    await router.clock.advance('90m');
    const { status, stdout, stderr } = await run(['status'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'Router            Simulated router (Portwright Simulated IGD:2 1)',
        'Description       http://192.168.1.1:5000/description.xml',
        'Status            Connected for 1 hour 30 minutes',
        'External address  5.5.5.1 (public)',
        'NAT               on',
        'Line              Ethernet, Up, 100 Mbit/s down, 10 Mbit/s up',
        'Sent              5.4 MB, 3600 packets',
        'Received          54 MB, 36000 packets',
        'Port mappings     0',
        'IPv6 firewall     on, pinholes allowed',
        'This computer     192.168.1.2',
        '',
      ].join('\n'),
    );
  });

  it('as JSON', async () => {
    const { container } = simulated();
    expect((await runJson(['status'], { container })).json).toEqual({
      status: 'Connected',
      connected: true,
      uptimeSeconds: 0,
      lastError: expect.any(String) as string,
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
      errors: [],
      natEnabled: true,
      accessType: 'Ethernet',
      physicalLink: 'Up',
      upstreamBitRate: 10_000_000,
      downstreamBitRate: 100_000_000,
      counters: {
        bytesSent: expect.any(Number) as number,
        bytesReceived: expect.any(Number) as number,
        packetsSent: expect.any(Number) as number,
        packetsReceived: expect.any(Number) as number,
      },
      defaultConnectionService: expect.stringMatching(/^uuid:.*,urn:upnp-org:serviceId:WANIPConn1$/) as string,
      firewall: { enabled: true, pinholesAllowed: true },
      mappings: { all: 0, unreadable: 0, own: 0, complete: true },
      gateway: { via: 'upnp-igd', ...GATEWAY_JSON },
      rejected: [],
    });
  });

  it('shows the service URNs where they are asked for', async () => {
    const { container } = simulated();
    expect((await run(['status'], { container })).stdout).not.toMatch(/urn:|WANIPConn/);
    const { stdout } = await run(['status', '--services'], { container });
    expect(stdout).toContain('\nService           urn:schemas-upnp-org:service:WANIPConnection:2\n');
    expect(stdout).toContain(
      '\nDefault service   uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e502:WANConnectionDevice:2,urn:upnp-org:serviceId:WANIPConn1\n',
    );
  });

  it('leaves out what the gateway does not tell', async () => {
    const { container } = simulated({ igdVersion: 1, refusals: {} });
    const { stdout } = await run(['status'], { container });
    expect(stdout).not.toContain('IPv6 firewall');
    expect((await runJson(['status'], { container })).json).toMatchObject({ firewall: null, natEnabled: true });
  });

  it('tells how many mappings there are, and how many of this computer', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    await mapElsewhere(router);
    await run(['map', '8888'], { container });
    expect((await run(['status'], { container })).stdout).toContain('\nPort mappings     2 (1 to this computer)\n');
    // The second entry, and what repeats the request for it.
    const broken = [2, 3, 4, 5].map((nth) =>
      router.inject('http-500-without-fault', { on: 'GetGenericPortMappingEntry', nth }),
    );
    expect((await run(['status'], { container })).stdout).toContain(
      '\nPort mappings     at least 1 (0 to this computer)\n',
    );
    for (const one of broken) one.remove();
    router.inject('http-500-without-fault', { on: 'GetGenericPortMappingEntry' });
    expect((await runJson(['status'], { container })).json).toMatchObject({ mappings: null });
  });

  it('counts the rows that can’t be read', async () => {
    const { container } = simulated({ reports: { oddRows: [{ NewProtocol: 'TCP/UDP' }] } });
    await run(['map', '8888'], { container });
    expect((await run(['status'], { container })).stdout).toContain(
      '\nPort mappings     2 (1 to this computer, 1 unreadable)\n',
    );
  });

  it('shows counters of 64 bits', async () => {
    const { container, router } = simulated({
      traffic: { sent: 5e10, received: 47e7 },
      reports: { counters: '64-bit' },
      answers: { outputNames: { NewTotalPacketsSent: '', NewTotalPacketsReceived: 'NewTotalPacketReceived' } },
    });
    await router.clock.advance('1000s');
    const { stdout } = await run(['status'], { container });
    expect(stdout).toMatch(/\nSent {14}50 TB, 333340\d{5} packets\nReceived {10}470 GB, 3133\d{5} packets\n/);
    expect((await runJson(['status'], { container })).json).toMatchObject({
      counters: { bytesSent: expect.any(Number) as number, packetsReceived: expect.any(Number) as number },
    });
  });

  it('shows what there is of a router that does not tell its state', async () => {
    const { container, router } = simulated();
    for (const on of ['GetStatusInfo', 'GetExternalIPAddress']) router.inject('http-500-without-fault', { on });
    for (const args of [['status'], ['status', '--gateway', router.descriptionUrl]]) {
      const { status, stdout } = await run(args, { container });
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /^Router {12}Simulated router .*\nDescription .*\nStatus {12}unknown\nExternal address {2}unknown\nNAT {15}on\n/,
      );
    }
    expect(await run(['map', '7777', '--gateway', router.descriptionUrl], { container })).toMatchObject({ status: 0 });
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
  });

  it('warns of a gateway that is connected without an address', async () => {
    const behind = 'warning: The router is connected and reports no external address: it may be behind another router.';
    expect((await run(['status'], { container: simulated({ externalAddress: '' }).container })).stderr).toContain(
      behind,
    );
    const down = simulated({ externalAddress: '', isWanUp: false });
    expect((await run(['status'], { container: down.container })).stderr).not.toContain(behind);
  });

  it('warns of a gateway that is not connected', async () => {
    const { container } = simulated({ isWanUp: false });
    const { status, stdout, stderr } = await run(['status'], { container });
    expect(status).toBe(0);
    expect(stdout).toContain('Status            Disconnected');
    expect(stderr).toContain('warning: The router reports that its connection is "Disconnected".');
  });

  it('lists who was turned down, and why', async () => {
    const network = new MemoryNetwork();
    const down = { isWanUp: false, lanAddress: '192.168.1.9', uuid: '00000000-0000-0000-0000-000000000009' };
    const { container } = simulated({ network, externalAddress: '10.0.0.1' });
    simulateGateway({ network, maxSearchDelayMs: 0, friendlyName: 'Old router', linkLocalAddress: 'fe80::9', ...down });
    const { stdout } = await run(['status'], { container, isTTY: true });
    expect(stdout).toContain(
      '\nRejected:\n  http://192.168.1.9:5000/description.xml (Old router):\n    WANIPConnection: ',
    );
    expect((await runJson(['status'], { container })).json).toMatchObject({
      rejected: [{ location: 'http://192.168.1.9:5000/description.xml', name: 'Old router' }],
    });
  });
});
