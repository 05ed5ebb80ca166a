/** The state of a kept lease after a renewal. */
import type { Transport } from '../../ports.ts';
import type { MappedPort } from '../port-mapper.ts';
import { jitteredDelay } from './retry-delay.ts';
import type { KeepError } from './events.ts';
import type { KeptPort } from './kept-port.ts';
import { renewalAfter } from './renewal-schedule.ts';

type Sources = Pick<Transport, 'clock' | 'random'>;

export function succeed(mapping: KeptPort, mapped: MappedPort, { clock, random }: Sources): void {
  mapping.lease = mapped.granted;
  if (mapping.phase === 'closed') return;
  mapping.phase = 'mapped';
  mapping.error = null;
  mapping.failures = 0;
  mapping.dueAt = clock.now() + renewalAfter(mapped, random.fraction());
}

/**
 * A renewal that was refused is no loss while the old lease lasts.
 *
 * @param endsAt - when that is; null: it is over
 */
export function fail(mapping: KeptPort, error: KeepError, endsAt: number | null, sources: Sources): void {
  mapping.failures += 1;
  const pause = jitteredDelay(mapping.failures, sources.random);
  mapping.dueAt = sources.clock.now() + pause;
  if (endsAt === null) lose(mapping, error, pause);
  // At its end it is looked at in any case.
  else mapping.dueAt = Math.min(mapping.dueAt, endsAt);
}

export function lose(mapping: KeptPort, error: KeepError, retryInMs: number): void {
  mapping.error = error;
  if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
  mapping.phase = 'lost';
  mapping.emit({ kind: 'lost', error, retryInMs });
}
