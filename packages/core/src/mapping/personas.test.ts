import { PERSONAS, simulateGateway, type PersonaName, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { aDay, keepThrough, occupy, outcomeIn, portsFrom2001, type KeepOutcome } from './keep-job.test-support.ts';
import { PERSONA_OUTCOMES } from './persona-outcomes.test-support.ts';

const NAMES = Object.keys(PERSONAS) as readonly PersonaName[];

/** Each trouble has six hours, in which the port has to stand. */
async function aDayOn(router: SimulatedGateway, persona: PersonaName): Promise<KeepOutcome> {
  const { asks, occupied = 0, keepsPort = false } = PERSONA_OUTCOMES[persona];
  occupy(router, portsFrom2001(occupied));
  return keepThrough(router, { asks, troubles: aDay(keepsPort ? router.config.httpPort : undefined) });
}

describe('a port that is kept for a day, through a reboot, another address and a refused renewal', () => {
  it.each(NAMES)('%s', async (persona) => {
    await using router = simulateGateway({ persona });
    expect(await aDayOn(router, persona)).toEqual(outcomeIn(PERSONA_OUTCOMES[persona]));
  });
});

it('is known for every router, and for no other', () => {
  expect(Object.keys(PERSONA_OUTCOMES).sort()).toEqual(NAMES.toSorted());
});
