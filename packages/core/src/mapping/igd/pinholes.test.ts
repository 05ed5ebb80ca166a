import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { findGateway } from '../../client/find-gateway.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { AddressFamily } from '../../messages.ts';
import type { InterfaceAddress } from '../../ports.ts';
import { err, ok, okAsync } from '../../result.ts';
import { connected, inject } from './igd.test-support.ts';
import { addressesTowards } from './pinhole-address.ts';
import {
  addPinhole,
  checkPinhole,
  deletePinhole,
  firewallStatus,
  outboundPinholeTimeout,
  pinholePackets,
  updatePinhole,
} from './pinholes.ts';

/** Over IPv6 the gateway is found at its link-local address, and spoken to from this host's own. */
async function found(
  families: readonly AddressFamily[] = ['ipv6'],
): Promise<{ readonly router: SimulatedGateway; readonly gateway: Gateway }> {
  const router = simulateGateway({ maxSearchDelayMs: 0, isSecure: true });
  const { gateway } = (await findGateway(router.transport, { families }))._unsafeUnwrap();
  return { router, gateway };
}

describe('a pinhole to this host', () => {
  test('is asked for, prolonged, checked and closed from the address that it leads to', async () => {
    const { gateway } = await found();
    expect(gateway.description.location).toContain('[fe80::');
    const pinhole = (await addPinhole(gateway, { protocol: 'UDP', internalPort: 7777 }))._unsafeUnwrap();
    expect(pinhole).toMatchObject({ protocol: 'UDP', internalClient: 'fd77::2', internalPort: 7777 });
    const { id } = pinhole;
    expect((await updatePinhole(gateway, { id, leaseSeconds: 600 })).isOk()).toBe(true);
    expect((await checkPinhole(gateway, id))._unsafeUnwrap()).toBe(null);
    expect((await pinholePackets(gateway, id))._unsafeUnwrap()).toBe(0);
    expect((await deletePinhole(gateway, id)).isOk()).toBe(true);
    expect((await deletePinhole(gateway, id))._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 704 });
  });

  test('to its link-local address, if that is wanted', async () => {
    const { gateway } = await found();
    const options = { protocol: 'TCP', internalPort: 22, internalClient: 'fe80::2' } as const;
    const { id } = (await addPinhole(gateway, options))._unsafeUnwrap();
    expect((await deletePinhole(gateway, id))._unsafeUnwrapErr()).toMatchObject({ code: 606 });
    expect((await deletePinhole(gateway, id, { internalClient: 'fe80::2' })).isOk()).toBe(true);
  });

  test('of another host is asked for as it stands, and refused by the gateway', async () => {
    const { gateway } = await found();
    const options = { protocol: 'TCP', internalPort: 22, internalClient: 'fd77::9' } as const;
    expect((await addPinhole(gateway, options))._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 606 });
  });

  test('over IPv4 the system chooses from where', async () => {
    const { gateway } = await found(['ipv4']);
    const asked = await addPinhole(gateway, { protocol: 'TCP', internalPort: 22 });
    expect(asked._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 606 });
  });
});

