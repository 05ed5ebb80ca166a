import { FAULTS, type FaultName } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { keepUnderFault } from './keep-for-a-day.test-support.ts';
import { FAULT_OUTCOMES } from './recorded-outcomes.test-support.ts';

const NAMES = (Object.keys(FAULTS) as readonly FaultName[]).toSorted(
  (one, other) => FAULTS[one].row - FAULTS[other].row,
);

describe('a port that is kept for a day, through a reboot, another address and a refused renewal', () => {
  it.each(NAMES.map((name) => [FAULTS[name].row, name] as const))('%i %s', async (_row, name) => {
    const { outcome, hits } = await keepUnderFault(name);
    expect(hits).toBeGreaterThan(0);
    expect(outcome, 'as recorded; `node scripts/generate.mjs --record` records it again').toEqual(FAULT_OUTCOMES[name]);
  });
});

it('has an outcome for every fault, and for no other', () => {
  expect(Object.keys(FAULT_OUTCOMES).sort()).toEqual(NAMES.toSorted());
});
