import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import os, { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ClockPort } from '@portwright/core';
import { args, keyArgs, mappingArgs, readAnswer, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { exchangeRaw, GET_DESCRIPTION, rawClient, rawUdp, serveGateway, statusOf } from './sockets.test-support.ts';
import { serveOnSockets, systemClock, type SocketMount } from './sockets.ts';

type Answer = ReturnType<typeof readAnswer>;

/** Calls an action with bytes that are written by hand. */
async function call(mount: SocketMount, action: string, argsXml: string): Promise<Answer> {
  const { headers, body } = soapRequest(WANIP2, action, argsXml);
  const lines = [...headers, ['CONTENT-LENGTH', body.length] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  const { text: answer } = await exchangeRaw(mount, `POST /control/WANIPConn1 HTTP/1.1\r\n${lines.join('')}\r\n`, body);
  return readAnswer({
    status: statusOf({ text: answer }),
    headers: [],
    body: Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1'),
  });
}

const OWN = { NewInternalClient: '127.0.0.1' };
const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
const SEARCH = `M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${IGD2}\r\n\r\n`;

test('the whole job: search, description, a mapping made, listed and deleted', async () => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const client = await rawUdp('127.0.0.1');
  client.send(SEARCH, mount.ssdpPort ?? 0, mount.address);
  const location = /LOCATION: (.*)\r\n/.exec((await client.next()).text)?.[1];
  expect(location).toBe(mount.descriptionUrl);
  expect(mount.descriptionUrl).toBe(`http://127.0.0.1:${mount.httpPort}/description.xml`);
  expect(router.config.httpPort).toBe(mount.httpPort);
  expect((await exchangeRaw(mount, GET_DESCRIPTION)).text).toContain('<controlURL>/control/WANIPConn1</controlURL>');
  expect(await call(mount, 'AddPortMapping', mappingArgs(OWN))).toEqual({});
  expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'TCP', internalClient: '127.0.0.1' }]);
  expect(await call(mount, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
    NewExternalPort: '7777',
    NewInternalClient: '127.0.0.1',
  });
  expect(await call(mount, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 1 }))).toBe(713);
  expect(await call(mount, 'DeletePortMapping', keyArgs())).toEqual({});
  expect(router.mappings()).toEqual([]);
});

test('several gateways, on several addresses and on one, are apart', async () => {
  const served = await Promise.all(
    ['127.0.0.2', '127.0.0.3', '127.0.0.3'].map((lanAddress) => serveGateway({ lanAddress }, { ssdp: 'loopback' })),
  );
  const client = await rawUdp('127.0.0.1');
  for (const { mount } of served) {
    client.send(SEARCH, mount.ssdpPort ?? 0, mount.address);
    expect((await client.next()).text).toContain(`LOCATION: ${mount.descriptionUrl}\r\n`);
  }
  const [first] = served;
  expect(await call(served[0]?.mount as SocketMount, 'AddPortMapping', mappingArgs(OWN))).toEqual({});
  expect(served.map(({ router }) => router.mappings().length)).toEqual([1, 0, 0]);
  await first?.mount.close();
  for (const { mount } of served.slice(1)) expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
});

test('several gateways share a port with multicast, and each answers what is sent to it', async () => {
  const options = { ssdp: 'multicast', ssdpPort: 19_002 } as const;
  const served = await Promise.all(
    ['127.0.20.1', '127.0.20.2'].map((lanAddress) => serveGateway({ lanAddress }, options)),
  );
  const client = await rawUdp('127.0.0.1');
  for (const { mount } of served) {
    client.send(SEARCH, 19_002, mount.address);
    expect(await client.next()).toMatchObject({ from: mount.address, port: 19_002 });
  }
  client.send(SEARCH, 19_002, '239.255.255.250');
  const answers = [await client.next(), await client.next()];
  expect(answers.map(({ from }) => from).toSorted()).toEqual(['127.0.20.1', '127.0.20.2']);
});

test('announcements are heard in the group: alive when it comes, byebye when it goes', async () => {
  const listener = await rawUdp('127.0.0.1', 19_003, '239.255.255.250');
  const { mount } = await serveGateway(
    { lanAddress: '127.0.21.1', igdVersion: 1 },
    { ssdp: 'multicast', ssdpPort: 19_003 },
  );
  const alive = await listener.next();
  expect(alive.text).toMatch(/^NOTIFY \* HTTP\/1\.1\r\nHOST: 239\.255\.255\.250:1900\r\n/);
  expect(alive.text).toContain(`LOCATION: ${mount.descriptionUrl}\r\n`);
  expect(alive).toMatchObject({ from: '127.0.21.1', port: 19_003 });
  await mount.close();
  const heard: string[] = [alive.text];
  while (!heard.at(-1)?.includes('NTS: ssdp:byebye\r\n')) heard.push((await listener.next()).text);
  const aliveCount = heard.length - 1;
  for (let count = 1; count < aliveCount; count += 1) heard.push((await listener.next()).text);
  expect(heard.map((message) => /NTS: (\S+)/.exec(message)?.[1])).toEqual([
    ...new Array<string>(aliveCount).fill('ssdp:alive'),
    ...new Array<string>(aliveCount).fill('ssdp:byebye'),
  ]);
});

