import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import type { Completed } from './host.mjs';
import { createLab, type Lab } from './lab.mjs';
import { reach, serveEcho } from './reach.mjs';
import { destroyStale } from './registry.mjs';

/** Another client than ours, told where the gateway is: its own search takes seconds. */
function upnpc(lab: Lab, ...args: readonly string[]): Promise<Completed> {
  return lab.lan.exec('upnpc', ['-u', lab.descriptionUrl, ...args]);
}

function leftOf(name: string): readonly string[] {
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  const labs = readdirSync('/run/portwright-lab');
  return [...namespaces.filter((each) => each.includes(name)), ...labs.filter((each) => each === name)];
}

describe.skipIf(skipWithoutLab(['upnpc', 'natpmpc']))('a lab', () => {
  it('lets a packet in from outside exactly where a mapping says so', async () => {
    await using lab = await createLab();
    await using tcp = await serveEcho(lab.lan, 'tcp', 8080);
    await using udp = await serveEcho(lab.lan, 'udp', 8080);
    expect(await reach(lab.wan, 'tcp', lab.externalAddress, 18080, 'hello', 3)).toMatchObject({ reached: false });
    for (const protocol of ['TCP', 'UDP']) {
      const { code } = await upnpc(lab, '-e', 'test', '-a', lab.lanAddress, '8080', '18080', protocol);
      expect(code).toBe(0);
    }
    expect(lab.mappings()).toMatchObject([
      { protocol: 'TCP', externalPort: 18080, internalClient: '10.77.0.2', internalPort: 8080, description: 'test' },
      { protocol: 'UDP', externalPort: 18080, internalClient: '10.77.0.2', internalPort: 8080, description: 'test' },
    ]);
    expect(await reach(lab.wan, 'tcp', lab.externalAddress, 18080, 'hi')).toMatchObject({ reached: true, reply: 'hi' });
    expect(await reach(lab.wan, 'udp', lab.externalAddress, 18080, 'hi')).toMatchObject({ reached: true, reply: 'hi' });
    expect([...tcp.received, ...udp.received]).toMatchObject([
      { address: '5.5.5.2', text: 'hi' },
      { address: '5.5.5.2', text: 'hi' },
    ]);
    expect(await reach(lab.wan, 'tcp', lab.externalAddress, 18081, 'hello', 3)).toMatchObject({ reached: false });
  });

  it('speaks NAT-PMP as well', async () => {
    await using lab = await createLab();
    const { stdout } = await lab.lan.exec('natpmpc', ['-a', '19000', '9000', 'udp', '3600', '-g', lab.gatewayAddress]);
    expect(stdout).toContain('Public IP address : 5.5.5.1');
    expect(lab.mappings()).toMatchObject([{ protocol: 'UDP', internalPort: 9000 }]);
  });

  it('restarts its gateway with the mappings that it had, on another port, or without any', async () => {
    await using lab = await createLab();
    await upnpc(lab, '-a', lab.lanAddress, '8080', '18080', 'TCP');
    await lab.restartGateway();
    expect(lab.mappings()).toMatchObject([{ externalPort: 18080 }]);
    await lab.restartGateway({ httpPort: 6000, emptyTable: true });
    expect(lab.mappings()).toEqual([]);
    expect(lab.descriptionUrl).toBe('http://10.77.0.1:6000/rootDesc.xml');
    expect((await upnpc(lab, '-s')).stdout).toContain('http://10.77.0.1:6000/ctl/IPConn');
    await lab.stopGateway();
    expect(await reach(lab.lan, 'tcp', lab.gatewayAddress, 6000, 'hello', 3)).toMatchObject({ reached: false });
  });

  it('keeps apart from others, each with settings of its own', async () => {
    await using one = await createLab({ igd1: true, ipv6: false });
    await using two = await createLab({ doubleNat: true });
    expect(one.lanAddress6).toBeUndefined();
    expect(two.externalAddress).toBe('192.168.5.1');
    expect((await upnpc(one, '-a', one.lanAddress, '1', '2000', 'TCP')).code).toBe(0);
    const refused = await upnpc(two, '-i', '-a', two.lanAddress, '1', '2000', 'TCP');
    expect(refused.stdout).toContain('failed with code 501');
    expect(two.mappings()).toEqual([]);
  });

  it('tells how a command ended, and ends those that do not', async () => {
    await using lab = await createLab();
    expect(await lab.wan.exec('cat', [], { input: 'text' })).toEqual({
      code: 0,
      signal: null,
      stdout: 'text',
      stderr: '',
      timedOut: false,
    });
    expect(await lab.wan.exec('sh', ['-c', 'sleep 60 & wait'], { timeoutMs: 100 })).toMatchObject({
      code: null,
      signal: 'SIGKILL',
      timedOut: true,
    });
  });
});

describe.skipIf(skipWithoutLab())('the end of a lab', () => {
  it('refuses a name that is taken, and leaves the other lab alone', async () => {
    await using lab = await createLab();
    await expect(createLab({ name: lab.plan.name })).rejects.toThrow('is up already');
    expect((await lab.lan.exec('true')).code).toBe(0);
  });

  it('leaves nothing behind, however often it is closed', async () => {
    const lab = await createLab();
    lab.lan.spawn('sleep', ['60']);
    lab.close();
    lab.close();
    expect(leftOf(lab.plan.name)).toEqual([]);
  });

  // In the program's own words: bring a lab up, say its name, and then do not end.
  const program = `
    const { createLab } = await import(${JSON.stringify(new URL('lab.mjs', import.meta.url))});
    console.log((await createLab()).plan.name);
    setInterval(() => {}, 1000);`;

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('comes when its process ends by %s', async (signal) => {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const name = line.toString().trim();
    expect(leftOf(name)).toHaveLength(4);
    owner.kill(signal);
    await once(owner, 'exit');
    expect(owner.signalCode).toBe(signal);
    // Nobody can clean up after a SIGKILL but the next one who comes along, which may be another test than this.
    if (signal === 'SIGKILL') destroyStale();
    expect(leftOf(name)).toEqual([]);
  });
});
