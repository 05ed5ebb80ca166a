import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { AbortSignalLike, ClockPort } from '@portwright/core';
import { expect, onTestFinished, test } from 'vitest';
import { startRouter, type Started } from './start.ts';

const HERE = { lanAddress: '127.0.0.1', lanAddress6: null } as const;

async function start(...[options, mountOptions]: Parameters<typeof startRouter>): Promise<Started> {
  const started = (await startRouter(options, mountOptions))._unsafeUnwrap();
  onTestFinished(async () => {
    await started.mount.close();
    await started.router.close();
  });
  return started;
}

async function takenTcpPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

test('a second router beside the first takes a free port, and says so', async () => {
  const options = { ...HERE, lanAddress: '127.0.31.1', httpPort: 0 };
  const mountOptions = { ssdp: 'multicast', ssdpPort: 19_031, takesFreePort: true } as const;
  const first = await start(options, mountOptions);
  const { httpPort } = first.mount;
  const second = await start({ ...options, httpPort }, mountOptions);
  expect(second.mount.httpPort).not.toBe(httpPort);
  expect(second.unserved).toEqual([
    `Another program uses TCP port ${httpPort}, so the router is at port ${second.mount.httpPort}.`,
  ]);
  expect(second.mount.ssdpPort).toBe(19_031);
  for (const { mount } of [first, second]) expect(await statusOf(mount.descriptionUrl)).toBe(200);
});

test('a port that was asked for and is taken is an error', async () => {
  const httpPort = await takenTcpPort();
  const error = (await startRouter({ ...HERE, httpPort }))._unsafeUnwrapErr();
  expect(error).toMatchObject({
    code: 'address-in-use',
    hint: 'Another program uses that port. Stop it, or pass another --address or --port.',
  });
});

test('without the port of searches, the rest is served', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  const { port } = socket.address();
  const { mount, unserved } = await start({ ...HERE, httpPort: 0 }, { ssdp: 'multicast', ssdpPort: port });
  expect(unserved).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Not served: UDP port ${port} of 127\\.0\\.0\\.1: .*EADDRINUSE.*\\. Another UPnP program uses that port and does not share it\\. Stop that program\\.$`,
      ),
    ),
  ]);
  expect(mount.ssdpPort).toBeNull();
  expect(await statusOf(mount.descriptionUrl)).toBe(200);
});

test('what fails to start leaves nothing running', async () => {
  const sleepers: { readonly ms: number; readonly signal: AbortSignalLike | undefined }[] = [];
  const clock: ClockPort = {
    now: () => 0,
    sleep: (ms, signal) => {
      sleepers.push({ ms, signal });
      return new Promise(() => undefined);
    },
  };
  // Not this computer's: the system refuses it before anything is sent.
  const failed = await startRouter({ ...HERE, lanAddress: '203.0.113.1', announces: true, clock });
  expect(failed._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface', hint: expect.any(String) as string });
  // Its next announcement is cancelled. What it has sent on the memory network arrives after a millisecond.
  expect(sleepers[0]?.signal?.aborted).toBe(true);
  expect(sleepers.filter(({ ms, signal }) => ms > 1 && signal?.aborted !== true)).toEqual([]);
});
