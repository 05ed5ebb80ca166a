/** The options of a MAP request: PREFER_FAILURE and FILTER (RFC 6887, 13.2 and 13.3). */
import { describe, expect, test } from 'vitest';
import {
  askPcp,
  filter,
  fromHex,
  option,
  portControlRouter,
  PREFER_FAILURE,
} from '../port-control/port-control.test-support.ts';
import type { SimulatedGateway } from '../simulate-gateway.ts';

describe('PREFER_FAILURE', () => {
  test('on a port that is free is granted, and repeated in the answer', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { options: PREFER_FAILURE })).toMatchObject({
      result: 0,
      externalPort: 7777,
      options: '02000000',
    });
  });

  test.each([
    ['a port that is not allowed', { externalPort: 80 }],
    ['a port that is taken', { externalPort: 6000 }],
    ['no port', { externalPort: 0, internalPort: 80 }],
    ['another address', { externalAddress: '9.9.9.9' }],
  ])('on %s is 11 for 30 s, and nothing is mapped', async (_what, fields) => {
    await using router = portControlRouter();
    const neighbour = { transport: router.neighbour() };
    await askPcp(router, { client: '192.168.1.3', externalPort: 6000 }, neighbour);
    expect(await askPcp(router, { ...fields, options: PREFER_FAILURE })).toMatchObject({ result: 11, lifetime: 30 });
    expect(router.mappings()).toHaveLength(1);
  });

  test('with the address that there is, or with zeros of either family, is granted', async () => {
    for (const externalAddress of ['5.5.5.1', '0.0.0.0', '::']) {
      await using router = portControlRouter();
      expect(await askPcp(router, { externalAddress, options: PREFER_FAILURE })).toMatchObject({ result: 0 });
    }
  });

  test('on another port than that of the mapping is 11, and the mapping stays', async () => {
    await using router = portControlRouter();
    await askPcp(router);
    expect(await askPcp(router, { externalPort: 8000, options: PREFER_FAILURE })).toMatchObject({ result: 11 });
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
  });

  test.each([
    ['twice', {}, PREFER_FAILURE + PREFER_FAILURE],
    ['with data', {}, option(2, '00')],
    ['where a mapping is deleted', { lifetime: 0 }, PREFER_FAILURE],
  ])('%s is 6', async (_what, fields, options) => {
    await using router = portControlRouter();
    expect(await askPcp(router, { ...fields, options })).toMatchObject({ result: 6, lifetime: 1800 });
  });

  test('is ignored by some routers', async () => {
    const fields = { externalPort: 80, options: PREFER_FAILURE };
    await using router = portControlRouter({ pcp: { ignoresPreferFailure: 'everywhere' } });
    expect(await askPcp(router, fields)).toMatchObject({ result: 0, externalPort: 1024 });
    await using other = portControlRouter({ pcp: { ignoresPreferFailure: 'ipv6' } });
    expect(await askPcp(other, fields)).toMatchObject({ result: 11 });
  });
});

/** Which of these senders get in. */
async function heardFrom(
  router: SimulatedGateway,
  senders: readonly (readonly [address: string, port: number])[],
): Promise<readonly string[]> {
  const game = (await router.transport.datagram.open({ family: 'ipv4', localPort: 7777 }))._unsafeUnwrap();
  const heard: string[] = [];
  const listening = (async () => {
    for await (const { from } of game.datagrams) heard.push(`${from.address} ${from.port}`);
  })();
  for (const [address, localPort] of senders) {
    const outside = (await router.wanHost({ address }).datagram.open({ family: 'ipv4', localPort }))._unsafeUnwrap();
    (await outside.send(fromHex('aa'), { address: '5.5.5.1', port: 7777 }))._unsafeUnwrap();
    await router.clock.advance('1s');
    await outside.close();
  }
  await game.close();
  await listening;
  return heard;
}

const SENDERS = [
  ['5.5.5.9', 1000],
  ['5.5.5.9', 2000],
  ['5.5.5.10', 1000],
  ['9.9.9.9', 1000],
] as const;

describe('FILTER', () => {
  test.each([
    ['one host', filter('5.5.5.9'), ['5.5.5.9 1000', '5.5.5.9 2000']],
    ['one port of it', filter('5.5.5.9', 128, 2000), ['5.5.5.9 2000']],
    ['a subnet', filter('5.5.5.0', 120, 1000), ['5.5.5.9 1000', '5.5.5.10 1000']],
    ['two hosts', filter('5.5.5.10') + filter('9.9.9.9'), ['5.5.5.10 1000', '9.9.9.9 1000']],
    [
      'none: those before a prefix of 0 are dropped',
      filter('5.5.5.10') + filter('0.0.0.0', 0),
      SENDERS.map((one) => one.join(' ')),
    ],
  ])('lets in %s', async (_what, options, heard) => {
    await using router = portControlRouter();
    expect(await askPcp(router, { options })).toMatchObject({ result: 0, options });
    expect(await heardFrom(router, SENDERS)).toEqual(heard);
  });

  test('stays when a renewal says nothing of it, and goes with a prefix length of 0', async () => {
    await using router = portControlRouter();
    await askPcp(router, { options: filter('5.5.5.9', 128, 2000) });
    await askPcp(router);
    expect(await heardFrom(router, SENDERS)).toEqual(['5.5.5.9 2000']);
    await askPcp(router, { options: filter('0.0.0.0', 0) });
    expect(await heardFrom(router, SENDERS)).toHaveLength(4);
  });

  test.each([
    [6, 'without data', option(3)],
    [6, 'a prefix length above 128', filter('5.5.5.9', 129)],
    [6, 'an IPv4 prefix of less than 96 bits', filter('5.5.5.9', 95)],
    [13, 'more than there is room for', filter('5.5.5.9').repeat(3)],
  ])('%d: %s', async (result, _what, options) => {
    await using router = portControlRouter({ pcp: { filterCapacity: 2 } });
    expect(await askPcp(router, { options })).toMatchObject({ result, lifetime: 1800 });
    expect(await askPcp(router, { options: filter('5.5.5.9').repeat(2) })).toMatchObject({ result: 0 });
  });

  test('miniupnpd says success, and lets everybody in', async () => {
    await using router = portControlRouter({ pcp: { appliesFilter: false } });
    expect(await askPcp(router, { options: filter('9.9.9.9') })).toMatchObject({ result: 0 });
    expect(await heardFrom(router, SENDERS)).toHaveLength(4);
  });
});