test('what a mount says when it comes and goes is not heard on the memory network', async () => {
  const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
  const socket = (
    await router.transport.datagram.open({ family: 'ipv4', localPort: 1900, memberships: ['239.255.255.250'] })
  )._unsafeUnwrap();
  await mount.close();
  router.announce('alive');
  for await (const { payload } of socket.datagrams) {
    expect(text(payload)).toContain('NTS: ssdp:alive\r\n');
    break;
  }
  await socket.close();
});

const hasIPv6Loopback = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
test.runIf(hasIPv6Loopback)('an IPv6 address that this machine has is served on the same port', async () => {
  const { mount } = await serveGateway({ lanAddress6: '::1' }, { ssdp: 'loopback' });
  expect(statusOf(await exchangeRaw({ address: '::1', httpPort: mount.httpPort }, GET_DESCRIPTION))).toBe(200);
  const client = await rawUdp('::1');
  client.send(SEARCH, mount.ssdpPort ?? 0, '::1');
  expect((await client.next()).text).toContain(`LOCATION: http://[::1]:${mount.httpPort}/description.xml\r\n`);
});

describe('closing', () => {
  test('ends connections that hang, and frees the ports', async () => {
    const { mount, router } = await serveGateway({}, { ssdp: 'loopback' });
    router.inject({
      name: 'silence',
      row: 12,
      what: 'no answer',
      remedy: 'none',
      hooks: () => ({ outcome: () => ({ kind: 'failure', code: 'timeout', delayMs: Infinity }) }),
    });
    const waiting = await rawClient(mount, GET_DESCRIPTION);
    const sending = await rawClient(mount, 'GET / HT');
    await expect.poll(() => router.exchanges().length).toBe(1);
    const { httpPort, ssdpPort } = mount;
    await Promise.all([mount.close(), mount.close(), mount[Symbol.asyncDispose]()]);
    expect((await waiting.answer).text).toBe('');
    expect((await sending.answer).text).toBe('');
    await serveGateway({ httpPort }, { ssdp: 'loopback', ssdpPort: ssdpPort ?? 0 });
  });

  test('leaves the gateway as it is', async () => {
    const { router, mount } = await serveGateway();
    await call(mount, 'AddPortMapping', mappingArgs(OWN));
    await mount.close();
    const again = (await serveOnSockets(router))._unsafeUnwrap();
    expect(await call(again, 'GetSpecificPortMappingEntry', keyArgs())).toMatchObject({ NewInternalPort: '7777' });
    await again.close();
  });
});

describe('where the gateway moves, its sockets follow', () => {
  test('to the next port, by a reboot; what is asked meanwhile is answered', async () => {
    const { router, mount } = await serveGateway();
    const before = mount.httpPort;
    const under = await rawClient(mount, GET_DESCRIPTION);
    await expect.poll(() => router.exchanges().length).toBe(1);
    await call(mount, 'AddPortMapping', mappingArgs(OWN));
    router.reboot();
    expect((await mount.settled()).isOk()).toBe(true);
    expect(statusOf(await under.answer)).toBe(200);
    expect(mount.httpPort).not.toBe(before);
    expect(mount.descriptionUrl).toContain(`:${mount.httpPort}/`);
    expect(await call(mount, 'GetSpecificPortMappingEntry', keyArgs())).toBe(714);
    await expect(rawClient({ address: '127.0.0.1', httpPort: before })).rejects.toThrow('ECONNREFUSED');
  });

  test('to a free port, if the next is taken, and says so', async () => {
    const listener = await rawUdp('127.0.0.1', 19_004, '239.255.255.250');
    const { router, mount } = await serveGateway(
      { igdVersion: 1, lanAddress: '127.0.22.1' },
      { ssdp: 'multicast', ssdpPort: 19_004 },
    );
    const other = await serveGateway({ lanAddress: '127.0.22.1' });
    router.reboot({ httpPort: other.mount.httpPort });
    expect((await mount.settled()).isOk()).toBe(true);
    expect(mount.httpPort).not.toBe(other.mount.httpPort);
    expect(await exchangeRaw(mount, GET_DESCRIPTION)).toMatchObject({ end: 'closed' });
    while (!(await listener.next()).text.includes(`LOCATION: ${mount.descriptionUrl}\r\n`));
  });

  test('to another address', async () => {
    const { router, mount } = await serveGateway({}, { ssdp: 'loopback' });
    const { ssdpPort } = mount;
    router.machine.configure({ lanAddress: '127.0.23.1' });
    expect((await mount.settled()).isOk()).toBe(true);
    expect([mount.address, mount.ssdpPort]).toEqual(['127.0.23.1', ssdpPort]);
    const client = await rawUdp('127.0.0.1');
    client.send(SEARCH, ssdpPort ?? 0, '127.0.23.1');
    expect((await client.next()).text).toContain(`LOCATION: http://127.0.23.1:${mount.httpPort}/description.xml\r\n`);
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
  });

  test('an address that this machine has not is an error, and it comes back from there', async () => {
    const { router, mount } = await serveGateway();
    router.machine.configure({ lanAddress: '203.0.113.1' });
    expect((await mount.settled())._unsafeUnwrapErr()).toMatchObject({
      code: 'no-such-interface',
      cause: 'EADDRNOTAVAIL',
    });
    router.machine.configure({ lanAddress: '127.0.0.1' });
    expect((await mount.settled()).isOk()).toBe(true);
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
  });
});

