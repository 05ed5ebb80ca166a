import type { HttpRequest, Transport } from '@portwright/core';
import { expect, test } from 'vitest';
import { MemoryNetwork } from './memory-network.ts';

function notify(url: string, length = 3): HttpRequest {
  return { method: 'NOTIFY', url, headers: [['SID', 'uuid:1']], body: new Uint8Array(length) };
}

async function status(network: MemoryNetwork, request: HttpRequest): Promise<number | string> {
  const outcome = await network.request(request, '192.168.1.1');
  return outcome?.kind === 'response' ? outcome.response.status : (outcome?.code ?? 'nobody');
}

async function listening(transport: Transport, address = '192.168.1.2') {
  const heard: (readonly [method: string, from: string, bytes: number])[] = [];
  const listened = await transport.events?.listen(address, ({ method, body }, from) => {
    heard.push([method, from, body.length]);
    return 412;
  });
  const listener = listened?._unsafeUnwrap();
  if (listener === undefined) throw new Error('no events');
  return { listener, heard };
}

test('hands over a request with its sender, and answers with the status', async () => {
  const network = new MemoryNetwork();
  const { listener, heard } = await listening(network.transport());
  expect(await status(network, notify(listener.url))).toBe(412);
  expect(heard).toEqual([['NOTIFY', '192.168.1.1', 3]]);
});

test('each listener has a port and a path of its own; elsewhere is 404, and what is large is cut off', async () => {
  const network = new MemoryNetwork();
  const transport = network.transport();
  const [one, other] = [await listening(transport), await listening(network.transport())];
  expect(one.listener.url).toMatch(/^http:\/\/192\.168\.1\.2:49152\/[0-9a-f]{32}$/);
  expect(other.listener.url).toMatch(/^http:\/\/192\.168\.1\.2:49153\/[0-9a-f]{32}$/);
  expect(one.listener.url.slice(-32)).not.toBe(other.listener.url.slice(-32));
  expect(await status(network, notify('http://192.168.1.2:49152/'))).toBe(404);
  expect(await status(network, notify(one.listener.url, 65_537))).toBe(413);
  expect([one.heard, other.heard]).toEqual([[], []]);
});

test('frees its port, as often as it is told to', async () => {
  const network = new MemoryNetwork();
  const transport = network.transport();
  const { listener } = await listening(transport);
  await listener.close();
  await listener.close();
  expect(await status(network, notify(listener.url))).toBe('refused');
  expect((await listening(transport)).listener.url).toContain(':49152/');
});

test('listens on IPv6, and at no address of another host', async () => {
  const network = new MemoryNetwork();
  const transport = network.transport();
  expect((await listening(transport, 'fd77::2')).listener.url).toMatch(/^http:\/\/\[fd77::2\]:49152\//);
  const refused = await transport.events?.listen('192.168.1.3', () => 200);
  expect(refused?._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'no-such-interface' });
});

test('nothing gets through to where a client was before its network changed', async () => {
  const network = new MemoryNetwork();
  const { listener, heard } = await listening(network.transport());
  network.changeNetwork();
  expect(await status(network, notify(listener.url))).toBe('nobody');
  expect(heard).toEqual([]);
});
