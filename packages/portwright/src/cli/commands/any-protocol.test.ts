/** The commands that open ports, on routers without UPnP. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, runJson, simulated, type Run, type RunOptions } from '../host.test-support.ts';

const BOTH = { protocols: ['pcp', 'nat-pmp'] } as const;
const ALL = { protocols: ['upnp', 'pcp', 'nat-pmp'] } as const;
const SERVER = '192.168.1.1%lan0';

let stateFolder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'portwright-'));
});
afterEach(() => rm(stateFolder, { recursive: true }));

const leaseFiles = (): Promise<readonly string[]> => readdir(join(stateFolder, 'leases')).catch(() => []);

describe('map', () => {
  it('says by which protocol the port is mapped, and unmap closes it in another run', async () => {
    const { container, router } = simulated(BOTH);
    const options: RunOptions = { container, stateFolder };
    expect(await run(['map', '7777'], options)).toEqual({
      status: 0,
      stdout: 'TCP port 7777 -> 192.168.1.2:7777 is mapped by PCP for 1 hour\nExternal address: 5.5.5.1:7777\n',
      stderr: '',
    });
    expect(router.mappings()).toHaveLength(1);
    const [file = ''] = await leaseFiles();
    // It holds the nonce.
    expect((await stat(join(stateFolder, 'leases', file))).mode & 0o777).toBe(0o600);
    expect((await stat(join(stateFolder, 'leases'))).mode & 0o777).toBe(0o700);
    expect(await run(['unmap', '7777'], options)).toEqual({
      status: 0,
      stdout: 'TCP port 7777 is no longer mapped\n',
      stderr: '',
    });
    expect(router.mappings()).toEqual([]);
    expect(await leaseFiles()).toEqual([]);
  });

  it.each([
    ['pcp', 'PCP'],
    ['nat-pmp', 'NAT-PMP'],
    ['nat-pmp,pcp,upnp', 'NAT-PMP'],
    ['UPNP', 'UPnP'],
  ])('--via %s maps by %s, and unmap unmaps by the same', async (via, name) => {
    const { container, router } = simulated(ALL);
    const options: RunOptions = { container, stateFolder };
    const mapped = await run(['map', '7777', '8080', '--protocol', 'both', '--via', via], options);
    expect(mapped.stdout).toMatch(new RegExp(`^TCP .* is mapped by ${name} for 1 hour\\nUDP .* by ${name} for`));
    expect(router.mappings()).toHaveLength(2);
    expect((await run(['unmap', '7777', '--protocol', 'both'], options)).status).toBe(0);
    expect(router.mappings()).toEqual([]);
    expect(await leaseFiles()).toEqual([]);
  });

  it('has the protocol and the server in its JSON', async () => {
    const { container } = simulated(BOTH);
    expect((await runJson(['map', '7777'], { container, stateFolder })).json).toMatchObject({
      mappings: [{ externalPort: 7777, via: 'pcp' }],
      externalAddress: '5.5.5.1',
      gateway: { via: 'pcp', server: SERVER },
    });
  });

  it.each([
    ['--via ssdp', /^portwright: --via must be a list of upnp, pcp and nat-pmp, such as pcp,upnp, not "ssdp"/],
    ['--via pcp,pcp', /not "pcp,pcp"/],
    ['--via pcp,', /not "pcp,"/],
    ['--gateway pcp://router.lan', /is not the address of a PCP or NAT-PMP server/],
    ['--gateway pcp://192.168.1.1 --via pcp', /--gateway .*--via|--via .*--gateway/],
  ])('refuses %s', async (line, message) => {
    const { container, router } = simulated(ALL);
    const { status, stderr } = await run(['map', '7777', ...line.split(' ')], { container, stateFolder });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(router.exchanges()).toEqual([]);
  });

  it('goes on with PCP where UPnP refuses every port', async () => {
    const { container, router } = simulated(ALL);
    for (const on of ['AddPortMapping', 'AddAnyPortMapping']) router.inject('not-authorized-606', { on });
    const { status, stdout } = await run(['map', '7777'], { container, stateFolder });
    expect(status).toBe(0);
    expect(stdout).toBe(
      'TCP port 7777 -> 192.168.1.2:7777 is mapped by PCP for 1 hour\nExternal address: 5.5.5.1:7777\n',
    );
  });

  it('says that the router lets this device open no ports, and what to do', async () => {
    const { container } = simulated({ ...BOTH, pcp: { isRefused: true }, natPmp: { isRefused: true } });
    const { status, stderr } = await run(['map', '7777'], { container, stateFolder });
    expect(status).toBe(1);
    expect(stderr).toContain('NOT_AUTHORIZED');
    expect(stderr).toContain('Allow this device to open ports');
  });

  it('--keep unmaps at its end, and leaves no file', async () => {
    const { container, router } = simulated(BOTH);
    const interrupt = new AbortController();
    let during: readonly [number, number] | undefined;
    const onStdout = (text: string): void => {
      if (!text.includes('Press Ctrl-C')) return;
      void leaseFiles().then((files) => {
        during = [router.mappings().length, files.length];
        interrupt.abort();
      });
    };
    const kept: Run = await run(['map', '7777', '--keep'], {
      container,
      stateFolder,
      signal: interrupt.signal,
      onStdout,
    });
    expect(during).toEqual([1, 1]);
    expect(kept.status).toBe(0);
    expect(kept.stdout).toMatch(/TCP port 7777 is no longer mapped\n$/);
    expect(router.mappings()).toEqual([]);
    expect(await leaseFiles()).toEqual([]);
  });
});

it('a server that does not answer is told with what to do', async () => {
  const { container } = simulated({ protocols: [] });
  const { status, stderr } = await run(['map', '7777', '--gateway', 'pcp://192.168.1.1'], { container, stateFolder });
  expect(status).toBe(1);
  expect(stderr).toBe(
    'portwright: 192.168.1.1: it does not answer PCP: no answer on UDP port 5351\n' +
      "  Check the address, and turn on PCP or NAT-PMP in the router's settings. Leave out --gateway to search for it.\n",
  );
});

describe('unmap', () => {
  it('by PCP without the nonce says why it can not', async () => {
    const { container, router } = simulated(BOTH);
    await run(['map', '7777'], { container, stateFolder });
    await rm(join(stateFolder, 'leases'), { recursive: true });
    const { status, stderr } = await run(['unmap', '7777'], { container, stateFolder });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: only the program that has mapped TCP port 7777 can delete the mapping \(PCP\)\n/,
    );
    expect(stderr).toContain('\n  Close that program, or wait until the lease of the mapping ends: a day at most.\n');
    expect(router.mappings()).toHaveLength(1);
  });

  it('by NAT-PMP needs no lease', async () => {
    const { container, router } = simulated({ protocols: ['nat-pmp'] });
    await run(['map', '7777'], { container, stateFolder });
    await rm(join(stateFolder, 'leases'), { recursive: true });
    expect((await run(['unmap', '7777'], { container, stateFolder })).status).toBe(0);
    expect(router.mappings()).toEqual([]);
  });

  it('reads no file that is none, and removes what has expired', async () => {
    const { container, router } = simulated(BOTH);
    await run(['map', '7777'], { container, stateFolder });
    const [file = ''] = await leaseFiles();
    const expired = { via: 'pcp', gateway: SERVER, family: 'ipv4', externalPort: 7777, protocol: 'TCP', expiresAt: 1 };
    const entry = { ...expired, internalClient: '192.168.1.2', internalPort: 7777, description: '' };
    await writeFile(join(stateFolder, 'leases', '1.json'), JSON.stringify({ version: 1, leases: [entry] }));
    await writeFile(join(stateFolder, 'leases', '2.json'), 'nothing');
    await writeFile(join(stateFolder, 'leases', 'notes.txt'), 'nothing');
    expect((await run(['unmap', '7777'], { container, stateFolder })).status).toBe(0);
    expect(router.mappings()).toEqual([]);
    expect(await leaseFiles()).toEqual(['2.json', 'notes.txt']);
    expect(file).not.toBe('');
  });
});

describe('ip and status', () => {
  it.each([
    ['pcp', 'PCP'],
    ['nat-pmp', 'NAT-PMP'],
  ])('tell the address by %s', async (via, name) => {
    const { container } = simulated(BOTH);
    const options: RunOptions = { container, stateFolder };
    expect(await run(['ip', '--via', via], options)).toEqual({ status: 0, stdout: '5.5.5.1\n', stderr: '' });
    const { stdout, status } = await run(['status', '--via', via], options);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`Router +192\\.168\\.1\\.1%lan0\\nProtocol +${name}\\nExternal address +5\\.5\\.5\\.1 \\(public\\)`),
    );
    expect((await runJson(['status', '--via', via], options)).json).toMatchObject({
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
      gateway: { via, server: SERVER },
    });
  });

  it('by a server that has PCP alone say that only a mapping shows it', async () => {
    const { container } = simulated({ protocols: ['pcp'] });
    const { status, stderr } = await run(['ip'], { container, stateFolder });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'portwright: the router reports no external address\n  PCP tells the address with a mapping alone: the map command shows it.\n',
    );
  });

  it('warn of an address that is not public', async () => {
    const { container } = simulated({ ...BOTH, externalAddress: '100.64.3.4' });
    const { stdout, stderr } = await run(['ip', '--via', 'nat-pmp'], { container, stateFolder });
    expect(stdout).toBe('100.64.3.4\n');
    expect(stderr).toContain("100.64.3.4 is an address that the provider's customers share");
  });
});
