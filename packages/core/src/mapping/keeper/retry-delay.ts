/** The pauses between failed tries. */
import type { RandomPort } from '../../ports.ts';

/** After the first failure. It is also the least between two searches. */
export const FIRST_DELAY_MS = 5_000;
/** A gateway that refuses every request gets one twice an hour. */
const LONGEST_DELAY_MS = 1_800_000;

/** Milliseconds until the next try: twice as many after each failure, and up to a fifth more or less at random. */
export function jitteredDelay(failures: number, random: RandomPort): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS) * (0.8 + 0.4 * random.fraction());
}