describe('the timeout of what this host opens by sending', () => {
  test('is asked for from its own address, for any traffic or for one flow', async () => {
    const { router, gateway } = await found();
    router.machine.configure({ outboundPinholeTimeout: 240 });
    expect((await outboundPinholeTimeout(gateway, { protocol: 'UDP' }))._unsafeUnwrap()).toBe(240);
    const flow = { internalPort: 7777, remoteHost: '2001:db8::7', remotePort: 443 };
    expect((await outboundPinholeTimeout(gateway, { protocol: 'TCP', ...flow }))._unsafeUnwrap()).toBe(240);
    const bodies = router
      .exchanges()
      .flatMap((one) => (one.kind === 'http' ? new TextDecoder().decode(one.request.body) : []))
      .filter((body) => body.includes('GetOutboundPinholeTimeout'));
    expect(bodies).toEqual([
      expect.stringMatching(/<RemoteHost><\/RemoteHost><RemotePort>0<.*>fd77::2<.*<InternalPort>0<.*<Protocol>17</),
      expect.stringMatching(/>2001:db8::7<.*<RemotePort>443<.*>fd77::2<.*<InternalPort>7777<.*<Protocol>6</),
    ]);
  });

  test('is null where the router answers with no number', async () => {
    const { router, gateway } = await found();
    inject(router, 'GetOutboundPinholeTimeout', () => ok({ OutboundPinholeTimeout: '' }));
    expect((await outboundPinholeTimeout(gateway, { protocol: 'UDP' }))._unsafeUnwrap()).toBeNull();
  });

  test.each([
    ['internalPort', { internalPort: 65_536 }],
    ['remotePort', { remotePort: -1 }],
    ['remoteHost', { remoteHost: '192.0.2.1' }],
    ['internalClient', { internalClient: 'here' }],
  ])('%s: %j is refused before', async (argument, wrong) => {
    const { router, gateway } = await found();
    const before = router.exchanges().length;
    const asked = await outboundPinholeTimeout(gateway, { protocol: 'TCP', ...wrong });
    expect(asked._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', argument });
    expect(router.exchanges().length).toBe(before);
  });
});

describe('what can’t be sent is refused before', () => {
  test.each([
    ['internalPort', { internalPort: 0 }],
    ['remotePort', { remotePort: 70_000 }],
    ['leaseSeconds', { leaseSeconds: 86_401 }],
    ['leaseSeconds', { leaseSeconds: 0 }],
    ['remoteHost', { remoteHost: '192.0.2.1' }],
    ['remoteHost', { remoteHost: 'example.org' }],
    ['internalClient', { internalClient: '192.168.1.2' }],
  ])('%s: %j', async (argument, wrong) => {
    const { router, gateway } = await found();
    const before = router.exchanges().length;
    const asked = await addPinhole(gateway, { protocol: 'TCP', internalPort: 22, ...wrong });
    expect(asked._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', argument });
    expect(router.exchanges().length).toBe(before);
  });

  test('a gateway without the service says what to look for', async () => {
    const router = simulateGateway({ persona: 'igd1' });
    const { gateway } = (await findGateway(router.transport))._unsafeUnwrap();
    const asked = await updatePinhole(gateway, { id: 1, leaseSeconds: 600 });
    expect(asked._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', code: 'no-such-service' });
  });
});

describe('a pinhole', () => {
  test('has the defaults filled in', async () => {
    const { gateway } = await found();
    const pinhole = (await addPinhole(gateway, { protocol: 'tcp', internalPort: 22 }))._unsafeUnwrap();
    expect({ ...pinhole, id: typeof pinhole.id }).toEqual({
      id: 'number',
      protocol: 'TCP',
      internalClient: 'fd77::2',
      internalPort: 22,
      remoteHost: '',
      remotePort: 0,
      leaseSeconds: 3600,
    });
  });

  test.each([
    { internalPort: 1, remotePort: 0, leaseSeconds: 1 },
    { internalPort: 65_535, remotePort: 65_535, leaseSeconds: 86_400, remoteHost: '2001:db8::7' },
  ])('may be as small, and as large, as the specification says: %j', async (limits) => {
    const { gateway } = await found();
    const pinhole = (await addPinhole(gateway, { protocol: 'UDP', ...limits }))._unsafeUnwrap();
    expect(pinhole).toMatchObject({ protocol: 'UDP', ...limits });
    const { id } = pinhole;
    const { leaseSeconds } = limits;
    expect((await updatePinhole(gateway, { id, leaseSeconds })).isOk()).toBe(true);
  });

  test.each([
    ['remotePort', { remotePort: -1 }],
    ['remotePort', { remotePort: 65_536 }],
    ['internalPort', { internalPort: 65_536 }],
    ['remoteHost', { remoteHost: '2001:db8::g' }],
    ['remoteHost', { remoteHost: 'a:b' }],
    ['protocol', { protocol: 'SCTP' }],
    ['options', null],
  ])('with a wrong %s is not asked for: %j', async (argument, wrong) => {
    const { router, gateway } = await found();
    const before = router.exchanges().length;
    const options = wrong === null ? wrong : { protocol: 'TCP', internalPort: 22, ...wrong };
    expect((await addPinhole(gateway, options as never))._unsafeUnwrapErr()).toMatchObject({ argument });
    expect((await outboundPinholeTimeout(gateway, options as never))._unsafeUnwrapErr()).toMatchObject({ argument });
    expect(router.exchanges()).toHaveLength(before);
  });

  test.each([0, 86_401, 1.5])('is not prolonged by %d s', async (leaseSeconds) => {
    const { router, gateway } = await found();
    const before = router.exchanges().length;
    const asked = await updatePinhole(gateway, { id: 1, leaseSeconds });
    expect(asked._unsafeUnwrapErr()).toMatchObject({
      argument: 'leaseSeconds',
      message: expect.stringContaining('from 1 to 86400') as string,
    });
    expect((await updatePinhole(gateway, 'soon' as never))._unsafeUnwrapErr()).toMatchObject({ argument: 'options' });
    expect(router.exchanges()).toHaveLength(before);
  });

  test('of another host’s address is told in words', async () => {
    const { gateway } = await found();
    const asked = await addPinhole(gateway, { protocol: 'TCP', internalPort: 22, internalClient: '192.168.1.2' });
    expect(asked._unsafeUnwrapErr().message).toBe('internalClient must be an IPv6 address, not "192.168.1.2"');
  });

  test('calls take options, or none', async () => {
    const { router, gateway } = await found();
    const before = router.exchanges().length;
    for (const asked of [
      await deletePinhole(gateway, 1, 'soon' as never),
      await checkPinhole(gateway, 1, 'soon' as never),
      await pinholePackets(gateway, 1, 'soon' as never),
    ]) {
      expect(asked._unsafeUnwrapErr()).toMatchObject({ argument: 'options' });
    }
    expect((await deletePinhole(null as never, 1))._unsafeUnwrapErr()).toMatchObject({ argument: 'gateway' });
    expect((await firewallStatus(null as never))._unsafeUnwrapErr()).toMatchObject({ argument: 'gateway' });
    expect(router.exchanges()).toHaveLength(before);
  });
});

describe('whether traffic comes through', () => {
  test.each([
    ['yes', ok({ IsWorking: true }), true],
    ['no', ok({ IsWorking: false }), false],
    ['nobody can tell', err({ code: 709, description: 'NoTrafficReceived' }), null],
    ['there is no such hole', err({ code: 704, description: 'NoSuchEntry' }), 704],
  ])('%s', async (_what, answer, expected) => {
    const { router, gateway } = await found();
    inject(router, 'CheckPinholeWorking', () => answer);
    const checked = await checkPinhole(gateway, 1);
    expect(
      checked.match<unknown>(
        (working) => working,
        ({ code }) => code,
      ),
    ).toBe(expected);
  });

  test('nobody can tell is a fault of the router’s, and no HTTP status', async () => {
    const { router, gateway } = await found();
    router.inject('http-500-without-fault', { on: 'CheckPinholeWorking' });
    expect((await checkPinhole(gateway, 1))._unsafeUnwrapErr()).toMatchObject({ code: 'http-status' });
  });
});

describe('the firewall', () => {
  test.each([
    [true, true],
    [true, false],
    [false, true],
  ])('is on: %s; allows pinholes: %s', async (enabled, pinholesAllowed) => {
    const options = { isFirewallEnabled: enabled, areInboundPinholesAllowed: pinholesAllowed };
    const [, gateway] = await connected({ igdVersion: 2, ...options });
    expect((await firewallStatus(gateway))._unsafeUnwrap()).toEqual({ enabled, pinholesAllowed });
  });

  test('that is missing is told in words', async () => {
    const [, gateway] = await connected({ igdVersion: 1 });
    expect((await firewallStatus(gateway))._unsafeUnwrapErr()).toEqual({
      kind: 'invalid-argument',
      code: 'no-such-service',
      argument: 'gateway',
      message:
        "the router at http://192.168.1.1:5000/control/WANIPConn1 can't open IPv6 pinholes (no WANIPv6FirewallControl)",
      hint: "Open the port in the IPv6 firewall of the router's settings.",
    });
    expect((await addPinhole(gateway, { protocol: 'TCP', internalPort: 22 }))._unsafeUnwrapErr()).toMatchObject({
      code: 'no-such-service',
    });
  });
});

describe('a refusal of the router', () => {
  const OVER_IPV6 =
    "This router opens pinholes over IPv6 alone: use the URL of its description with the router's IPv6 address.";

  test('over IPv4 has a hint about IPv6, if the router does not allow it', async () => {
    const { gateway } = await found(['ipv4']);
    const options = { protocol: 'TCP', internalPort: 22 } as const;
    expect((await addPinhole(gateway, options))._unsafeUnwrapErr().hint).toBe(OVER_IPV6);
  });

  test.each([
    ['another fault', ['ipv4'], 701],
    ['over IPv6', ['ipv6'], 606],
  ] as const)('has its own hint: %s', async (_what, families, code) => {
    const { router, gateway } = await found(families);
    inject(router, 'DeletePinhole', () => err({ code, description: '' }));
    for (const options of [undefined, { internalClient: 'fd77::9' }]) {
      const error = (await deletePinhole(gateway, 1, options))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'upnp-fault', code });
      expect(error.hint).not.toBe(OVER_IPV6);
    }
  });
});

describe('this host’s IPv6 addresses', () => {
  const LAN: InterfaceAddress = {
    name: 'lan',
    family: 'ipv4',
    address: '192.168.1.2',
    prefixLength: 24,
    internal: false,
  };

  function ipv6(name: string, address: string, internal = false): InterfaceAddress {
    return { name, family: 'ipv6', address, prefixLength: 64, internal };
  }

  async function withInterfaces(listed: readonly InterfaceAddress[]): Promise<Gateway> {
    const [, gateway] = await connected({ igdVersion: 2 });
    const interfaces = { ...gateway.transport.interfaces, list: () => okAsync(listed) };
    return { ...gateway, localAddress: LAN.address, transport: { ...gateway.transport, interfaces } };
  }

  test('are those of the interface towards the router, public ones first, and the others', async () => {
    const gateway = await withInterfaces([
      ipv6('lo', '::1', true),
      ipv6('vpn', 'fd99::1'),
      LAN,
      ipv6('lan', 'fe80::2'),
      ipv6('lan', 'fd77::2'),
      ipv6('lan', '2a00::2'),
      ipv6('lan', 'fd77::3'),
      ipv6('vpn', '2a01::1'),
    ]);
    expect(await addressesTowards(gateway)).toEqual({
      near: ['2a00::2', 'fd77::2', 'fd77::3'],
      others: ['2a01::1', 'fd99::1'],
    });
  });

  test.each<readonly [string, readonly InterfaceAddress[], string]>([
    ['the public one of the interface', [LAN, ipv6('lan', 'fd77::2'), ipv6('lan', '2a00::2')], '2a00::2'],
    ['another interface’s', [LAN, ipv6('vpn', '2a01::1')], '2a01::1'],
  ])('a pinhole leads to %s', async (_what, listed, client) => {
    const [router, plain] = await connected({ igdVersion: 2 });
    const { transport } = await withInterfaces(listed);
    const gateway = { ...plain, transport: { ...plain.transport, interfaces: transport.interfaces } };
    inject(router, 'AddPinhole', () => ok({ UniqueID: 7 }));
    expect((await addPinhole(gateway, { protocol: 'TCP', internalPort: 22 }))._unsafeUnwrap()).toMatchObject({
      id: 7,
      internalClient: client,
    });
  });

  test.each([
    ['none', [LAN]],
    ['one for the link alone', [LAN, ipv6('lan', 'fe80::2')]],
    ['loopback alone', [LAN, ipv6('lo', '::1', true)]],
  ])('if there is %s, no pinhole is asked for', async (_what, listed) => {
    const gateway = await withInterfaces(listed);
    expect((await addPinhole(gateway, { protocol: 'TCP', internalPort: 22 }))._unsafeUnwrapErr()).toEqual({
      kind: 'transport',
      code: 'no-address',
      message: 'this computer has no IPv6 address that can be reached from outside',
      hint: 'Turn on IPv6 in the router and on this computer. For another computer, give its address as internalClient.',
    });
  });
});
