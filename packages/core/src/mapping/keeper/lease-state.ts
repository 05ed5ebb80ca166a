/** The state of a kept port after a renewal. */
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
 * A refused renewal is no loss while the old lease lasts.
 *
 * @param endsAt - when the old lease ends; null: it has ended
 */
export function fail(mapping: KeptPort, error: KeepError, endsAt: number | null, sources: Sources): void {
  mapping.failures += 1;
  const pause = jitteredDelay(mapping.failures, sources.random);
  mapping.dueAt = sources.clock.now() + pause;
  if (endsAt === null) lose(mapping, error, pause);
  // The keeper checks the mapping when the lease ends, in any case.
  else mapping.dueAt = Math.min(mapping.dueAt, endsAt);
}

export function lose(mapping: KeptPort, error: KeepError, retryInMs: number): void {
  mapping.error = error;
  if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
  mapping.phase = 'lost';
  mapping.emit({ kind: 'lost', error, retryInMs });
}
