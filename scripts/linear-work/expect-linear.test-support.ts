/** Whether work grows with the length of its input, or faster. */
import { expect } from 'vitest';

/** What comes from outside in the tests of this folder: 64 KiB of it, compared with 32 KiB. */
const LENGTH = 65_536;
/** Twice the input may take so many times as long: linear work takes twice as long, quadratic work four times. */
const STEEPEST = 2.5;
/** Runs of each length. The shortest counts; a busy machine makes others longer. */
const FEWEST_ROUNDS = 4;
const MOST_ROUNDS = 100;
/** Work that takes no longer than this many looks at each character can't be quadratic. */
const FEW_LOOKS = 10;
/** Work that takes longer than this, and grows as steeply, is measured no further: more rounds would take minutes. */
const MANY_LOOKS = 1000;
/** Between linear and quadratic work, and more than a busy machine makes of linear work in a few rounds. */
const QUADRATIC = 3.2;

/** Makes the input of a length, and returns the work on it. */
export type Preparation = (length: number) => () => unknown;

/**
 * Expects 64 KiB to take at most two and a half times as long as 32 KiB. Only processor time counts, and of many runs the
 * shortest, so that it does not matter how fast the machine is, or what else it does. A step between the two (a hash table
 * grows, garbage is collected) is not growth: where there is one, 16 KiB or 8 KiB tell, and the limit is 2.5 for each
 * doubling.
 */
export function expectLinear(prepare: Preparation, length: number = LENGTH): void {
  expect(growth(prepare, length), 'the time for a text, compared with half of it').toBeLessThanOrEqual(STEEPEST);
}

/** How many times as long the work on a text takes as that on half of it; 0 for work that is too short to be quadratic. */
function growth(prepare: Preparation, length: number): number {
  const whole = prepare(length);
  const parts = [2, 4, 8].map((divisor) => prepare(length / divisor));
  // Compiled by then.
  for (let run = 0; run < 2; run += 1) parts[0]?.();
  const characters = 'x'.repeat(length);
  let [looks, shortest, least] = [Infinity, Infinity, Infinity];
  const shortestOf = parts.map(() => Infinity);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    shortest = Math.min(shortest, timeOf(whole));
    looks = Math.min(
      looks,
      timeOf(() => lookAtEach(characters)),
    );
    if (shortest <= FEW_LOOKS * looks) return 0;
    const ratios = parts.map((part, index) => {
      const time = Math.min(shortestOf[index] ?? Infinity, timeOf(part));
      shortestOf[index] = time;
      return (shortest / time) ** (1 / (index + 1));
    });
    least = Math.min(...ratios);
    if (round < FEWEST_ROUNDS) continue;
    if (least <= STEEPEST || (least > QUADRATIC && shortest > MANY_LOOKS * looks)) break;
  }
  return least;
}

/** Expects the same of a reader of texts. */
export function expectLinearReader(
  read: (text: string) => unknown,
  make: (length: number) => string,
  length: number = LENGTH,
): void {
  expectLinear((size) => {
    const text = make(size);
    return () => read(text);
  }, length);
}

/** A text of at most so many characters: a part, again and again, between a beginning and an end. */
export function pumped(length: number, part: string, before = '', after = ''): string {
  const times = Math.floor((length - before.length - after.length) / part.length);
  return before + part.repeat(Math.max(0, times)) + after;
}

/** Texts of any length: parts that differ, between a beginning and an end. */
export function numbered(part: (index: number) => string, before = '', after = ''): (length: number) => string {
  return (length) => {
    let text = before;
    for (let index = 0; text.length < length; index += 1) text += part(index);
    return text + after;
  };
}

/** Microseconds of the processor. */
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
