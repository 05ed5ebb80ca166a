import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { findGateway } from '../../client/find-gateway.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { AddressFamily } from '../../messages.ts';
import {
  addPinhole,
  checkPinhole,
  deletePinhole,
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
