import { describe, expect, test } from 'vitest';
import { sessionWith } from '../client-session.test-support.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { FAULTS, type FaultName } from './catalogue.ts';

const NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** Routers on which a fault shows, where it does not on the router of its own test setup. */
const ROUTERS: Readonly<Partial<Record<FaultName, GatewayOptions>>> = {
  'url-base-missing': { description: { urlBase: 'http://{address}:{port}/' } },
};

async function session(name: FaultName, isFaulty: boolean): Promise<readonly string[]> {
  const { when, router: options } = FAULTS[name].testSetup ?? {};
  await using router = simulateGateway(ROUTERS[name] ?? options);
  if (isFaulty) router.inject(name, when);
  return await sessionWith(router);
}

describe('every fault', () => {
  test.each(NAMES)('%s makes a difference to a client', async (name) => {
    expect(await session(name, true)).not.toEqual(await session(name, false));
  });
});

test('without a fault there is no difference', async () => {
  expect(await session('reboot', false)).toEqual(await session('udp-loss', false));
});
