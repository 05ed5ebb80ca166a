/** Deletes the mappings that a crashed program left on a gateway. */
import { ok, safeTry, type ResultAsync } from '../../result.ts';
import { checkArguments, FILE, PORT_MAPPER } from '../../arguments.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import type { FilePort } from '../../ports.ts';
import type { PortMapper } from '../port-mapper.ts';
import { isOn } from '../same-gateway.ts';
import { decodeJournal, encodeJournal, type JournalEntry } from './journal-file.ts';

/** The outcome for each lease of an earlier run. */
export interface CleanUp {
  readonly deleted: readonly JournalEntry[];
  /** Gone by themselves, or somebody else's by now, as an address may be that this host had then: no longer in the journal. */
  readonly left: readonly JournalEntry[];
  /**
   * The gateway did not answer or did not delete them, or nobody can tell whether their address is still this host's. They
   * stay in the journal until their lease is over.
   */
  readonly failed: readonly JournalEntry[];
  /** How many entries could not be read: 1 for a file that is no journal. They are no longer in the file. */
  readonly unreadable: number;
}

/**
 * Deletes what an earlier run has left on a gateway: only on the same device, and only entries that are in every field
 * what the journal says, and lead to this host as it is now: the address that it had then may be another's, which runs
 * the same program. What is on other gateways stays in the journal until its lease is over.
 */
export function cleanUpAfterCrash(
  mapper: PortMapper,
  file: FilePort,
): ResultAsync<CleanUp, InvalidArgumentError | TransportError> {
  return safeTry<CleanUp, InvalidArgumentError | TransportError>(async function* () {
    yield* checkArguments(['mapper', mapper, PORT_MAPPER], ['file', file, FILE]);
    const { entries, unreadable } = decodeJournal(yield* await file.read());
    const now = mapper.clock.wallTime?.() ?? -Infinity;
    const isOver = ({ expiresAt = Infinity }: JournalEntry): boolean => expiresAt <= now;
    const here = entries.filter((entry) => isOn(entry, mapper));
    const outcomes = { deleted: [] as JournalEntry[], left: [] as JournalEntry[], failed: [] as JournalEntry[] };
    for (const entry of here) {
      const outcome = await mapper.cleanUp(entry);
      outcomes[outcome === 'failed' && isOver(entry) ? 'left' : outcome].push(entry);
    }
    const settled = [...outcomes.deleted, ...outcomes.left];
    const kept = entries.filter((entry) => !settled.includes(entry) && !isOver(entry));
    if (kept.length < entries.length || unreadable > 0) yield* await file.write(encodeJournal(kept));
    return ok({ ...outcomes, unreadable });
  });
}
