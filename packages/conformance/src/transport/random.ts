import type { RandomPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';

const FRACTION = 'RandomPort.fraction: A uniformly distributed number, at least 0 and below 1.';
const SAMPLES = 4000;

/** Wide limits: a good generator fails about once in 10^12 runs, by the normal approximation. */
export const RANDOM: readonly ContractCase<RandomPort>[] = [
  {
    id: 'random/range',
    what: 'All numbers are at least 0 and below 1.',
    clause: FRACTION,
    needs: [],
    check: async function* (random) {
      const strays = samples(random).filter((number) => !(number >= 0 && number < 1));
      yield* await Promise.resolve(expectThat(strays.length === 0, 'numbers in [0, 1)', strays.slice(0, 3).join(', ')));
    },
  },
  {
    id: 'random/uniform',
    what: 'Each tenth of the range gets about 400 of 4,000 numbers, within a third.',
    clause: FRACTION,
    needs: [],
    check: async function* (random) {
      const counts = new Array<number>(10).fill(0);
      for (const number of samples(random)) {
        const tenth = Math.min(9, Math.max(0, Math.floor(number * 10)));
        counts[tenth] = (counts[tenth] ?? 0) + 1;
      }
      const even = counts.every((count) => count > 266 && count < 534);
      yield* await Promise.resolve(expectThat(even, 'about 400 in each tenth', counts.join(', ')));
    },
  },
];

function samples(random: RandomPort): readonly number[] {
  return Array.from({ length: SAMPLES }, () => random.fraction());
}
