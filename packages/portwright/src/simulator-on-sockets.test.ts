/** The library as it is installed, on this machine's own network, against a simulated router on real sockets. */
import type { ClockPort } from '@portwright/core';
import { type FaultName, simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { serveOnSockets, systemClock } from '@portwright/transport-mock/sockets';
import { okAsync } from '@portwright/core/result';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mapPort, nodeTransport, unmapPort } from './index.ts';
import { addMapping, discover, gatewayAt, igdMapper, listMappings } from './upnp.ts';

async function servedRouter(): Promise<SimulatedGateway<ClockPort>> {
  const router = simulateGateway<ClockPort>({
    clock: systemClock(),
    lanAddress: '127.0.0.1',
    lanAddress6: null,
    httpPort: 0,
  });
  const mount = (await serveOnSockets(router, { ssdp: false }))._unsafeUnwrap();
  onTestFinished(() => mount.close());
  return router;
}

const PORT = { externalPort: 7777, protocol: 'UDP' } as const;

test('the whole job at a URL', async () => {
  const router = await servedRouter();
  const { gateway, state } = (await gatewayAt(router.descriptionUrl))._unsafeUnwrap();
  expect(state).toMatchObject({ externalAddress: '5.5.5.1' });
  expect((await mapPort(igdMapper(gateway), { ...PORT, description: 'my game' }))._unsafeUnwrap()).toMatchObject({
    granted: { externalPort: 7777, internalClient: '127.0.0.1' },
    verified: 'verified',
    attempts: [],
    warnings: [],
  });
  expect(router.mappings()).toMatchObject([
    { externalPort: 7777, protocol: 'UDP', internalClient: '127.0.0.1', description: 'my game' },
  ]);
  expect((await listMappings(gateway))._unsafeUnwrap().mappings).toMatchObject([{ externalPort: 7777 }]);
  expect((await unmapPort(igdMapper(gateway), PORT)).isOk()).toBe(true);
  expect(router.mappings()).toEqual([]);
});

test('a search finds it', async () => {
  const router = simulateGateway<ClockPort>({
    clock: systemClock(),
    lanAddress: '127.0.24.1',
    lanAddress6: null,
    httpPort: 0,
  });
  const mount = (await serveOnSockets(router, { ssdp: 'multicast' }))._unsafeUnwrap();
  onTestFinished(() => mount.close());
  const loopback = { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: false } as const;
  const transport = {
    ...nodeTransport(),
    interfaces: { list: () => okAsync([loopback]), defaultRouters: () => okAsync([]) },
  };
  const { devices } = (await discover({ transport, timeoutMs: 1_000 }))._unsafeUnwrap();
  expect(devices.map(({ location }) => location)).toContain(mount.descriptionUrl);
});

/** What a client that is right by the book makes of an answer that comes like this: the code of its error, or null. */
const SEEN_AS: readonly (readonly [FaultName, string | null])[] = [
  ['reset-after-request', 'reset'],
  ['early-half-close', 'truncated'],
  ['slow-loris', 'timeout'],
  ['http-1.0-without-length', null],
  ['chunked-with-extensions', null],
  ['content-length-too-short', null],
  ['content-length-cuts-the-body', 'xml'],
  ['content-length-too-long', 'truncated'],
  ['content-length-and-chunked', null],
  ['unasked-gzip', 'unsupported-encoding'],
  ['100-continue-first', null],
];

describe.each(SEEN_AS)('%s', (fault, code) => {
  // Long enough for every answer, however busy this machine is; one byte a second outlasts any.
  const deadlineMs = code === 'timeout' ? 200 : 60_000;

  test('in place of the description', async () => {
    const router = await servedRouter();
    router.inject(fault, { on: 'description' });
    const found = await gatewayAt(router.descriptionUrl, { deadlineMs });
    expect(
      found.match(
        () => null,
        ({ code }) => code,
      ),
    ).toBe(code);
  });

  test('in place of the answer to a request that was carried out', async () => {
    const router = await servedRouter();
    const { gateway } = (await gatewayAt(router.descriptionUrl))._unsafeUnwrap();
    router.inject(fault, { on: 'AddPortMapping' });
    // A deadline may pass before the request has left; then it is sent again, with a longer one.
    let patienceMs = deadlineMs;
    do {
      const added = await addMapping(gateway, { ...PORT, deadlineMs: patienceMs });
      expect(
        added.match(
          () => null,
          ({ code }) => code,
        ),
      ).toBe(code);
      patienceMs *= 2;
    } while (code === 'timeout' && router.mappings().length === 0);
    expect(router.mappings()).toHaveLength(1);
  });

  // One request waits for its whole deadline.
  test('and the mapping is found to stand all the same', async () => {
    const router = await servedRouter();
    const { gateway } = (await gatewayAt(router.descriptionUrl))._unsafeUnwrap();
    const injected = router.inject(fault, { on: 'AddPortMapping' });
    const mapped = await mapPort(igdMapper(gateway), PORT);
    expect(injected.hits).toBe(1);
    expect(mapped._unsafeUnwrap()).toMatchObject({ verified: 'verified', attempts: [] });
    expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP', internalClient: '127.0.0.1' }]);
  });
});
