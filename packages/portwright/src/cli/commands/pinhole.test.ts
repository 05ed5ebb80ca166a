import { TRANSPORT, type Transport } from '@portwright/core';
import type { SimulateGatewayOptions } from '@portwright/transport-mock';
import { ok, okAsync } from '@portwright/core/result';
import { describe, expect, it } from 'vitest';
import { run, runJson, simulated } from '../host.test-support.ts';

const AT = ['--gateway', 'http://[fd77::1]:5000/description.xml'];

const encoder = new TextEncoder();

/** A router that hears no search over IPv6. */
function overIpv4Alone(options: SimulateGatewayOptions = {}): ReturnType<typeof simulated> {
  const { container, router } = simulated(options);
  const whole = container.resolve<Transport>(TRANSPORT);
  const datagram: Transport['datagram'] = {
    open: (options) =>
      whole.datagram.open(options).map((socket) => ({
        local: socket.local,
        datagrams: socket.datagrams,
        send: (payload, to) => (options.family === 'ipv6' ? okAsync(undefined) : socket.send(payload, to)),
        close: () => socket.close(),
      })),
  };
  const deaf = container.createChildContainer().register(TRANSPORT, { useValue: { ...whole, datagram } });
  return { container: deaf, router };
}

describe('pinhole', () => {
  it('is opened, checked, prolonged and closed', async () => {
    const { container } = simulated();
    expect(await run(['pinhole', 'add', '8080', ...AT], { container })).toEqual({
      status: 0,
      stdout: 'TCP port 8080 on fd77::2 is open for 1 hour\nPinhole id: 1\n',
      stderr: '',
    });
    expect(await run(['pinhole', 'check', '1', ...AT], { container })).toMatchObject({
      status: 0,
      stdout: 'Pinhole 1: no traffic yet (0 packets)\n',
    });
    expect(await run(['pinhole', 'update', '1', '--lease', '7200', ...AT], { container })).toMatchObject({
      status: 0,
      stdout: 'Pinhole 1 is open for 2 hours from now\n',
    });
    expect(await run(['pinhole', 'delete', '1', ...AT], { container })).toMatchObject({
      status: 0,
      stdout: 'Pinhole 1 is closed\n',
    });
    expect(await run(['pinhole', 'delete', '1', ...AT], { container })).toMatchObject({ status: 1, stdout: '' });
  });

  it('is for one remote host and port where that is asked', async () => {
    const { container } = simulated();
    const argv = ['pinhole', 'add', '22', '--protocol', 'udp', '--lease', '60', '--remote', '[2001:db8::7]:443'];
    const { json } = await runJson([...argv, ...AT], { container });
    expect(json).toMatchObject({
      pinhole: {
        id: 1,
        protocol: 'UDP',
        internalClient: 'fd77::2',
        internalPort: 22,
        remoteHost: '2001:db8::7',
        remotePort: 443,
        leaseSeconds: 60,
      },
      gateway: { location: 'http://[fd77::1]:5000/description.xml' },
    });
    expect((await run([...argv, ...AT], { container })).stdout).toContain(
      'UDP port 22 on fd77::2 is open to [2001:db8::7]:443 for 1 minute\n',
    );
  });

  it('of another computer is refused by the gateway', async () => {
    const { container } = simulated();
    const argv = ['pinhole', 'add', '8080', '--client', 'fd77::99', ...AT];
    expect((await runJson(argv, { container })).json).toMatchObject({ error: { kind: 'upnp-fault', code: 606 } });
  });

  it('timeout tells how long answers get in without one', async () => {
    const { container } = simulated({ outboundPinholeTimeout: 150 });
    expect(await run(['pinhole', 'timeout', '--protocol', 'udp', ...AT], { container })).toEqual({
      status: 0,
      stdout: 'An outgoing UDP connection expires after 2 minutes 30 seconds without traffic\n',
      stderr: '',
    });
    const argv = ['pinhole', 'timeout', '7777', '--remote', '[2001:db8::7]:443', ...AT];
    expect((await runJson(argv, { container })).json).toMatchObject({ outboundTimeoutSeconds: 150 });
  });

  it('timeout says that the router does not tell', async () => {
    const { container, router } = simulated();
    const on = ['GetOutboundPinholeTimeout'];
    const hooks = () => ({ action: () => ok({ OutboundPinholeTimeout: '' }) });
    router.inject({ name: 'by-test', row: 1, what: '', remedy: '', on, hooks });
    const argv = ['pinhole', 'timeout', ...AT];
    expect((await run(argv, { container })).stdout).toBe(
      'The router does not say when an idle outgoing TCP connection expires\n',
    );
    expect((await runJson(argv, { container })).json).toMatchObject({ outboundTimeoutSeconds: null });
  });

  it('list says that no gateway can, and shows the firewall', async () => {
    const { container } = simulated({ areInboundPinholesAllowed: false });
    expect(await run(['pinhole', 'list', ...AT], { container })).toEqual({
      status: 0,
      stdout: 'IPv6 firewall  on\nPinholes       not allowed\n',
      stderr:
        'warning: Routers cannot list pinholes: the specification has no action for it. "pinhole check" shows one by its id.\n',
    });
    expect((await runJson(['pinhole', 'list', ...AT], { container })).json).toMatchObject({
      firewall: { enabled: true, pinholesAllowed: false },
      pinholes: null,
    });
  });

  it('is looked for over IPv6', async () => {
    const { container, router } = simulated();
    expect((await run(['pinhole', 'list'], { container })).status).toBe(0);
    const clients = router.exchanges().flatMap((one) => (one.kind === 'http' ? [one.from] : []));
    // Its description may be read over IPv4, too; its firewall is asked over IPv6.
    expect(clients.at(-1)).toContain(':');
    expect(router.clock.now()).toBeLessThan(1000);
  });

  it('finds the router that status finds, where that answers searches over IPv4 alone', async () => {
    const { container, router } = overIpv4Alone();
    expect((await run(['status'], { container })).status).toBe(0);
    expect((await runJson(['pinhole', 'list'], { container })).json).toMatchObject({
      firewall: { enabled: true },
      gateway: { location: router.descriptionUrl },
    });
    // It was found, and does not believe over IPv4 whose IPv6 address it is.
    const added = await runJson(['pinhole', 'add', '8080'], { container });
    expect(added.json).toMatchObject({ error: { kind: 'upnp-fault', code: 606 } });
    expect(added.json).toMatchObject({
      error: { hint: expect.stringContaining("the router's IPv6 address") as string },
    });
    const trusting = overIpv4Alone({ isSecure: false });
    expect((await runJson(['pinhole', 'add', '8080'], { container: trusting.container })).json).toMatchObject({
      pinhole: { internalClient: 'fd77::2', internalPort: 8080 },
    });
  });

  it('names --client where this computer has no IPv6 address', async () => {
    for (const command of ['add', 'timeout']) {
      const { container } = simulated({ client: { address6: null } });
      const argv = ['pinhole', command, '8080'];
      const { status, stdout, stderr } = await run(argv, { container });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^portwright: this computer has no IPv6 address.*\n.*--client/);
      expect(stderr).not.toContain('internalClient');
      expect((await runJson(argv, { container })).json).toMatchObject({
        error: { kind: 'transport', code: 'no-address' },
      });
    }
    const { container } = simulated({ client: { address6: null } });
    expect((await run(['pinhole', 'list'], { container })).status).toBe(0);
  });

  it('counts one packet', async () => {
    const { container } = simulated();
    const whole = container.resolve<Transport>(TRANSPORT);
    const http: Transport['http'] = {
      request: (request, options) =>
        whole.http.request(request, options).map((response) => ({
          ...response,
          body: encoder.encode(
            new TextDecoder().decode(response.body).replace(/(<PinholePackets[^>]*>)\d+/, '$1' + packets),
          ),
        })),
    };
    const counting = container.createChildContainer().register(TRANSPORT, { useValue: { ...whole, http } });
    let packets = '1';
    const argv = ['pinhole', 'check'];
    const { json } = await runJson(['pinhole', 'add', '8080'], { container: counting });
    const { id } = (json as { readonly pinhole: { readonly id: number } }).pinhole;
    expect((await run([...argv, String(id)], { container: counting })).stdout).toContain('(1 packet)');
    packets = '2';
    expect((await run([...argv, String(id)], { container: counting })).stdout).toContain('(2 packets)');
  });

  it('fails, and is no wrong use, where the gateway has no IPv6 firewall', async () => {
    const { container } = simulated({ hasIPv6Firewall: false });
    const { status, stderr } = await run(['pinhole', 'add', '8080', ...AT], { container });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: the router at http.* can't open IPv6 pinholes \(no WANIPv6FirewallControl\)\n {2}Open the port in the IPv6 firewall/,
    );
  });
});
