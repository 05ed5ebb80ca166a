import { PERSONAS, type PersonaName } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { keepOnPersona } from './keep-for-a-day.test-support.ts';
import { PERSONA_OUTCOMES } from './recorded-outcomes.test-support.ts';

const NAMES = Object.keys(PERSONAS) as readonly PersonaName[];

describe('a port that is kept for a day, through a reboot, another address and a refused renewal', () => {
  it.each(NAMES)('%s', async (persona) => {
    expect(await keepOnPersona(persona), 'as recorded; `node scripts/generate.mjs --record` records it again').toEqual(
      PERSONA_OUTCOMES[persona],
    );
  });
});

it('has an outcome for every router, and for no other', () => {
  expect(Object.keys(PERSONA_OUTCOMES).sort()).toEqual(NAMES.toSorted());
});
