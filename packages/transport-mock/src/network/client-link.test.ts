import type { Transport } from '@portwright/core';
import { expect, it } from 'vitest';
import { simulateGateway } from '../simulate-gateway.ts';
import type { ClientLink } from './client.ts';
import { MemoryNetwork } from './memory-network.ts';

const GET = { method: 'GET', headers: [], body: new Uint8Array() };
const LIMITS = { deadlineMs: 1000, maxBodyBytes: 100_000 };

async function listed({ interfaces }: Transport): Promise<readonly string[]> {
  return (await interfaces.list())._unsafeUnwrap().map(({ name }) => name);
}

async function owns({ interfaces }: Transport, address: string): Promise<boolean | undefined> {
  return (await interfaces.owns?.(address))?._unsafeUnwrap();
}

it('an interface that is starting works, and is not listed yet', async () => {
  const link: ClientLink = { state: 'starting' };
  const { transport, descriptionUrl } = simulateGateway({ client: { link } });
  expect(await listed(transport)).toEqual(['lo']);
  expect(await owns(transport, '192.168.1.2')).toBe(true);
  expect((await transport.http.request({ ...GET, url: descriptionUrl }, LIMITS)).isOk()).toBe(true);
  link.state = 'up';
  expect(await listed(transport)).toEqual(['lo', 'lan0', 'lan0', 'lan0']);
});

it('an interface that is down has no address, and nothing gets through', async () => {
  const link: ClientLink = { state: 'up' };
  const { transport, descriptionUrl } = simulateGateway({ client: { link } });
  const [lan] = (await transport.interfaces.list())._unsafeUnwrap().filter(({ internal }) => !internal);
  const socket = (await transport.datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  link.state = 'down';
  expect(await listed(transport)).toEqual(['lo']);
  expect(await owns(transport, '192.168.1.2')).toBe(false);
  expect(await owns(transport, '127.0.0.1')).toBe(true);
  expect((await transport.interfaces.defaultRouters?.())?._unsafeUnwrap()).toEqual([]);
  const refused = await transport.http.request({ ...GET, url: descriptionUrl }, LIMITS);
  expect(refused._unsafeUnwrapErr()).toMatchObject({ code: 'unreachable', cause: 'ENETUNREACH' });
  const sent = await socket.send(new Uint8Array(1), { address: '239.255.255.250', port: 1900 });
  expect(sent._unsafeUnwrapErr()).toMatchObject({ code: 'unreachable', cause: 'ENETUNREACH' });
  const opened = await transport.datagram.open({ family: 'ipv4', multicastInterface: lan });
  expect(opened._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface' });
  expect((await transport.events?.listen('192.168.1.2', () => 200))?._unsafeUnwrapErr().code).toBe('no-such-interface');
});

it('what arrives while it is down is lost: datagrams, and events', async () => {
  const link: ClientLink = { state: 'up' };
  const network = new MemoryNetwork();
  const { datagram, events } = network.transport({ link });
  const socket = (
    await datagram.open({ family: 'ipv4', localPort: 1900, memberships: ['239.255.255.250'] })
  )._unsafeUnwrap();
  const heard: number[] = [];
  void (async () => {
    for await (const { payload } of socket.datagrams) heard.push(payload.length);
  })();
  const url = (await events?.listen('192.168.1.2', () => 200))?._unsafeUnwrap().url ?? '';
  const say = async (length: number): Promise<unknown> => {
    network.multicast(new Uint8Array(length), { address: '192.168.1.1', port: 1900 }, '239.255.255.250');
    await network.clock.advance('10ms');
    return (await network.request({ ...GET, url }, '192.168.1.1'))?.kind;
  };
  expect(await say(1)).toBe('response');
  link.state = 'down';
  expect(await say(2)).toBe('failure');
  link.state = 'up';
  expect(await say(3)).toBe('response');
  expect(heard).toEqual([1, 3]);
});

it('an answer that is under way when it goes down never arrives', async () => {
  const link: ClientLink = { state: 'up' };
  const { transport, descriptionUrl, clock } = simulateGateway({ client: { link } });
  const answer = transport.http.request({ ...GET, url: descriptionUrl }, LIMITS);
  void clock.sleep(1).then(() => {
    link.state = 'down';
  });
  expect((await answer)._unsafeUnwrapErr()).toMatchObject({ code: 'timeout' });
});

it('addresses in any spelling, and in a zone, are the client’s own', async () => {
  const transport = new MemoryNetwork().transport();
  const own = ['192.168.1.2', '::ffff:192.168.1.2', 'FD77:0::2', 'fe80::2', 'fe80::2%lan0', '127.0.0.1'];
  for (const address of own) expect([address, await owns(transport, address)]).toEqual([address, true]);
  const others = ['192.168.1.3', 'fe80::2%lan1', '::ffff:192.168.1.3', '239.255.255.250', 'lan0', '0.0.0.0'];
  for (const address of others) expect([address, await owns(transport, address)]).toEqual([address, false]);
});
