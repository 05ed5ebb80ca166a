/** What a turn comes to for a mapping that is kept. */
import type { PortMapping } from '../../port-mapping.ts';
import type { Transport } from '../../ports.ts';
import type { KeepError } from './events.ts';
import type { KeptMapping } from './managed-lease.ts';
import type { MappedPort } from '../types.ts';
import { pauseAfter } from './backoff.ts';
import { renewalAfter, standAfter } from './renewal-schedule.ts';

type Sources = Pick<Transport, 'clock' | 'random'>;

/** @param before - as it was granted the time before, if it has stood since */
export function stand(
  mapping: KeptMapping,
  mapped: MappedPort,
  before: PortMapping | null,
  { clock, random }: Sources,
): void {
  mapping.stand = standAfter(mapped, before, clock.now());
  if (mapping.phase === 'closed') return;
  mapping.phase = 'mapped';
  mapping.error = null;
  mapping.failures = 0;
  mapping.dueAt = clock.now() + renewalAfter(mapped, random.fraction());
}

/** A renewal that was refused is no loss while the old lease lasts. @param stands - whether it does */
export function fail(mapping: KeptMapping, error: KeepError, stands: boolean, { clock, random }: Sources): void {
  const now = clock.now();
  mapping.failures += 1;
  const pause = pauseAfter(mapping.failures, random);
  mapping.dueAt = now + pause;
  if (!stands || mapping.stand === null) lose(mapping, error, pause);
  // It has outlasted its lease, as was read just now: believed until the next look.
  else if (mapping.stand.endsAt <= now) mapping.stand = { ...mapping.stand, endsAt: mapping.dueAt };
  // At its end it is looked at in any case.
  else mapping.dueAt = Math.min(mapping.dueAt, mapping.stand.endsAt);
}

export function lose(mapping: KeptMapping, error: KeepError, retryInMs: number): void {
  mapping.error = error;
  if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
  mapping.phase = 'lost';
  mapping.emit({ kind: 'lost', error, retryInMs });
}
