/** Whether work grows with the length of its input, or faster. */
import { expect } from 'vitest';

/** Runs of each length. The shortest counts; a busy machine makes others longer. */
const FEWEST_ROUNDS = 2;
const MOST_ROUNDS = 40;
/** Work that takes no longer than this many looks at each character can't be quadratic. */
const FEW_LOOKS = 10;
/** Work that takes longer than this is long enough to be measured in the fewest rounds, and one more. */
const MANY_LOOKS = 1000;

/** A text of at most so many characters: a part, again and again, between a beginning and an end. */
export function pumped(length: number, part: string, before = '', after = ''): string {
  const times = Math.floor((length - before.length - after.length) / part.length);
  return before + part.repeat(Math.max(0, times)) + after;
}

/**
 * Expects 64 KiB to take at most two and a half times as long as 32 KiB; quadratic work takes four times as long. Only
 * processor time counts, and of many runs the shortest, so that it does not matter how fast the machine is, or what else
 * it does. A step between the two (a hash table grows, garbage is collected) is not growth: where there is one, 16 KiB or
 * 8 KiB tell, and the limit is 2.5 for each doubling.
 */
export function expectLinear(
  work: (text: string) => unknown,
  make: (length: number) => string,
  length: number = 65_536,
): void {
  const whole = make(length);
  const parts = [2, 4, 8].map((divisor) => make(length / divisor));
  // Compiled by then.
  for (let run = 0; run < 2; run += 1) work(parts[0] ?? '');
  let [looks, shortest, ratio] = [Infinity, Infinity, Infinity];
  const shortestOf = parts.map(() => Infinity);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    shortest = Math.min(
      shortest,
      timeOf(() => work(whole)),
    );
    looks = Math.min(
      looks,
      timeOf(() => lookAtEach(whole)),
    );
    if (shortest <= FEW_LOOKS * looks) return;
    for (const [index, part] of parts.entries()) {
      const time = Math.min(
        shortestOf[index] ?? Infinity,
        timeOf(() => work(part)),
      );
      shortestOf[index] = time;
      ratio = (shortest / time) ** (1 / (index + 1));
      if (round >= FEWEST_ROUNDS && ratio <= 2.5) return;
    }
    if (round > FEWEST_ROUNDS && shortest > MANY_LOOKS * looks) break;
  }
  expect(ratio, 'the time for a text, compared with half of it').toBeLessThanOrEqual(2.5);
}

function timeOf(run: () => unknown): number {
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

function lookAtEach(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) % 65_521;
  return sum;
}
