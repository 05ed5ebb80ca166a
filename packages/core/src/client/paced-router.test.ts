/** A router that turns down each connection which comes too soon after the last one. */
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { addMapping } from './add-mapping.ts';
import { connectionState } from './connection-state.ts';
import { findGateway } from './find-gateway.ts';
import { gatewayAt } from './gateway-at.ts';
import { paced, type SentRequest, type TurnDown } from './paced-router.test-support.ts';
import { walkMappings } from './walk-mappings.ts';

const WAYS: readonly TurnDown[] = ['reset', 'truncated', 'refused', '500', '503'];
const GAPS = [20, 300, 500];

describe.each(WAYS)('a router that answers too early connections with %s', (how) => {
  it.each(GAPS)('within %i ms is found, asked for its state, mapped on and listed', async (gapMs) => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const sent: SentRequest[] = [];
    const transport = paced(router.transport, gapMs, how, sent);
    const { gateway, state } = (await findGateway(transport))._unsafeUnwrap();
    expect(state).toMatchObject({ status: 'Connected', connected: true, externalAddress: '5.5.5.1', errors: [] });
    // Straight after an answer: a write that is turned down is not repeated.
    for (const externalPort of [7001, 7002, 7003]) {
      expect((await addMapping(gateway, { externalPort, protocol: 'UDP' })).isOk()).toBe(true);
    }
    const { mappings, complete } = (await walkMappings(gateway))._unsafeUnwrap();
    expect([mappings.length, complete]).toEqual([3, true]);
    expect(sent.filter(({ what }) => what === 'AddPortMapping').every(({ isServed }) => isServed)).toBe(true);
  });
});

it('a description that is turned down twice is fetched, by URL and by search', async () => {
  for (const find of ['search', 'url']) {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    let rejected = 2;
    const { http } = router.transport;
    const request: typeof http.request = (asked, options) => {
      if (asked.method !== 'GET' || rejected === 0) return http.request(asked, options);
      rejected -= 1;
      return http.request(asked, options).map((response) => ({ ...response, status: 500, body: new Uint8Array() }));
    };
    const transport = { ...router.transport, http: { request } };
    const found = find === 'url' ? await gatewayAt(transport, router.descriptionUrl) : await findGateway(transport);
    expect(found._unsafeUnwrap().state.connected).toBe(true);
  }
});

it('a write right after a description that needed a pause keeps that pause', async () => {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const sent: SentRequest[] = [];
  const transport = paced(router.transport, 150, 'reset', sent);
  // Something else has just asked the router.
  const early = await transport.http.request(
    { method: 'GET', url: router.descriptionUrl, headers: [], body: new Uint8Array() },
    { deadlineMs: 1000, maxBodyBytes: 100_000 },
  );
  expect(early.isOk()).toBe(true);
  const { gateway } = (await findGateway(transport, { trustDefaultRouter: true }))._unsafeUnwrap();
  expect((await addMapping(gateway, { externalPort: 7001, protocol: 'UDP' })).isOk()).toBe(true);
  expect(sent.map(({ what, isServed }) => [what, isServed])).toEqual([
    ['GET', true],
    ['GET', false],
    ['GET', true],
    ['AddPortMapping', true],
  ]);
});

it.each(WAYS)('a router that answers nothing but %s any more is reported with that error', async (how) => {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const dead = paced(router.transport, Infinity, how);
  let { request } = router.transport.http;
  const switching: typeof request = (asked, options) => request(asked, options);
  const transport = { ...router.transport, http: { request: switching } };
  const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  ({ request } = dead.http);
  // The first is served by every such router.
  expect((await gateway.connection.call('GetNATRSIPStatus', {})).isOk()).toBe(true);
  const { errors } = await connectionState(gateway);
  const error = how.startsWith('5') ? { code: 'http-status', status: Number(how) } : { code: how };
  expect(errors).toMatchObject([error, error]);
});

it('a listing goes on after a reset in its middle, and costs a few pauses only', async () => {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  for (let externalPort = 7001; externalPort <= 7040; externalPort += 1) {
    (await addMapping(gateway, { externalPort, protocol: 'UDP' }))._unsafeUnwrap();
  }
  router.inject('reset-after-request', { on: 'GetGenericPortMappingEntry', nth: 20 });
  const started = router.clock.now();
  const { mappings, complete } = (await walkMappings(gateway))._unsafeUnwrap();
  expect([mappings.length, complete]).toEqual([40, true]);
  expect(router.clock.now() - started).toBeLessThan(2500);
});
