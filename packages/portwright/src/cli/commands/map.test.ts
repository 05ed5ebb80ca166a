/** What `map` does besides a request and an answer: other ways, other ports, and routers that lie. */
import { TRANSPORT, type Transport } from '@portwright/core';
import type { FaultDefinition } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, MAPPING_JSON, mapElsewhere, run, runJson, simulated, widestLine } from '../host.test-support.ts';

const mapped = { ...MAPPING_JSON, via: 'upnp-igd', requested: MAPPING_JSON, verified: 'verified', attempts: [] };

describe('map', () => {
  it('opens a port, for an hour', async () => {
    const { container, router } = simulated();
    expect(await run(['map', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\nExternal address: 5.5.5.1:7777\n',
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
      gateway: { via: 'upnp-igd', ...GATEWAY_JSON },
    });
  });

  it('of both protocols, permanently, elsewhere inside, with a name', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    const argv = ['map', '4443', '8443', '--protocol', 'both', '--lease', '0', '--description', 'My <game>'];
    expect((await run(argv, { container })).stdout).toBe(
      'TCP port 4443 -> 192.168.1.2:8443 is mapped by UPnP\n' +
        'UDP port 4443 -> 192.168.1.2:8443 is mapped by UPnP\n' +
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
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP\nExternal address: 5.5.5.1:7777\n',
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

describe('map, where the first way is refused,', () => {
  it('takes another one, and says what was asked and what was granted', async () => {
    const { container, router } = simulated({ igdVersion: 1, leasePolicy: 'permanent-only' });
    expect(await run(['map', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP\n' + 'External address: 5.5.5.1:7777\n',
      stderr: 'warning: The mapping is permanent: it stays until somebody deletes it.\n',
    });
    expect(router.mappings()).toMatchObject([{ leaseSecondsLeft: 0 }]);
    await run(['unmap', '7777'], { container });
    expect((await runJson(['map', '7777'], { container })).json).toMatchObject({
      mappings: [
        {
          leaseSeconds: 0,
          requested: { leaseSeconds: 3600 },
          verified: 'verified',
          attempts: [{ leaseSeconds: 3600, error: { kind: 'upnp-fault', code: 725 } }],
        },
      ],
      warnings: ['The mapping is permanent: it stays until somebody deletes it.'],
    });
  });

  it('tells every attempt when there was none that worked', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    router.inject('conflict-718');
    const { status, stdout, stderr } = await run(['map', '7777'], { container, isTTY: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^portwright: can't map TCP port 7777: the router refused AddPortMapping: error\s+718/);
    expect(stderr).toContain(
      '\nAttempts:\n  port 7777, for 1 hour:\n    the router refused AddPortMapping: error 718 ',
    );
    expect(stderr).toContain('\n  port 7777, permanently:\n    the router refused AddPortMapping: error 718 ');
    expect(widestLine(stderr)).toBeLessThanOrEqual(80);
  });

  it('takes another port only where it may', async () => {
    const { container, router } = simulated();
    await mapElsewhere(router);
    const refused = await run(['map', '7777'], { container });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toBe(
      "portwright: can't map TCP port 7777: TCP port 7777 is already mapped to 192.168.1.77:7777\n" +
        '  Use another port, or pass --any to let Portwright find a free one.\n',
    );
    const { status, stdout, stderr } = await run(['map', '7777', '--any'], { container });
    expect(status).toBe(0);
    const [, own] = router.mappings();
    const port = own?.externalPort ?? 0;
    expect(port).toBeGreaterThan(1023);
    expect(stdout).toBe(
      `TCP port ${port} -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\nExternal address: 5.5.5.1:${port}\n`,
    );
    expect(stderr).toBe(`warning: Port 7777 is not available; port ${port} is mapped instead.\n`);
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.77' }, { internalClient: '192.168.1.2' }]);
  });
});

describe('map, on a router that lets one computer take the port of another,', () => {
  it.each([1, 2] as const)('takes none, on version %i', async (igdVersion) => {
    const { container, router } = simulated({ igdVersion });
    await mapElsewhere(router);
    const { mappings } = router.machine.gateway.connection;
    const careless: FaultDefinition = {
      row: 0,
      what: 'overwrites whatever is there',
      remedy: 'looks first',
      hooks: () => ({
        action: (_call, proceed) => {
          mappings.remove(mappings.all());
          return proceed();
        },
      }),
    };
    router.inject({ name: 'careless', ...careless }, { on: 'AddPortMapping' });
    const { status, stdout, stderr } = await run(['map', '7777'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('TCP port 7777 is already mapped to 192.168.1.77:7777');
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.77' }]);
  });
});

describe('map --trust-conflicts', () => {
  it('asks a version 2 router without a look, and tells who has the port when that refuses', async () => {
    const { container, router } = simulated({ igdVersion: 2 });
    expect(await run(['map', '7777', '--trust-conflicts'], { container })).toMatchObject({ status: 0 });
    const asked = router.exchanges().flatMap((one) => {
      const header = one.kind === 'http' && one.request.headers.find(([name]) => name === 'SOAPAction');
      return header ? [/#(\w+)/.exec(header[1])?.[1]] : [];
    });
    expect(asked[0]).toBe('AddPortMapping');
    router.machine.gateway.connection.mappings.remove(router.machine.gateway.connection.mappings.all());
    await mapElsewhere(router);
    const { status, stderr } = await run(['map', '7777', '--trust-conflicts'], { container });
    expect(status).toBe(1);
    expect(stderr).toContain('TCP port 7777 is already mapped to 192.168.1.77:7777');
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.77' }]);
  });
});

describe('map, on a router that lies,', () => {
  it('says that it is mapped when the router does, and takes that back when its table says otherwise', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    // A table that lists something is believed.
    await run(['map', '9999'], { container });
    router.inject('mapping-not-made');
    const { status, stdout, stderr } = await run(['map', '7777'], { container });
    expect(status).toBe(1);
    expect(stdout).toBe('TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\n');
    expect(stderr).toMatch(
      /^portwright: can't map TCP port 7777: the router said that TCP port 7777 is mapped,\s+but its table has no such entry\n/,
    );
    const { json } = await runJson(['map', '7777'], { container });
    expect(json).toMatchObject({ error: { kind: 'not-mapped', code: 'refused' } });
    expect(json).not.toHaveProperty('mappings');
  });

  it('warns when the table has never listed anything', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    router.inject('mapping-not-made');
    expect(await run(['map', '7777'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\nExternal address: 5.5.5.1:7777\n',
      stderr: 'warning: The mapping could not be read back completely.\n',
    });
  });

  it('believes it where it is told to', async () => {
    const { container, router } = simulated({ igdVersion: 1 });
    router.inject('mapping-not-made');
    expect(await run(['map', '7777', '--no-verify'], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\nExternal address: 5.5.5.1:7777\n',
      stderr: '',
    });
    expect((await runJson(['map', '7777', '--no-verify'], { container })).json).toMatchObject({
      mappings: [{ verified: 'unverified' }],
    });
  });

  it('corrects what it has said of the lease', async () => {
    const { container } = simulated({ grantedLease: 600 });
    expect(await run(['map', '7777'], { container })).toEqual({
      status: 0,
      stdout:
        'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\n' +
        'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 10 minutes\n' +
        'External address: 5.5.5.1:7777\n',
      stderr: 'warning: The router granted a lease of 600 s instead of 3600 s.\n',
    });
  });

  it('says so when the mapping can not be read back', async () => {
    const { container } = simulated({ omittedActions: ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'] });
    const { status, stderr } = await run(['map', '7777'], { container });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'warning: The mapping could not be read back completely.\n',
    });
  });
});

it('map says that the port is mapped before it reads that back', async () => {
  const { container, router } = simulated();
  const whole = container.resolve<Transport>(TRANSPORT);
  const order: string[] = [];
  const http: Transport['http'] = {
    request: (request, options) => {
      const action = request.headers.map(([, value]) => /#(\w+)/.exec(value)?.[1]).find((name) => name !== undefined);
      if (action !== undefined) order.push(action);
      return whole.http.request(request, options);
    },
  };
  const child = container.createChildContainer();
  child.register(TRANSPORT, { useValue: { ...whole, http } });
  await run(['map', '7777'], { container: child, onStdout: (text) => order.push(text) });
  expect(order).toEqual([
    'GetSpecificPortMappingEntry',
    'AddPortMapping',
    'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour\n',
    'GetSpecificPortMappingEntry',
    'GetStatusInfo',
    'GetExternalIPAddress',
    'External address: 5.5.5.1:7777\n',
  ]);
  expect(router.mappings()).toHaveLength(1);
});
