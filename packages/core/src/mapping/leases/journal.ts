/** What a program has mapped, written down, so that the next start can clean up after a crash. */
import { ok, safeTry, type Result, type ResultAsync } from '../../result.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import { assertArguments, checkArguments, FILE, GATEWAY } from '../../arguments.ts';
import type { Gateway } from '../../client/gateway.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { PortMapping, Protocol } from '../../port-mapping.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import type { FilePort } from '../../ports.ts';
import { readTwice } from '../igd/read-mapping.ts';
import { speakingAs } from '../igd/source-address.ts';
import { readObjects, textIn, wholeIn } from './json-store.ts';
import { removeMapping } from '../igd/ownership.ts';

/** A mapping of an earlier run, and the device that it was made on. */
export interface JournalEntry {
  /** The root device's UDN. */
  readonly udn: string;
  readonly externalPort: number;
  readonly protocol: Protocol;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
  /** When its lease ends, in milliseconds since 1970; absent where it never does, or nobody knows. */
  readonly expiresAt?: number | undefined;
}

/**
 * The journal of one program; two that run at once need a file each. It holds what stands at the moment, and what an
 * earlier run has left on gateways that were not at hand since; after an orderly end that alone.
 */
export class Journal {
  readonly #file: FilePort;
  readonly #entries = new Map<string, JournalEntry>();
  #isRead = false;
  #written: Promise<unknown> = Promise.resolve();

  /** Clean up with {@link cleanUpAfterCrash} before anything is kept: what is in the file then stays in it. */
  constructor(file: FilePort) {
    assertArguments(['file', file, FILE]);
    this.#file = file;
  }

  /** Resolves when it is on the disk. */
  add({ description, transport }: Gateway, mapping: PortMapping): Promise<unknown> {
    const entry = toEntry(description.device.udn ?? '', mapping, transport.clock.wallTime?.());
    this.#entries.set(keyOf(entry), entry);
    return this.#write();
  }

  remove({ description }: Gateway, mapping: PortMapping): Promise<unknown> {
    return this.#entries.delete(keyOf({ ...mapping, udn: description.device.udn ?? '' }))
      ? this.#write()
      : this.#written;
  }

  #write(): Promise<unknown> {
    // One after another, each with what is true by then; a disk that is full costs the safety net, not the mapping.
    const written = this.#written.then(async () => {
      // Without that, what an earlier run has left would be lost.
      const read = this.#isRead ? ok(undefined) : await this.#read();
      return read.isErr() ? read : this.#file.write(write([...this.#entries.values()]));
    });
    // A file that throws, against its port, is no reason for the next one not to be tried.
    this.#written = written.catch(() => undefined);
    return written;
  }

  async #read(): Promise<Result<void, TransportError>> {
    return (await this.#file.read()).map((text) => {
      this.#isRead = true;
      for (const earlier of readJournal(text)) {
        if (!this.#entries.has(keyOf(earlier))) this.#entries.set(keyOf(earlier), earlier);
      }
    });
  }
}

/** What became of the mappings that an earlier run left behind. */
export interface CleanUp {
  readonly deleted: readonly JournalEntry[];
  /** Gone by themselves, or somebody else's by now, as an address may be that this host had then: no longer in the journal. */
  readonly left: readonly JournalEntry[];
  /**
   * The gateway did not answer or did not delete them, or nobody can tell whether their address is still this host's. They
   * stay in the journal until their lease is over.
   */
  readonly failed: readonly JournalEntry[];
}

/**
 * Deletes what an earlier run has left on a gateway: only on the same device, and only entries that are in every field
 * what the journal says, and lead to this host as it is now: the address that it had then may be another's, which runs
 * the same program. What is on other gateways stays in the journal until its lease is over.
 */
export function cleanUpAfterCrash(
  gateway: Gateway,
  file: FilePort,
): ResultAsync<CleanUp, InvalidArgumentError | TransportError> {
  return safeTry<CleanUp, InvalidArgumentError | TransportError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['file', file, FILE]);
    const entries = readJournal(yield* await file.read());
    const now = gateway.transport.clock.wallTime?.() ?? -Infinity;
    const isOver = ({ expiresAt = Infinity }: JournalEntry): boolean => expiresAt <= now;
    const here = entries.filter(({ udn }) => udn !== '' && udn === gateway.description.device.udn);
    const outcomes: Record<keyof CleanUp, JournalEntry[]> = { deleted: [], left: [], failed: [] };
    for (const entry of here) {
      const outcome = await cleanUp(gateway, entry);
      outcomes[outcome === 'failed' && isOver(entry) ? 'left' : outcome].push(entry);
    }
    const settled = [...outcomes.deleted, ...outcomes.left];
    const kept = entries.filter((entry) => !settled.includes(entry) && !isOver(entry));
    if (kept.length < entries.length) yield* await file.write(write(kept));
    return ok(outcomes);
  });
}

async function cleanUp(gateway: Gateway, entry: JournalEntry): Promise<keyof CleanUp> {
  // Internal port 0 stands for one that the table does not show (a build of OpenWrt).
  const isOwn = (one: PortMapping): boolean =>
    sameHost(one.internalClient, entry.internalClient) !== 'different' &&
    (one.internalPort === entry.internalPort || one.internalPort === 0) &&
    one.description === entry.description;
  const isOurs = await isOwnAddress(gateway.transport, entry.internalClient);
  if (isOurs === false) return 'left';
  const voice = await speakingAs(gateway, entry.internalClient);
  const found = await readTwice(voice, entry, isOwn);
  if (found.isErr()) return 'failed';
  if (found.value === null || !isOwn(found.value)) return 'left';
  // It may be another host's, which runs the same program.
  if (isOurs === null) return 'failed';
  return (await removeMapping(voice, entry, {})).isOk() ? 'deleted' : 'failed';
}

function readJournal(text: string | null): readonly JournalEntry[] {
  return readObjects(text).flatMap((stored) => {
    const udn = textIn(stored, 'udn');
    const externalPort = wholeIn(stored, 'externalPort');
    const protocol = textIn(stored, 'protocol');
    const internalClient = textIn(stored, 'internalClient');
    const internalPort = wholeIn(stored, 'internalPort');
    const description = textIn(stored, 'description');
    if (udn === null || externalPort === null || internalClient === null || internalPort === null) return [];
    if (description === null || (protocol !== 'TCP' && protocol !== 'UDP')) return [];
    const expiresAt = wholeIn(stored, 'expiresAt') ?? undefined;
    return [{ udn, externalPort, protocol, internalClient, internalPort, description, expiresAt }];
  });
}

function write(entries: readonly JournalEntry[]): string {
  return `${JSON.stringify(entries)}\n`;
}

function toEntry(udn: string, mapping: PortMapping, now: number | undefined): JournalEntry {
  const { externalPort, protocol, internalClient, internalPort, description, leaseSeconds } = mapping;
  const expiresAt = leaseSeconds && now !== undefined ? now + leaseSeconds * 1000 : undefined;
  return { udn, externalPort, protocol, internalClient, internalPort, description: description ?? '', expiresAt };
}

function keyOf({ udn, externalPort, protocol }: Pick<JournalEntry, 'udn' | 'externalPort' | 'protocol'>): string {
  return `${udn} ${protocol} ${externalPort}`;
}