describe('what can’t be served is a typed error', () => {
  const failing = async (...[options, mountOptions]: Parameters<typeof serveGateway>): Promise<unknown> => {
    const router = simulateGateway<ClockPort>({
      clock: systemClock(),
      lanAddress6: null,
      lanAddress: '127.0.0.1',
      httpPort: 0,
      ...options,
    });
    return (await serveOnSockets(router, mountOptions))._unsafeUnwrapErr();
  };

  test('a TCP port in use', async () => {
    const { mount } = await serveGateway();
    expect(await failing({ httpPort: mount.httpPort })).toEqual({
      kind: 'transport',
      code: 'address-in-use',
      cause: 'EADDRINUSE',
      message: expect.stringContaining(`TCP port ${mount.httpPort} of 127.0.0.1: `) as string,
      hint: 'Another program uses that port: choose another httpPort, or 0 for a free port.',
    });
  });

  test('a UDP port that another program does not share, and then nothing stays open', async () => {
    const unshared = await rawUdp('127.0.0.1');
    const httpPort = await freeTcpPort();
    expect(await failing({ httpPort }, { ssdp: 'multicast', ssdpPort: unshared.port })).toMatchObject({
      code: 'address-in-use',
      hint: expect.stringContaining('Another UPnP program uses the port and does not share it') as string,
    });
    await serveGateway({ httpPort });
  });

  test('an address that this machine has not', async () => {
    expect(await failing({ lanAddress: '203.0.113.1' }, { ssdp: 'loopback' })).toMatchObject({
      code: 'no-such-interface',
      hint: expect.any(String) as string,
    });
    expect(await failing({ lanAddress: '203.0.113.1' }, { ssdp: false })).toMatchObject({
      code: 'no-such-interface',
      hint: expect.any(String) as string,
    });
  });

  test('ports that are none', async () => {
    expect(await failing({ httpPort: 70_000 })).toMatchObject({ code: 'failed', cause: 'ERR_SOCKET_BAD_PORT' });
    expect(await failing({}, { ssdp: 'loopback', ssdpPort: 70_000 })).toMatchObject({
      code: 'failed',
      cause: 'ERR_SOCKET_BAD_PORT',
    });
  });
});

