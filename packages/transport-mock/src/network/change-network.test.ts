import { expect, test } from 'vitest';
import type { HttpRequest, Transport } from '@portwright/core';
import { MemoryNetwork } from './memory-network.ts';
import { quietHost } from './network-host.ts';

async function addressesOf(transport: Transport): Promise<readonly string[]> {
  return (await transport.interfaces.list())._unsafeUnwrap().map(({ address }) => address);
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: [], body: new Uint8Array() };
}

const OPTIONS = { deadlineMs: 5_000, maxBodyBytes: 1_000 };

test('clients get addresses in the next subnet; link-local ones stay', async () => {
  const network = new MemoryNetwork({ prefixLength: 16 });
  const transport = network.transport({ address: '10.1.2.3', address6: null });
  const other = network.transport();
  network.changeNetwork();
  expect(await addressesOf(transport)).toEqual(['127.0.0.1', '10.2.2.3']);
  expect(await addressesOf(other)).toEqual(['127.0.0.1', '192.169.1.2', 'fd77:0:0:1:0:0:0:2', 'fe80::2']);
  network.changeNetwork();
  expect(await addressesOf(transport)).toEqual(['127.0.0.1', '10.3.2.3']);
});

test('a client that comes afterwards is on the network as it is then', async () => {
  const network = new MemoryNetwork();
  network.changeNetwork();
  expect(await addressesOf(network.transport())).toContain('192.168.2.2');
  const given = network.transport({ address: '192.168.2.9' });
  expect(await addressesOf(given)).toContain('192.168.2.9');
  network.changeNetwork();
  expect(await addressesOf(given)).toContain('192.168.3.9');
});

test('hosts that don’t follow are left behind', async () => {
  const network = new MemoryNetwork();
  const { http } = network.transport();
  network.attach(quietHost('192.168.1.9'));
  const code = async (url: string): Promise<string> => (await http.request(get(url), OPTIONS))._unsafeUnwrapErr().code;
  expect(await code('http://192.168.1.9/')).toBe('refused');
  network.changeNetwork();
  expect(await code('http://192.168.1.9/')).toBe('unreachable');
});

test('a host follows as long as it wants to', () => {
  const network = new MemoryNetwork();
  let moves = 0;
  const end = network.onMove(() => {
    moves += 1;
  });
  network.changeNetwork();
  end();
  network.changeNetwork();
  expect([moves, network.moves]).toEqual([1, 2]);
});

test('listeners at the old addresses hear nothing', async () => {
  const network = new MemoryNetwork();
  network.listen({ address: '192.168.1.2', port: 80 }, () => ({ kind: 'failure', code: 'reset', delayMs: 0 }));
  expect(await network.request(get('http://192.168.1.2/'), '192.168.1.1')).toMatchObject({ code: 'reset' });
  network.changeNetwork();
  expect(await network.request(get('http://192.168.1.2/'), '192.168.1.1')).toBeNull();
});
