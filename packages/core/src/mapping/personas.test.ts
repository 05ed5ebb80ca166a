import { describe, expect, it } from 'vitest';
import { keepOnPersona, personasByProtocol } from './keep-for-a-day.test-support.ts';
import { PERSONA_OUTCOMES } from './recorded-outcomes.test-support.ts';

const ALL = personasByProtocol();

describe('a port that is kept for a day, through a reboot, another address and a refused renewal', () => {
  it.each(ALL)('%s', async (on) => {
    expect(await keepOnPersona(on), 'as recorded; `node scripts/generate.mjs --record` records it again').toEqual(
      PERSONA_OUTCOMES[on],
    );
  });
});

it('has an outcome for every router by each of its protocols, and for no other', () => {
  expect(Object.keys(PERSONA_OUTCOMES).sort()).toEqual(ALL.toSorted());
});
