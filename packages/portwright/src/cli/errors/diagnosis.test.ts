/** What the command line says about a network that is of no use, in terms of its own options. */
import { TRANSPORT, type InterfaceAddress, type Transport, type TransportError } from '@portwright/core';
import { MemoryNetwork, quietHost, type NetworkHost, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { errAsync, okAsync } from '@portwright/core/result';
import type { DependencyContainer } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { run, runJson, simulated } from '../host.test-support.ts';

const lo: InterfaceAddress = { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true };
const ipv6: InterfaceAddress = { name: 'lan0', family: 'ipv6', address: 'fd77::2', prefixLength: 64, internal: false };
const linkLocal: InterfaceAddress = { ...ipv6, address: 'fe80::2', zone: 'lan0' };

const noWay: TransportError = { kind: 'transport', code: 'unreachable', message: 'there is no way to that host' };

function of(transport: Transport): DependencyContainer {
  return simulated().container.createChildContainer().register(TRANSPORT, { useValue: transport });
}

/** The simulated router on a LAN without IPv4. */
function overIpv6Alone(): DependencyContainer {
  const { transport } = simulated().router;
  return of({
    ...transport,
    interfaces: { list: () => okAsync([lo, ipv6, linkLocal]), defaultRouters: () => okAsync([]) },
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) => (options.family === 'ipv4' ? errAsync(noWay) : socket.send(payload, to)),
          close: () => socket.close(),
        })),
    },
  });
}

/** A network with a device that answers searches like this. */
function answering(location: string, delayMs = 0, address = '192.168.1.1'): NetworkHost {
  const text = `HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: upnp:rootdevice\r\nUSN: uuid:9::upnp:rootdevice\r\n\r\n`;
  const from = { address, port: 1900 };
  return {
    ...quietHost(address),
    datagram: () => [{ payload: new TextEncoder().encode(text), from, delayMs }],
    http: () => ({ kind: 'failure', code: location.includes('slow') ? 'timeout' : 'refused', delayMs: 0 }),
  };
}

function networkOf(...hosts: readonly NetworkHost[]): DependencyContainer {
  const network = new MemoryNetwork();
  network.defaultGateway = '192.168.1.1';
  for (const host of hosts) network.attach(host);
  return of(network.transport());
}

const SEARCHING = [
  'map 7777',
  'map 7777 --all',
  'discover',
  'ip',
  'status',
  'list',
  'unmap 7777',
  'watch',
  'pinhole list',
  'pinhole add 8080',
  'conformance',
];

describe('one text for every command that searches', () => {
  it.each(SEARCHING)('%s: nobody answers', async (line) => {
    const { status, stdout, stderr } = await run(line.split(' '), { container: networkOf() });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: no device answered the search on lan0 \(192\.168\.1\.2[^)]*\); the default router is 192\.168\.1\.1(?:; .*)?\n/,
    );
    // The others are for UPnP alone.
    const asksServers = ['map 7777', 'ip', 'status', 'unmap 7777'].includes(line);
    expect(stderr.includes('; 192.168.1.1 answers neither PCP nor NAT-PMP\n')).toBe(asksServers);
    for (const word of ['UPnP', 'firewall', 'guest network', 'VPN', '--gateway URL']) expect(stderr).toContain(word);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(stderr).not.toMatch(/gatewayAt|timeoutMs|deadlineMs|families/);
  });

  it.each(SEARCHING)('%s: the answer comes too late', async (line) => {
    const argv = [...line.split(' '), '--timeout', '1000'];
    const container = networkOf(answering('http://192.168.1.1/d.xml', 1300));
    const { status, stderr } = await run(argv, { container });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /in time; 192\.168\.1\.1 answered 0\.3 s after the time was up(?:; .*)?\n {2}Pass --timeout 2000\.\n$/,
    );
  });

  it.each(SEARCHING)('%s: the device that answers is of no use', async (line) => {
    const container = networkOf(answering('http://192.168.1.1/d.xml'));
    const { status, stderr } = await run(line.split(' '), { container });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: 192\.168\.1\.1 answered the search, but its description .* can't be used: .*\n.*--gateway URL/,
    );
    expect(stderr).not.toMatch(/turn on UPnP|no device answered|gatewayAt/i);
  });

  it('has the same as data', async () => {
    const { json } = await runJson(['ip'], { container: networkOf(answering('http://192.168.1.1/d.xml')) });
    expect(json).toMatchObject({
      error: {
        kind: 'no-gateway',
        code: 'none-usable',
        candidates: [
          { code: 'no-description', from: '192.168.1.1', location: 'http://192.168.1.1/d.xml' },
          { code: 'no-server', from: '192.168.1.1', location: 'pcp://192.168.1.1' },
          { code: 'no-server', from: '192.168.1.1', location: 'nat-pmp://192.168.1.1' },
        ],
        search: { interfaces: [{ name: 'lan0', address: '192.168.1.2' }], defaultRouter: '192.168.1.1' },
      },
    });
  });
});

