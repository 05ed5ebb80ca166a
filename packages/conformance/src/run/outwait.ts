/** What could not be taken back, and ends by itself: miniupnpd deletes no pinhole that was renewed. */
import type { ClockPort } from '@portwright/core';
import type { Undoing } from '../bench/undo.ts';

/** Seconds that an end is waited for: more than the lifetime of what the checks make. */
const PATIENCE_S = 150;
/** The longest single wait, in milliseconds. */
const SLICE_MS = 20_000;

/** Waits until all of it has ended that ends soon. */
export async function outwait(left: readonly Undoing[], clock: ClockPort, signal: AbortSignal): Promise<void> {
  const waits = left.map((entry) => secondsLeft(entry, clock)).filter((seconds) => seconds <= PATIENCE_S);
  const end = clock.now() + 1_000 * Math.max(0, ...waits);
  while (clock.now() < end && !signal.aborted) await clock.sleep(Math.min(SLICE_MS, end - clock.now()), signal);
}

/** For people. */
export function leftInWords(entry: Undoing, clock: ClockPort): string {
  const seconds = secondsLeft(entry, clock);
  return seconds === Infinity ? entry.what : `${entry.what}, which ends by itself within ${seconds} seconds`;
}

function secondsLeft({ endsAt }: Undoing, clock: ClockPort): number {
  return endsAt === undefined ? Infinity : Math.max(0, Math.ceil((endsAt() - clock.now()) / 1_000));
}
