import { deadHost, MemoryNetwork, simulateGateway } from '@portwright/transport-mock';
import { TRANSPORT, type Transport } from '@portwright/core';
import { errAsync } from '@portwright/core/result';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from './index.ts';
import { mapElsewhere, run, runJson, simulated, widestLine } from '../host.test-support.ts';

const gateway = {
  name: 'Simulated router',
  manufacturer: 'Portwright',
  model: 'Simulated IGD:2',
  udn: expect.stringMatching(/^uuid:/) as string,
  location: 'http://192.168.1.1:5000/description.xml',
  serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:2',
  controlUrl: expect.stringMatching(/^http:\/\/192\.168\.1\.1:5000\//) as string,
  localAddress: '192.168.1.2',
};

const mapping = {
  externalPort: 7777,
  protocol: 'TCP',
  remoteHost: '',
  internalClient: '192.168.1.2',
  internalPort: 7777,
  enabled: true,
  description: 'Portwright',
  leaseSeconds: 3600,
};

const mapped = { ...mapping, requested: mapping, verified: 'verified', attempts: [] };

describe('discover', () => {
  it('shows every device, and what it is good for', async () => {
    const { container } = simulated();
    expect(await run(['discover'], { container })).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'Simulated router',
        '  http://192.168.1.1:5000/description.xml',
        '  Portwright Simulated IGD:2 1, InternetGatewayDevice:2',
        "  maps ports: WANIPConnection:2 (this computer's default router)",
        '',
      ].join('\n'),
    });
  });

  it('as JSON', async () => {
    const { container } = simulated();
    const { status, stderr, json } = await runJson(['discover'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(json).toEqual({
      devices: [
        {
          location: gateway.location,
          name: gateway.name,
          manufacturer: gateway.manufacturer,
          model: gateway.model,
          modelNumber: '1',
          deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
          udn: gateway.udn,
          isGateway: true,
          connectionServices: [{ serviceType: gateway.serviceType, controlUrl: gateway.controlUrl }],
          searchTargets: expect.arrayContaining(['urn:schemas-upnp-org:device:InternetGatewayDevice:1']) as string[],
          server: expect.stringContaining('UPnP/1.1') as string,
          from: '192.168.1.1',
          isDefaultGateway: true,
          localAddress: '192.168.1.2',
        },
      ],
      turnedDown: [],
      search: {
        received: expect.any(Number) as number,
        malformed: 0,
        beyondLimits: 0,
        interfaces: [{ name: 'lan0', address: '192.168.1.2', family: 'ipv4' }],
        unsearched: [],
        defaultRouter: '192.168.1.1',
        isRouterSearched: true,
        timeoutMs: 2000,
        late: [],
      },
    });
  });

  it('over IPv6 too, where asked', async () => {
    const { container } = simulated();
    const { json } = await runJson(['discover', '--ipv6'], { container });
    const { devices } = json as { readonly devices: readonly { readonly location: string }[] };
    expect(devices.map(({ location }) => location).sort()).toEqual([
      'http://192.168.1.1:5000/description.xml',
      'http://[fd77::1]:5000/description.xml',
      'http://[fe80::1%25lan0]:5000/description.xml',
    ]);
  });

  it('fails where nobody answers, and says what to do', async () => {
    const { container } = simulated({ answeredTargets: [] });
    const { status, stdout, stderr } = await run(['discover'], { container, isTTY: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: no device answered the search on lan0 \(192\.168\.1\.2\); the default\n {2}router is 192\.168\.1\.1\n {2}Turn on UPnP/,
    );
    expect((await runJson(['discover'], { container })).json).toEqual({
      error: {
        kind: 'no-gateway',
        code: 'no-answer',
        message: 'no device answered the search on lan0 (192.168.1.2); the default router is 192.168.1.1',
        candidates: [],
        search: expect.objectContaining({ defaultRouter: '192.168.1.1', isRouterSearched: true }) as object,
        hint:
          "Turn on UPnP in the router's settings. If it is on, a firewall on this computer, a guest network or a VPN may " +
          'hide the router. If you know the URL of its description, pass --gateway URL to the other commands.',
      },
    });
  });
});

describe('ip', () => {
  it('prints the address and nothing else', async () => {
    const { container } = simulated();
    expect(await run(['ip'], { container })).toEqual({ status: 0, stdout: '5.5.5.1\n', stderr: '' });
    expect((await runJson(['ip'], { container })).json).toEqual({
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
      gateway,
    });
  });

  it.each([
    ['192.168.0.7', 'private', 'a private address'],
    ['100.64.3.4', 'shared', "an address that the provider's customers share"],
  ])('warns of %s', async (externalAddress, externalAddressClass, what) => {
    const { container } = simulated({ externalAddress });
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${externalAddress}\n` });
    expect(stderr).toContain(
      `warning: ${externalAddress} is ${what}: there is another router between this one and the Internet`,
    );
    expect((await runJson(['ip'], { container })).json).toEqual({
      externalAddress,
      externalAddressClass,
      gateway,
      warnings: [expect.stringContaining('another router') as string],
    });
  });

  it('fails where the gateway does not know it', async () => {
    const { container } = simulated({ externalAddress: '' });
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'portwright: the router reports no external address\n' +
        '  It is connected, but without a public address, as behind another router. The status command shows more.\n',
    );
    const offline = simulated({ externalAddress: '', isWanUp: false });
    expect((await run(['ip'], { container: offline.container })).stderr).toContain(
      'It may have no Internet connection. The status command shows more.\n',
    );
    expect((await runJson(['ip'], { container })).json).toMatchObject({
      error: { kind: 'unknown', code: 'external-address' },
    });
  });
});

describe('--gateway with a name where only an address will do', () => {
  it('says to give the address', async () => {
    const { container } = simulated();
    const argv = ['conformance', '--gateway', 'http://fritz.box:49000/igddesc.xml'];
    expect(await run(argv, { container })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'portwright: "http://fritz.box:49000/igddesc.xml" is not allowed: it has a host name\n' +
        '  Use an IP address in the URL, such as http://192.168.1.1:5000/rootDesc.xml.\n',
    });
    expect((await runJson(argv, { container })).json).toMatchObject({
      error: { code: 'host-name', hint: 'Use an IP address in the URL, such as http://192.168.1.1:5000/rootDesc.xml.' },
    });
  });
});

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
      mappings: { all: 0, own: 0, complete: true },
      gateway,
      turnedDown: [],
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
    const broken = router.inject('http-500-without-fault', { on: 'GetGenericPortMappingEntry', nth: 2 });
    expect((await run(['status'], { container })).stdout).toContain(
      '\nPort mappings     at least 1 (0 to this computer)\n',
    );
    broken.remove();
    router.inject('http-500-without-fault', { on: 'GetGenericPortMappingEntry' });
    expect((await runJson(['status'], { container })).json).toMatchObject({ mappings: null });
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
      turnedDown: [{ location: 'http://192.168.1.9:5000/description.xml', name: 'Old router' }],
    });
  });
});

describe('map', () => {
  it('opens a port, for an hour', async () => {
    const { container, router } = simulated();
    expect(await run(['map', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped for 1 hour\nExternal address: 5.5.5.1:7777\n',
      stderr: '',
    });
    expect(router.mappings()).toMatchObject([
      {
        externalPort: 7777,
        protocol: 'TCP',
        internalPort: 7777,
        internalClient: '192.168.1.2',
        description: 'Portwright',
      },
    ]);
  });

  it('as JSON', async () => {
    const { container } = simulated();
    expect((await runJson(['map', '7777'], { container })).json).toEqual({
      mappings: [mapped],
      externalAddress: '5.5.5.1',
      gateway,
    });
  });

  it('of both protocols, permanently, elsewhere inside, with a name', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    const argv = ['map', '4443', '8443', '--protocol', 'both', '--lease', '0', '--description', 'My <game>'];
    expect((await run(argv, { container })).stdout).toBe(
      'TCP port 4443 -> 192.168.1.2:8443 is mapped\n' +
        'UDP port 4443 -> 192.168.1.2:8443 is mapped\n' +
        'The mapping is permanent\n' +
        'External address: 5.5.5.1:4443\n',
    );
    const expected = { externalPort: 4443, internalPort: 8443, description: 'My <game>', leaseSecondsLeft: 0 };
    expect(router.mappings()).toMatchObject([
      { ...expected, protocol: 'TCP' },
      { ...expected, protocol: 'UDP' },
    ]);
  });

  it('tells once, and as a warning, that a version 2 gateway makes a week of what was to be permanent', async () => {
    const { container } = simulated();
    expect(await run(['map', '7777', '--lease', '0'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped\nExternal address: 5.5.5.1:7777\n',
      stderr: 'warning: TCP port 7777 is mapped for 7 days, not permanently: the router limits the lease.\n',
    });
  });

  it('says of nothing that it is permanent which nobody has read', async () => {
    const { container } = simulated();
    expect((await run(['map', '7777', '--lease', '0', '--no-verify'], { container })).stdout).toContain(
      'The mapping is permanent, if the router allows that\n',
    );
  });

  it('tells what the gateway said', async () => {
    const { container } = simulated();
    const { status, stdout, stderr } = await run(['map', '80'], { container, isTTY: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: can't map TCP port 80: the router refused AddPortMapping: error\s+606\s+A[\s\S]*\n {2}[A-Z]/,
    );
    expect((await runJson(['map', '80'], { container })).json).toMatchObject({
      error: {
        kind: 'not-mapped',
        code: 'refused',
        attempts: [{ externalPort: 80, error: { kind: 'upnp-fault', code: 606, action: 'AddPortMapping' } }],
      },
    });
  });

  it('of both protocols is the same port for both, or none', async () => {
    const { container, router } = simulated({ capacity: 1 });
    const { status, stdout, stderr } = await run(['map', '7777', '--protocol', 'both'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^portwright: can't map UDP port 7777: the router refused AddPortMapping: error 728/);
    expect(router.mappings()).toEqual([]);
  });

  it('does without a search where the gateway is given', async () => {
    const { container, router } = simulated({ answeredTargets: [] });
    const result = await run(['map', '7777', '--gateway', router.descriptionUrl], { container });
    expect(result).toMatchObject({ status: 0 });
    expect(router.exchanges().some(({ kind }) => kind === 'search')).toBe(false);
  });
});

describe('list', () => {
  it('shows the table', async () => {
    const { container } = simulated({ igdVersion: 1 });
    await run(['map', '7777', '--protocol', 'both', '--lease', '0'], { container });
    await run(['map', '54321', '1', '--description', 'A description that takes more room than there is'], {
      container,
    });
    const { status, stdout, stderr } = await run(['list'], { container, isTTY: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'PROTOCOL  EXTERNAL  INTERNAL          LEASE      DESCRIPTION',
        'TCP           7777  192.168.1.2:7777  permanent  Portwright',
        'UDP           7777  192.168.1.2:7777  permanent  Portwright',
        'TCP          54321  192.168.1.2:1     1 hour     A description that takes more',
        '                                                 room than there is',
        '',
      ].join('\n'),
    );
    expect((await run(['list'], { container })).stdout).toContain('takes more room than there is\n');
  });

  it('as JSON', async () => {
    const { container } = simulated();
    await run(['map', '7777'], { container });
    const { json } = await runJson(['list'], { container });
    const leaseSeconds = expect.any(Number) as number;
    expect(json).toEqual({ mappings: [{ ...mapping, leaseSeconds }], complete: true, gateway });
  });

  it('says so when there is none', async () => {
    const { container } = simulated();
    expect((await run(['list'], { container })).stdout).toBe('Simulated router maps no ports.\n');
    expect((await runJson(['list'], { container })).json).toEqual({ mappings: [], complete: true, gateway });
  });

  it('that breaks off shows what there is, and fails', async () => {
    const { container } = simulated({ igdVersion: 1 });
    await run(['map', '7777', '--protocol', 'both'], { container });
    const whole = container.resolve<Transport>(TRANSPORT);
    let asked = 0;
    const broken: Transport = {
      ...whole,
      http: {
        request: (request, options) => {
          const isEntry = request.headers.some(([, value]) => value.includes('GetGenericPortMappingEntry'));
          if (isEntry && ++asked === 2) return errAsync({ kind: 'transport', code: 'reset', message: 'cut off' });
          return whole.http.request(request, options);
        },
      },
    };
    const child = container.createChildContainer();
    child.register(TRANSPORT, { useValue: broken });
    const { status, stdout, stderr } = await run(['list'], { container: child });
    expect(status).toBe(1);
    expect(stdout).toContain('TCP           7777');
    expect(stderr).toBe(
      'warning: The list is incomplete: an error ended it after 1 entry.\nportwright: cut off\n' +
        '  Run the command again. If the error stays, restart the router.\n',
    );
    asked = 0;
    expect((await runJson(['list'], { container: child })).json).toMatchObject({
      mappings: [{ protocol: 'TCP' }],
      complete: false,
      error: { kind: 'transport', code: 'reset' },
    });
  });
});

describe('unmap', () => {
  it('closes a port', async () => {
    const { container, router } = simulated();
    await run(['map', '7777', '--protocol', 'both'], { container });
    expect(await run(['unmap', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 is no longer mapped\n',
      stderr: '',
    });
    expect(router.mappings()).toMatchObject([{ protocol: 'UDP' }]);
    expect((await runJson(['unmap', '7777', '--protocol', 'udp'], { container })).json).toEqual({
      unmapped: [{ externalPort: 7777, protocol: 'UDP' }],
      gateway,
    });
    expect(router.mappings()).toEqual([]);
  });

  it('fails where it is not mapped, and says so', async () => {
    const { container } = simulated();
    const { status, stdout, stderr } = await run(['unmap', '7777'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('portwright: TCP port 7777 is not mapped\n  The list command shows the mapped ports.\n');
  });

  it("leaves another computer's mapping alone, unless it is forced", async () => {
    const { container, router } = simulated({ isSecure: false });
    await mapElsewhere(router);
    const { status, stdout, stderr } = await run(['unmap', '7777'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'portwright: TCP port 7777 is mapped to another device, 192.168.1.77\n  To unmap it anyway, pass --force.\n',
    );
    expect((await runJson(['unmap', '7777'], { container })).json).toMatchObject({
      error: { kind: 'not-unmapped', code: 'not-own', mapping: { internalClient: '192.168.1.77' } },
    });
    expect(router.mappings()).toHaveLength(1);
    expect(await run(['unmap', '7777', '--force'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 is no longer mapped\n',
      stderr: '',
    });
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols tries both', async () => {
    const { container, router } = simulated();
    await run(['map', '7777', '--protocol', 'udp'], { container });
    const { status, stdout } = await run(['unmap', '7777', '--protocol', 'both'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'UDP port 7777 is no longer mapped\n' });
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols tells of both, and first of what is still open', async () => {
    const { container, router } = simulated({ isSecure: false });
    await mapElsewhere(router);
    expect(await run(['unmap', '7777', '--protocol', 'both'], { container })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'portwright: TCP port 7777 is mapped to another device, 192.168.1.77; UDP port 7777 is not mapped\n' +
        '  To unmap it anyway, pass --force.\n',
    });
    expect((await runJson(['unmap', '7777', '--protocol', 'both'], { container })).json).toMatchObject({
      unmapped: [],
      failed: [
        {
          protocol: 'TCP',
          error: { code: 'not-own', message: 'TCP port 7777 is mapped to another device, 192.168.1.77' },
        },
        { protocol: 'UDP', error: { code: 'absent', message: 'UDP port 7777 is not mapped' } },
      ],
      error: { code: 'not-own' },
    });
  });

  it('by force says of a port that is not mapped what it says without', async () => {
    const { container } = simulated();
    expect(await run(['unmap', '7777', '--force'], { container })).toEqual(await run(['unmap', '7777'], { container }));
  });
});

describe('demo', () => {
  it('shows each step, and how long it took', async () => {
    const { container, router } = simulated();
    const { status, stdout, stderr } = await run(['demo'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      stdout.replace(/ +\d\d? ms|\d\.\d ms/g, (time) => time.replace(/\d/g, '#').replace(/^ +/, ' ')),
    ).toMatchSnapshot();
    expect(router.mappings()).toEqual([]);
  });

  it('as JSON', async () => {
    const { container } = simulated();
    const elapsedMs = expect.any(Number) as number;
    expect((await runJson(['demo'], { container })).json).toMatchObject({
      steps: [
        { name: 'find', elapsedMs, result: gateway },
        { name: 'ip', elapsedMs, result: { externalAddress: '5.5.5.1' } },
        { name: 'map', elapsedMs, result: { externalPort: 7777 } },
        { name: 'list', elapsedMs, result: [{ externalPort: 7777 }] },
        { name: 'unmap', elapsedMs, result: [] },
      ],
      elapsedMs,
    });
  });

  it('names the commands as the person has typed this one', async () => {
    const { container } = simulated();
    const { stdout } = await run(['demo'], { container, invocation: 'npm start --', isTTY: true });
    expect(stdout).toContain('  npm start -- map 7777 ');
    expect(stdout).toContain('  ✓ Find the router');
  });
});

describe('on a terminal', () => {
  const long = 'A gateway 路由器 with a name that is longer than any line of a terminal has room for it, by far';
  const options = { friendlyName: long, manufacturer: long, modelName: long, externalAddress: '192.168.255.254' };

  it.each(Object.keys(COMMANDS))('%s fits into 80 columns, whatever the gateway calls itself', async (name) => {
    const { container, router } = simulated(options);
    await run(['map', '65535', '--description', long], { container });
    const gateway6 = ['--gateway', 'http://[fd77::1]:5000/description.xml'];
    await run(['pinhole', 'add', '8080', ...gateway6], { container });
    const argv =
      {
        map: ['65534'],
        unmap: ['65535'],
        'pinhole add': ['8081', ...gateway6],
        'pinhole update': ['1', ...gateway6],
        'pinhole delete': ['1', ...gateway6],
        'pinhole check': ['1', ...gateway6],
        describe: [router.descriptionUrl],
        simulate: ['--list'],
        conformance: ['--list'],
        'wan-host': ['--address', '127.0.0.1'],
      }[name] ?? [];
    // One that goes on is ended by its first line.
    const interrupt = new AbortController();
    const onStdout = name === 'watch' || name === 'wan-host' ? interrupt.abort.bind(interrupt) : undefined;
    const { status, stdout, stderr } = await run([...name.split(' '), ...argv], {
      container,
      isTTY: true,
      signal: interrupt.signal,
      onStdout,
    });
    expect({ name, status }).toEqual({ name, status: 0 });
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
    expect(widestLine(stderr)).toBeLessThanOrEqual(80);
  });

  it('nothing that a device says can steer it', async () => {
    const nasty = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil';
    const { container, router } = simulated({ friendlyName: nasty, manufacturer: nasty, modelName: nasty });
    await run(['map', '7777', '--description', 'x'], { container });
    for (const argv of [['discover'], ['status'], ['list'], ['describe', router.descriptionUrl]]) {
      for (const text of [await run(argv, { container, isTTY: true }), await runJson(argv, { container })]) {
        expect(text.stdout + text.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      }
    }
  });
});

describe('a gateway that can not be used', () => {
  it('is listed, with the reason', async () => {
    const network = new MemoryNetwork();
    const { container } = simulated({ network });
    // Whoever answered is switched off by the time that its description is asked for.
    network.attach(deadHost('192.168.1.77'));
    const failing = container.createChildContainer();
    const whole = container.resolve<Transport>(TRANSPORT);
    const http: Transport['http'] = {
      request: () => errAsync({ kind: 'transport', code: 'refused', message: 'nobody listens there' }),
    };
    failing.register(TRANSPORT, { useValue: { ...whole, http } });
    const { status, stdout, stderr } = await run(['map', '7777'], { container: failing });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: 192\.168\.1\.1 answered the search, but its description at http:\/\/192\.168\.1\.1:5000\/description\.xml can't be used: nobody listens there\n {2}Restart the router.*--gateway URL\.\n$/,
    );
    expect((await runJson(['map', '7777'], { container: failing })).json).toMatchObject({
      error: { kind: 'no-gateway', candidates: [{ location: gateway.location, reason: 'nobody listens there' }] },
    });
  });
});

describe('interrupted', () => {
  it('in a search: status 130, and nothing was asked of anybody', async () => {
    const { container, router } = simulated({ answeredTargets: [] });
    const interrupt = new AbortController();
    const running = run(['map', '7777', '--timeout', '3600000'], { container, signal: interrupt.signal });
    await router.clock.advance('30s');
    interrupt.abort();
    const { status, stdout, stderr } = await running;
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toMatch(/^portwright: .*interrupted\n$/);
    expect(router.exchanges().filter(({ kind }) => kind === 'http')).toEqual([]);
  });

  /** A simulated gateway, and the signal of a person who interrupts just as this is asked for. */
  function interruptedAt(action: string) {
    const { container, router } = simulated();
    const interrupt = new AbortController();
    const whole = container.resolve<Transport>(TRANSPORT);
    const child = container.createChildContainer();
    const http: Transport['http'] = {
      request: (request, options) => {
        if (request.headers.some(([, value]) => value.includes(`#${action}`))) interrupt.abort();
        return whole.http.request(request, options);
      },
    };
    child.register(TRANSPORT, { useValue: { ...whole, http } });
    return { router, options: { container: child, signal: interrupt.signal } };
  }

  it('in the middle of a report: half of it is not shown', async () => {
    const { options } = interruptedAt('GetCommonLinkProperties');
    const { status, json } = await runJson(['status'], options);
    expect(status).toBe(130);
    expect(json).toEqual({ error: { kind: 'transport', code: 'aborted', message: 'the report was interrupted' } });
  });

  it('while mapping: what was mapped is unmapped again', async () => {
    const { router, options } = interruptedAt('AddPortMapping');
    const { status, json } = await runJson(['map', '7777', '--protocol', 'both'], options);
    expect(status).toBe(130);
    expect(json).toMatchObject({
      error: { kind: 'not-mapped', code: 'aborted', message: "can't map TCP port 7777: interrupted", attempts: [] },
    });
    expect(router.mappings()).toEqual([]);
  });
});

describe('at a terminal that waits', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says what it waits for, and takes it back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { container } = simulated({ answeredTargets: [] });
    const running = run(['discover', '--timeout', '5000'], { container, isTTY: true, silenceMs: 400 });
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(1000);
    expect((await running).stderr).toMatch(
      /^Searching for devices \.\.\. \(Ctrl-C to stop\)\r\u001b\[Kportwright: no device/,
    );
  });
});

describe('a mistake of ours', () => {
  it('is an error like any other', async () => {
    const container = {
      resolve: () => {
        throw new Error('oops');
      },
    } as never;
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^portwright: internal error: oops\n {2}This is a bug in Portwright/);
    expect((await runJson(['ip'], { container })).json).toMatchObject({
      error: {
        kind: 'internal',
        message: 'internal error: oops',
        stack: expect.stringContaining('commands.test.ts') as string,
      },
    });
  });
});