describe('the options that help', () => {
  it.each([
    ['ip', '--gateway http://192.168.1.1/slow --timeout 10000.'],
    // There, --gateway and --timeout exclude each other.
    ['conformance', '--gateway http://192.168.1.1/slow.'],
    ['discover', '--gateway http://192.168.1.1/slow to the other commands --timeout 10000.'],
  ])('%s: a description that takes too long', async (command, hint) => {
    const { stderr } = await run([command], { container: networkOf(answering('http://192.168.1.1/slow')) });
    expect(stderr).toContain(`or pass ${hint}\n`);
  });

  it('names the URL of a device that is not asked for safety', async () => {
    const { stderr } = await run(['map', '7777'], { container: networkOf(answering('http://192.168.1.1:22/d.xml')) });
    expect(stderr).toContain('If you trust the device, pass --gateway http://192.168.1.1:22/d.xml.\n');
  });

  it('offers the search again where a URL leads to another device', async () => {
    const tv =
      '<root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:schemas-upnp-org:device:MediaRenderer:1' +
      '</deviceType><friendlyName>TV</friendlyName><UDN>uuid:tv</UDN></device></root>';
    const body = new TextEncoder().encode(tv);
    const response = { status: 200, headers: [], body } as const;
    const host: NetworkHost = {
      ...quietHost('192.168.1.50'),
      http: () => ({ kind: 'response', response, delayMs: 0 }),
    };
    const argv = ['ip', '--gateway', 'http://192.168.1.50/'];
    const { status, stderr } = await run(argv, { container: networkOf(host) });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: the device at http:\/\/192\.168\.1\.50\/ can't map ports: MediaRenderer:1 is not a router/,
    );
    expect(stderr).toMatch(
      /\n {2}Use the URL of the router's own description, or leave out --gateway to search for it\.\n$/,
    );
  });

  it('lists several devices', async () => {
    const hosts = ['192.168.1.1', '192.168.1.7'].map((address) => answering(`http://${address}/d.xml`, 0, address));
    const { stderr } = await run(['ip'], { container: networkOf(...hosts) });
    expect(stderr).toMatch(/^portwright: 192\.168\.1\.1 answered/);
    expect(stderr).toMatch(/\n {2}http:\/\/192\.168\.1\.7\/d\.xml:\n/);
  });
});

describe('a LAN with IPv6 alone', () => {
  it.each([
    ['ip', 'Pass --ipv6 to search over IPv6.'],
    ['discover', 'Pass --ipv6 to search over IPv6.'],
    ['map 7777', 'Open the port over IPv6 instead: pinhole add 7777.'],
    ['map 443 8443 --protocol udp', 'Open the port over IPv6 instead: pinhole add 8443 --protocol udp.'],
    ['conformance', 'If you know the URL of its description, pass --gateway URL.'],
  ])('%s', async (line, hint) => {
    const { status, stdout, stderr } = await run(line.split(' '), { container: overIpv6Alone() });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`portwright: this computer has no IPv4 address: lan0 has only fd77::2\n  ${hint}\n`);
  });

  it('map --ipv6 finds the router, and blames nothing that nobody gave', async () => {
    const argv = ['map', '7777', '--ipv6'];
    const { status, stdout, stderr } = await run(argv, { container: overIpv6Alone() });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/this computer has no IPv4 address, and a port mapping needs one\n/);
    expect(stderr).toMatch(/\n {2}Without IPv4, open the port over IPv6 instead: pinhole add 7777\.\n$/);
    const { json } = await runJson(argv, { container: overIpv6Alone() });
    expect(json).toMatchObject({ error: { kind: 'not-mapped', code: 'no-address', attempts: [], unknownLeases: [] } });
    expect(JSON.stringify(json)).not.toContain('internalClient');
    expect(await run(['map', '7777', '--ipv6', '--protocol', 'both'], { container: overIpv6Alone() })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no IPv4 address') as string,
    });
  });

  it('the others work over IPv6', async () => {
    expect(await run(['ip', '--ipv6'], { container: overIpv6Alone() })).toMatchObject({
      status: 0,
      stdout: '5.5.5.1\n',
    });
    expect((await run(['pinhole', 'add', '7777'], { container: overIpv6Alone() })).status).toBe(0);
    expect((await run(['pinhole', 'list'], { container: overIpv6Alone() })).status).toBe(0);
  });
});

