/** A client whose addresses change, or that has several of them. */
import type { DatagramSocket, InterfaceAddress, Transport } from '@portwright/core';
import { describe, expect, it } from 'vitest';
import { simulateGateway } from '../simulate-gateway.ts';
import type { ClientLink, OtherAddress6 } from './client.ts';
import { MemoryNetwork } from './memory-network.ts';

const GROUP = { address: '239.255.255.250', port: 1900 };
const GROUP6 = { address: 'ff02::c', port: 1900 };
const GET = { method: 'GET', headers: [], body: new Uint8Array() };
const LIMITS = { deadlineMs: 1000, maxBodyBytes: 100_000 };

async function listed({ interfaces }: Transport): Promise<readonly InterfaceAddress[]> {
  return (await interfaces.list())._unsafeUnwrap().filter(({ internal }) => !internal);
}

async function addresses(transport: Transport): Promise<readonly string[]> {
  return (await listed(transport)).map(({ address }) => address);
}

/** The lengths of what arrives. */
function heard({ datagrams }: DatagramSocket): readonly number[] {
  const lengths: number[] = [];
  void (async () => {
    for await (const { payload } of datagrams) lengths.push(payload.length);
  })();
  return lengths;
}

describe('a client that gets another address', () => {
  it('has the new one, and no longer the old one', async () => {
    const link: ClientLink = { state: 'up' };
    const transport = new MemoryNetwork().transport({ link });
    link.address = '192.168.1.33';
    link.address6 = 'fd77::33';
    expect(await addresses(transport)).toEqual(['192.168.1.33', 'fd77::33', 'fe80::2']);
    expect((await transport.interfaces.owns?.('192.168.1.2'))?._unsafeUnwrap()).toBe(false);
    expect((await transport.interfaces.owns?.('192.168.1.33'))?._unsafeUnwrap()).toBe(true);
  });

  it('sends from the new one, and loses answers to the old one', async () => {
    const link: ClientLink = { state: 'up' };
    const { transport, descriptionUrl: url, clock } = simulateGateway({ client: { link } });
    const answer = transport.http.request({ ...GET, url }, LIMITS);
    void clock.sleep(1).then(() => {
      link.address = '192.168.1.33';
    });
    expect((await answer)._unsafeUnwrapErr()).toMatchObject({ code: 'timeout' });
    const next = await transport.http.request({ ...GET, url }, LIMITS);
    expect(next._unsafeUnwrap().localAddress).toBe('192.168.1.33');
    const old = await transport.http.request({ ...GET, url }, { ...LIMITS, localAddress: '192.168.1.2' });
    expect(old._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface' });
  });

  it('opens no socket on the old one', async () => {
    const link: ClientLink = { state: 'up' };
    const transport = new MemoryNetwork().transport({ link });
    const [ipv4, ipv6] = await listed(transport);
    link.address = '192.168.1.33';
    const open = (family: 'ipv4' | 'ipv6', multicastInterface: InterfaceAddress | undefined) =>
      transport.datagram.open({ family, multicastInterface });
    expect((await open('ipv4', ipv4))._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface' });
    expect((await open('ipv6', ipv6)).isOk()).toBe(true);
  });

  it('hears groups on sockets of the new one and of the system’s choice, not on those of the old one', async () => {
    const link: ClientLink = { state: 'up' };
    const network = new MemoryNetwork();
    const transport = network.transport({ link });
    const [multicastInterface] = await listed(transport);
    const open = async (on?: InterfaceAddress) => {
      const options = { localPort: 1900, memberships: [GROUP.address], multicastInterface: on };
      return heard((await transport.datagram.open({ family: 'ipv4', ...options }))._unsafeUnwrap());
    };
    const [bound, free] = [await open(multicastInterface), await open()];
    network.multicast(new Uint8Array(1), { address: '192.168.1.1', port: 1900 }, GROUP.address);
    await network.clock.advance('10ms');
    link.address = '192.168.1.33';
    network.multicast(new Uint8Array(2), { address: '192.168.1.1', port: 1900 }, GROUP.address);
    await network.clock.advance('10ms');
    expect([bound, free]).toEqual([[1], [1, 2]]);
  });

  it('sends multicast of an old socket from the old address, so that no answer comes', async () => {
    const link: ClientLink = { state: 'up' };
    const { transport, clock } = simulateGateway({ client: { link }, maxSearchDelayMs: 0 });
    const [on, on6] = await listed(transport);
    const search = new TextEncoder().encode(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n',
    );
    const socket = (await transport.datagram.open({ family: 'ipv4', multicastInterface: on }))._unsafeUnwrap();
    const socket6 = (await transport.datagram.open({ family: 'ipv6', multicastInterface: on6 }))._unsafeUnwrap();
    const [answers, answers6] = [heard(socket), heard(socket6)];
    link.address = '192.168.1.33';
    link.address6 = 'fd77::33';
    (await socket.send(search, GROUP))._unsafeUnwrap();
    (await socket6.send(search, GROUP6))._unsafeUnwrap();
    await clock.advance('1s');
    expect([answers.length, answers6.length]).toEqual([0, 1]);
    (await socket.send(search, { address: '192.168.1.1', port: 1900 }))._unsafeUnwrap();
    await clock.advance('1s');
    expect(answers).toHaveLength(1);
  });

  it('hears no event at the old one', async () => {
    const link: ClientLink = { state: 'up' };
    const network = new MemoryNetwork();
    const { events } = network.transport({ link });
    const url = (await events?.listen('192.168.1.2', () => 200))?._unsafeUnwrap().url ?? '';
    expect((await network.request({ ...GET, url }, '192.168.1.1'))?.kind).toBe('response');
    link.address = '192.168.1.33';
    expect((await network.request({ ...GET, url }, '192.168.1.1'))?.kind).toBe('failure');
  });
});

it('another interface may come, and go', async () => {
  const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;
  const otherInterfaces: InterfaceAddress[] = [];
  const transport = new MemoryNetwork().transport({ otherInterfaces });
  otherInterfaces.push(vpn);
  expect(await addresses(transport)).toContain('10.8.0.2');
  otherInterfaces.pop();
  expect(await addresses(transport)).not.toContain('10.8.0.2');
});

it('further IPv6 addresses are listed with their flags, and requests can be sent from them', async () => {
  const otherAddresses6: readonly OtherAddress6[] = [
    { address: 'fd77::a', temporary: true },
    { address: 'fd77::b', deprecated: true },
  ];
  const { transport } = simulateGateway({ client: { otherAddresses6 } });
  expect((await listed(transport)).slice(1, 4)).toMatchObject([
    { name: 'lan0', address: 'fd77::a', temporary: true },
    { name: 'lan0', address: 'fd77::b', deprecated: true },
    { name: 'lan0', address: 'fd77::2' },
  ]);
  const url = 'http://[fd77::1]:5000/description.xml';
  for (const [localAddress, expected] of [
    [undefined, 'fd77::2'],
    ['fd77::a', 'fd77::a'],
  ] as const) {
    const answer = await transport.http.request({ ...GET, url }, { ...LIMITS, localAddress });
    expect(answer._unsafeUnwrap().localAddress).toBe(expected);
  }
});
