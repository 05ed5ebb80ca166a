import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { errAsync, okAsync } from '../result.ts';
import type { InterfaceAddress, Transport } from '../ports.ts';
import { addMapping } from './add-mapping.ts';
import { gatewayAt } from './gateway-at.ts';
import { internalClientOf, localAddressOf } from './internal-client.ts';

/** A host on a router's network whose address can change. */
function movable(options: { readonly isListed?: boolean; readonly ownsKnown?: boolean } = {}) {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  let client: Transport = router.transport;
  const transport: Transport = {
    ...router.transport,
    http: { request: (request, limits) => client.http.request(request, limits) },
    interfaces: {
      list: () => (options.isListed === false ? okAsync([]) : client.interfaces.list()),
      ...(options.ownsKnown === false
        ? {}
        : { owns: (address) => client.interfaces.owns?.(address) ?? okAsync(false) }),
    },
  };
  const moveTo = (address: string, address6 = 'fd77::2', linkLocalAddress = 'fe80::2'): void => {
    client = router.network.transport({ address, address6, linkLocalAddress });
  };
  return { router, transport, moveTo };
}

async function connected(host: ReturnType<typeof movable>, url = host.router.descriptionUrl) {
  return (await gatewayAt(host.transport, url))._unsafeUnwrap().gateway;
}

const UDP = { externalPort: 7777, protocol: 'UDP' } as const;

describe('the internal client', () => {
  it('is the address that the last exchange left from, while this host has it', async () => {
    const gateway = await connected(movable());
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.2');
  });

  it('is the new address after this host got another one', async () => {
    const host = movable();
    const gateway = await connected(host);
    host.moveTo('192.168.1.33');
    expect(gateway.localAddress).toBe('192.168.1.2');
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.33');
    expect((await addMapping(gateway, UDP)).isOk()).toBe(true);
    expect(host.router.mappings()).toMatchObject([{ internalClient: '192.168.1.33' }]);
    expect(gateway.localAddress).toBe('192.168.1.33');
  });

  it('is the old address while the system still owns it without listing it', async () => {
    const gateway = await connected(movable({ isListed: false }));
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.2');
  });

  it('is the old address where the system does not say', async () => {
    const host = movable({ isListed: false, ownsKnown: false });
    const gateway = await connected(host);
    host.moveTo('192.168.1.33');
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.2');
  });

  it('is an error after this host has left the router’s network', async () => {
    const host = movable();
    const gateway = await connected(host);
    host.moveTo('10.9.8.7', 'fd99::7', 'fe80::7');
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'no-address',
      hint: expect.stringContaining('Search') as string,
    });
  });

  it.each([
    ['a moment before the system lists it', 600, '192.168.1.2'],
    ['and the system does not list it', Infinity, 'no-address'],
  ])('is the IPv4 address of an interface that is spoken from over IPv6 %s', async (_when, listedAtMs, expected) => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const { transport, clock } = router;
    const list = () => (clock.now() < listedAtMs ? okAsync([]) : transport.interfaces.list());
    const late: Transport = { ...transport, interfaces: { list, owns: () => okAsync(true) } };
    const { gateway } = (await gatewayAt(late, 'http://[fe80::1%25lan0]:5000/description.xml'))._unsafeUnwrap();
    const client = await internalClientOf(gateway, undefined);
    expect(client.unwrapOr(client.isErr() ? client.error.code : '')).toBe(expected);
    expect(clock.now()).toBeLessThan(2_000);
  });

  it('is no IPv4 address at once where the system keeps the list from programs', async () => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const { gateway } = (
      await gatewayAt(router.transport, 'http://[fe80::1%25lan0]:5000/description.xml')
    )._unsafeUnwrap();
    const list = () => errAsync({ kind: 'transport', code: 'not-permitted', message: 'no list' } as const);
    const before = router.clock.now();
    const transport = { ...router.transport, interfaces: { list, owns: () => okAsync(true) } };
    const client = await internalClientOf({ ...gateway, transport, localAddress: 'fd77::2' }, undefined);
    expect(client._unsafeUnwrapErr()).toMatchObject({ code: 'no-address' });
    expect(router.clock.now()).toBe(before);
  });

  it('is the IPv4 address of the interface where the gateway is spoken to over IPv6', async () => {
    const host = movable();
    const gateway = await connected(host, 'http://[fe80::1%25lan0]:5000/description.xml');
    expect(gateway.localAddress).toMatch(/^fe80::2/);
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.2');
    host.moveTo('192.168.1.33', 'fd77::33', 'fe80::33');
    expect((await internalClientOf(gateway, undefined))._unsafeUnwrap()).toBe('192.168.1.33');
    expect(await localAddressOf(gateway)).toBe('fe80::33%lan0');
  });

  it('is looked for on the interface that a link-local address of the gateway names', async () => {
    const host = movable();
    const { interfaces } = host.transport;
    const other: InterfaceAddress = {
      name: 'vpn0',
      family: 'ipv6',
      address: 'fe80::99',
      prefixLength: 64,
      internal: false,
      zone: 'vpn0',
    };
    const list = () => interfaces.list().map((listed) => [other, ...listed]);
    const transport = { ...host.transport, interfaces: { ...interfaces, list } };
    const gateway = await connected({ ...host, transport }, 'http://[fe80::1%25lan0]:5000/description.xml');
    host.moveTo('192.168.1.33', 'fd77::33', 'fe80::33');
    expect(await localAddressOf(gateway)).toBe('fe80::33%lan0');
  });

  it('is the address given, whatever this host has', async () => {
    const gateway = await connected(movable());
    expect((await internalClientOf(gateway, '192.168.1.50'))._unsafeUnwrap()).toBe('192.168.1.50');
    expect((await internalClientOf(gateway, '224.0.0.1'))._unsafeUnwrapErr()).toMatchObject({
      argument: 'internalClient',
    });
  });

  it('is known to be wrong after a request that left from another address', async () => {
    const host = movable();
    const gateway = await connected(host);
    const { list } = host.transport.interfaces;
    // The system has both, and goes out from the other one.
    const before = (await list())._unsafeUnwrap();
    host.moveTo('192.168.1.33');
    const both = [...before, ...(await list())._unsafeUnwrap()];
    const interfaces = { ...host.transport.interfaces, list: () => okAsync(both) };
    const onBoth = { ...gateway, transport: { ...host.transport, interfaces }, localAddress: gateway.localAddress };
    expect((await internalClientOf(onBoth, undefined))._unsafeUnwrap()).toBe('192.168.1.2');
    expect((await gateway.connection.call('GetExternalIPAddress', {})).isOk()).toBe(true);
    expect(gateway.localAddress).toBe('192.168.1.33');
  });
});