describe('a router that refuses everything', () => {
  /** As miniupnpd: 501 ActionFailed to every change. */
  const all501: SimulateGatewayOptions = { isSwitchedOff: true, refusals: { switchedOff: 501 } };

  it.each<[string, SimulateGatewayOptions, RegExp, RegExp]>([
    [
      'a private address',
      { externalAddress: '192.168.5.1' },
      /your router stands behind another router: its address 192\.168\.5\.1 is private/,
      /bridge mode/,
    ],
    ['no address', { externalAddress: '' }, /your router stands behind another router, it seems/, /bridge mode/],
    [
      "an address of the provider's NAT",
      { externalAddress: '100.64.3.4' },
      /your router has no public address: 100\.64\.3\.4 is shared/,
      /Ask your provider/,
    ],
  ])('with %s stands behind another router', async (_what, options, message, hint) => {
    for (const argv of [
      ['map', '7777'],
      ['map', '7777', '--protocol', 'both'],
      ['map', '7777', '--any'],
    ]) {
      const { container } = simulated({ ...options, ...all501 });
      const { status, stdout, stderr } = await run(argv, { container });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(hint);
      const again = await runJson(argv, { container });
      expect(again.json).toMatchObject({ error: { kind: 'not-mapped', code: 'double-nat' } });
    }
  });

  it.each<[string, SimulateGatewayOptions]>([
    ['a public address', {}],
    ['no address, and no connection', { externalAddress: '', isWanUp: false }],
  ])('with %s does not', async (_what, options) => {
    const { container } = simulated({ ...options, ...all501 });
    expect((await runJson(['map', '7777'], { container })).json).toMatchObject({ error: { code: 'refused' } });
  });

  it('with another code does not', async () => {
    const { container } = simulated({ externalAddress: '192.168.5.1', isSwitchedOff: true });
    expect((await runJson(['map', '7777'], { container })).json).toMatchObject({ error: { code: 'refused' } });
  });
});

describe('limits', () => {
  it.each([
    [
      'a lease above a week',
      ['--lease', '8d'],
      'is mapped by UPnP for 7 days',
      'lease of 604800 s instead of 691200 s',
    ],
    [
      'a long description',
      ['--description', 'x'.repeat(257)],
      'is mapped by UPnP for 1 hour',
      'stored another description',
    ],
  ])('%s is shortened, with a warning', async (_what, options, mapped, warning) => {
    const { container } = simulated();
    const { status, stdout, stderr } = await run(['map', '7777', ...options], { container });
    expect(status).toBe(0);
    expect(stdout).toContain(mapped);
    expect(stderr).toContain(warning);
  });

  it('the core names them, too', async () => {
    const { addMapping, gatewayAt } = await import('@portwright/core/upnp');
    const { router } = simulated();
    const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    const wanted = { externalPort: 7777, protocol: 'TCP' } as const;
    const long = (await addMapping(gateway, { ...wanted, leaseSeconds: 604_801 }))._unsafeUnwrapErr();
    expect(long).toMatchObject({ code: 601, hint: expect.stringContaining('604800 seconds') as string });
    const wordy = (await addMapping(gateway, { ...wanted, description: 'x'.repeat(257) }))._unsafeUnwrapErr();
    expect(wordy).toMatchObject({ code: 605, hint: expect.stringContaining('256 characters') as string });
  });
});
