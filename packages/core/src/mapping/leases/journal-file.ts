/** The file in which the leases of a program are written down, so that the next start can clean up after a crash. */
import { ok, type Result } from '../../result.ts';
import { isObject } from '../../arguments.ts';
import type { TransportError } from '../../errors.ts';
import type { Protocol } from '../../port-mapping.ts';
import type { ClockPort, FilePort } from '../../ports.ts';
import type { OnThrown } from '../internal/event-stream.ts';
import type { Lease, Via } from '../types.ts';
import { objectsIn, readObject, textIn, wholeIn } from './json-store.ts';

/** A lease of an earlier run. */
export interface JournalEntry {
  readonly via: Via;
  /** See {@link Lease.gateway}. */
  readonly gateway: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly externalPort: number;
  readonly protocol: Protocol;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
  /** The mapper's own part, such as the nonce of a PCP mapping, without which nobody can delete it. Untrusted. */
  readonly details?: object | undefined;
  /** When it ends, in milliseconds since 1970; absent where it never does, or nobody knows. */
  readonly expiresAt?: number | undefined;
}

/**
 * The journal of one program; two that run at once need a file each. It holds what exists at the moment, and what an
 * earlier run has left on gateways that were not at hand since; after an orderly end that alone. It is a safety net: no
 * mapping depends on it, and a disk that is full costs the net alone.
 */
export class JournalFile {
  readonly #file: FilePort;
  readonly #onThrown: OnThrown;
  readonly #entries = new Map<string, JournalEntry>();
  #isRead = false;
  #isStale = false;
  #written: Promise<void> = Promise.resolve();

  /**
   * Clean up with {@link cleanUpAfterCrash} before anything is kept: what is in the file then stays in it.
   *
   * @param onThrown - is told what the file throws, against its port
   */
  constructor(file: FilePort, onThrown: OnThrown) {
    this.#file = file;
    this.#onThrown = onThrown;
  }

  /** Resolves when it is on the disk. */
  add(lease: Lease, clock: ClockPort): Promise<void> {
    const entry = toEntry(lease, clock.wallTime?.());
    this.#entries.set(keyOf(entry), entry);
    return this.#write();
  }

  remove(lease: Lease): Promise<void> {
    return this.#entries.delete(keyOf(lease)) ? this.#write() : this.#written;
  }

  written(): Promise<void> {
    return this.#written;
  }

  /** One after another; what has changed since the last one began is written once. */
  #write(): Promise<void> {
    if (this.#isStale) return this.#written;
    this.#isStale = true;
    this.#written = this.#written.then(async () => {
      try {
        // Without that, what an earlier run has left would be lost.
        const read = this.#isRead ? ok(undefined) : await this.#read();
        this.#isStale = false;
        if (read.isOk()) (await this.#file.write(encodeJournal([...this.#entries.values()]))).unwrapOr(undefined);
      } catch (error) {
        this.#isStale = false;
        this.#onThrown(error);
      }
    });
    return this.#written;
  }

  async #read(): Promise<Result<void, TransportError>> {
    return (await this.#file.read()).map((text) => {
      this.#isRead = true;
      for (const earlier of decodeJournal(text).entries) {
        if (!this.#entries.has(keyOf(earlier))) this.#entries.set(keyOf(earlier), earlier);
      }
    });
  }
}

/** What stands in a journal. */
export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  /** How much of it can't be read: entries, or the file as a whole. */
  readonly unreadable: number;
}

const VERSION = 1;

/** Reads a file that may be a stranger's, or of another version. */
export function decodeJournal(text: string | null): JournalContent {
  if (text === null) return { entries: [], unreadable: 0 };
  const file = readObject(text);
  const stored = file?.['version'] === VERSION ? file['leases'] : null;
  if (!Array.isArray(stored)) return { entries: [], unreadable: 1 };
  const entries = objectsIn(stored).flatMap((one) => toEntries(one));
  return { entries, unreadable: stored.length - entries.length };
}

export function encodeJournal(leases: readonly JournalEntry[]): string {
  return `${JSON.stringify({ version: VERSION, leases })}\n`;
}

/** One, or none where it is no entry. */
function toEntries(stored: Readonly<Record<string, unknown>>): readonly JournalEntry[] {
  const gateway = textIn(stored, 'gateway');
  const { via, family, protocol } = stored;
  const externalPort = wholeIn(stored, 'externalPort');
  const internalClient = textIn(stored, 'internalClient');
  const internalPort = wholeIn(stored, 'internalPort');
  const description = textIn(stored, 'description');
  if (gateway === null || externalPort === null || internalClient === null || internalPort === null) return [];
  if (description === null || (protocol !== 'TCP' && protocol !== 'UDP')) return [];
  if (!isVia(via) || (family !== 'ipv4' && family !== 'ipv6')) return [];
  const expiresAt = wholeIn(stored, 'expiresAt') ?? undefined;
  const details = isObject(stored['details']) ? stored['details'] : undefined;
  return [
    { via, gateway, family, externalPort, protocol, internalClient, internalPort, description, details, expiresAt },
  ];
}

function isVia(value: unknown): value is Via {
  return value === 'upnp-igd' || value === 'pcp' || value === 'nat-pmp';
}

function toEntry(lease: Lease, now: number | undefined): JournalEntry {
  const { via, gateway, family, externalPort, protocol, internalClient, internalPort, description, details } = lease;
  const expiresAt = lease.leaseSeconds && now !== undefined ? Math.ceil(now) + lease.leaseSeconds * 1000 : undefined;
  const mapping = { externalPort, protocol, internalClient, internalPort, description: description ?? '' };
  return { via, gateway, family, ...mapping, details, expiresAt };
}

type JournalKey = Pick<JournalEntry, 'via' | 'gateway' | 'family' | 'externalPort' | 'protocol' | 'internalClient'>;

function keyOf({ via, gateway, family, externalPort, protocol, internalClient }: JournalKey): string {
  return `${via} ${gateway} ${family} ${protocol} ${externalPort} ${internalClient}`;
}