describe('a part that can’t be served leaves the rest', () => {
  const partly = { servesPartly: true } as const;
  // No interface has it yet, as with a tentative address: the system refuses to bind it.
  const notReady = { lanAddress6: 'fd77::404' } as const;

  test('an IPv6 address that the system has not verified', async () => {
    const restore = listingInterfacesWith(notReady.lanAddress6);
    const { mount } = await serveGateway({ ...notReady, lanAddress: '127.0.0.1' }, { ssdp: 'loopback', ...partly });
    restore();
    const error = { cause: 'EADDRNOTAVAIL' };
    expect(mount.unserved).toMatchObject([
      { part: 'ssdp', error, moved: null },
      { part: 'http', error, moved: null },
    ]);
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
    const client = await rawUdp('127.0.0.1');
    client.send(SEARCH, mount.ssdpPort ?? 0, '127.0.0.1');
    expect((await client.next()).text).toContain(`LOCATION: ${mount.descriptionUrl}\r\n`);
  });

  test('but not unless that is allowed', async () => {
    const restore = listingInterfacesWith(notReady.lanAddress6);
    const router = simulateGateway<ClockPort>({
      clock: systemClock(),
      lanAddress: '127.0.0.1',
      httpPort: 0,
      ...notReady,
    });
    const strict = await serveOnSockets(router, { ssdp: false });
    restore();
    expect(strict._unsafeUnwrapErr()).toMatchObject({ cause: 'EADDRNOTAVAIL' });
  });

  test('searches, whose port another program has', async () => {
    const unshared = await rawUdp('127.0.0.1');
    const { mount } = await serveGateway({}, { ssdp: 'multicast', ssdpPort: unshared.port, ...partly });
    expect(mount.unserved).toMatchObject([{ part: 'ssdp', error: { code: 'address-in-use' }, moved: null }]);
    expect(mount.ssdpPort).toBeNull();
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
  });

  test('its own port, where another will do', async () => {
    const { mount: first } = await serveGateway();
    const { router, mount } = await serveGateway({ httpPort: first.httpPort }, { takesFreePort: true });
    expect(mount.unserved).toMatchObject([
      { part: 'http', error: { code: 'address-in-use' }, moved: { from: first.httpPort, to: mount.httpPort } },
    ]);
    expect(router.config.httpPort).toBe(mount.httpPort);
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
    expect(statusOf(await exchangeRaw(first, GET_DESCRIPTION))).toBe(200);
  });

  test('what is served after a move is not named any more', async () => {
    const unshared = await rawUdp('127.0.42.1');
    const { router, mount } = await serveGateway(
      { lanAddress: '127.0.42.1' },
      { ssdp: 'multicast', ssdpPort: unshared.port, ...partly },
    );
    expect(mount.unserved).toHaveLength(1);
    router.machine.configure({ lanAddress: '127.0.42.2' });
    expect((await mount.settled()).isOk()).toBe(true);
    expect(mount.unserved).toEqual([]);
    expect(mount.ssdpPort).toBe(unshared.port);
  });
});

/** The list of interfaces, with another address on the loopback interface that cannot be bound. */
function listingInterfacesWith(address: string): () => void {
  const listed = networkInterfaces();
  const [name = 'lo', own = []] = Object.entries(listed).find(([, all]) => all?.some((one) => one.internal)) ?? [];
  const added: NetworkInterfaceInfo = {
    family: 'IPv6',
    address,
    cidr: `${address}/64`,
    netmask: 'ffff:ffff:ffff:ffff::',
    mac: '00:00:00:00:00:00',
    internal: true,
    scopeid: 0,
  };
  const spy = vi.spyOn(os, 'networkInterfaces').mockReturnValue({ ...listed, [name]: [...own, added] });
  // Named imports of the module follow.
  syncBuiltinESMExports();
  const restore = (): void => {
    spy.mockRestore();
    syncBuiltinESMExports();
  };
  onTestFinished(restore);
  return restore;
}

describe('events', () => {
  const subscribe = (callback: string): string =>
    `SUBSCRIBE /event/WANIPConn1 HTTP/1.1\r\nHOST: 127.0.0.1\r\nCALLBACK: <${callback}>\r\nNT: upnp:event\r\nTIMEOUT: Second-1800\r\n\r\n`;

  test('reach a subscriber by HTTP, the first one and those that follow', async () => {
    const { router, mount } = await serveGateway();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end();
        server.emit('event', {
          method: request.method,
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const initial = once(server, 'event');
    const { text: granted } = await exchangeRaw(
      mount,
      subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`),
    );
    const sid = /SID: (\S+)\r\n/.exec(granted)?.[1];
    expect(await initial).toMatchObject([
      { method: 'NOTIFY', headers: { sid, seq: '0', nts: 'upnp:propchange', connection: 'close' } },
    ]);
    const next = once(server, 'event');
    router.changeExternalAddress('5.5.5.9');
    expect(await next).toMatchObject([
      {
        headers: { sid, seq: '1' },
        body: expect.stringContaining('<ExternalIPAddress>5.5.5.9</ExternalIPAddress>') as string,
      },
    ]);
  });

  test('a subscriber that is not there, or answers nonsense, disturbs nobody', async () => {
    const { router, mount } = await serveGateway();
    const nonsense = createTcpServer((socket) => socket.end('nonsense\r\n\r\n'));
    onTestFinished(() => void nonsense.close());
    await once(nonsense.listen(0, '127.0.0.1'), 'listening');
    const { port } = nonsense.address() as AddressInfo;
    for (const closedOrNot of [port, await freeTcpPort()]) {
      expect(statusOf(await exchangeRaw(mount, subscribe(`http://127.0.0.1:${closedOrNot}/`)))).toBe(200);
    }
    await expect
      .poll(() => router.exchanges().filter(({ kind }) => kind === 'event'))
      .toMatchObject([{ outcome: { kind: 'failure' } }, { outcome: { kind: 'failure' } }]);
    expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
  });
});

async function freeTcpPort(): Promise<number> {
  const server = createTcpServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
