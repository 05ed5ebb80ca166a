import { FAULTS, simulateGateway, type FaultName, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { findGateway } from '../client/find-gateway.ts';
import { FAULT_OUTCOMES } from './fault-outcomes.test-support.ts';
import { aDay, keepThrough, occupy, outcomeIn, type KeepOutcome } from './keep-job.test-support.ts';

const NAMES = (Object.keys(FAULTS) as readonly FaultName[]).toSorted(
  (one, other) => FAULTS[one].row - FAULTS[other].row,
);

async function aDayWith(name: FaultName): Promise<KeepOutcome> {
  const {
    when,
    router: options,
    asks,
    occupied = [],
    withoutEvents = false,
    hasNeighbour = false,
    families,
  } = FAULT_OUTCOMES[name];
  await using router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const fault = router.inject(name, when);
  occupy(router, occupied);
  const neighbour = hasNeighbour ? anotherGatewayOn(router) : undefined;
  const { transport } = router;
  const outcome = await keepThrough(router, {
    asks,
    beside: neighbour,
    troubles: aDay(),
    watch: { events: !withoutEvents },
    ...(families === undefined ? {} : { find: (signal) => findGateway(transport, { families, signal }) }),
  });
  await neighbour?.close();
  expect(fault.hits).toBeGreaterThan(0);
  return outcome;
}

function anotherGatewayOn({ network }: SimulatedGateway): SimulatedGateway {
  return simulateGateway({
    network,
    lanAddress: '192.168.1.254',
    lanAddress6: null,
    uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
  });
}

describe('a port that is kept for a day, through a reboot, another address and a refused renewal', () => {
  it.each(NAMES.map((name) => [FAULTS[name].row, name] as const))('%i %s', async (_row, name) => {
    expect(await aDayWith(name)).toEqual(outcomeIn(FAULT_OUTCOMES[name]));
  });
});

it('covers every row of the fault model', () => {
  expect([...new Set(NAMES.map((name) => FAULTS[name].row))]).toEqual(Array.from({ length: 54 }, (_, at) => at + 1));
});
