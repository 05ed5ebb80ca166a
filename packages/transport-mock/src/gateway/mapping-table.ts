import { LeaseSweeper, type Leased, secondsLeft } from './leases.ts';

export type MappingProtocol = 'TCP' | 'UDP';

/** What only PCP knows of a mapping, or of a pinhole. */
export interface PcpDetails {
  /** RFC 6887, 11.3: who does not know it can neither renew nor delete. 24 hex digits. */
  readonly nonce: string;
  /** RFC 6887, 13.3: who is let in; none: everybody. */
  readonly filters: readonly PeerFilter[];
}

/** Remote hosts that share a prefix, and one of their ports; 0: any. */
export interface PeerFilter {
  readonly address: string;
  /** Of the address in its own family: 32 for one IPv4 host. */
  readonly prefixLength: number;
  readonly port: number;
}

/**
 * WANIPConnection's 8-tuple, with the end of the lease instead of its length. In the table it stays the same object
 * when it is overwritten, and keeps its place.
 */
export interface Mapping extends Leased {
  /** Empty: from anywhere. */
  readonly remoteHost: string;
  readonly externalPort: number;
  readonly protocol: MappingProtocol;
  readonly internalPort: number;
  readonly internalClient: string;
  readonly isEnabled: boolean;
  readonly description: string;
  /** By which protocol it was made, if not by UPnP. */
  readonly via?: 'pcp' | 'nat-pmp' | undefined;
  readonly pcp?: PcpDetails | undefined;
}

/** A mapping as tests look at it. */
export interface SimulatedMapping extends Omit<Mapping, 'expiresAt'> {
  /** Seconds; 0 for a permanent mapping. */
  readonly leaseSecondsLeft: number;
}

/**
 * The NAT table, in the order in which the mappings came. WANIPConnection:1, 2.2.20: an entry is known by remote host,
 * external port and protocol; the array is contiguous, and compacted as entries go.
 */
export class MappingTable {
  readonly #now: () => number;
  readonly #order = new Set<Mapping>();
  readonly #byPort = new Map<number, readonly Mapping[]>();
  readonly #leases = new LeaseSweeper<Mapping>();
  /** The order as an array, made when an index is asked for; null when it has to be made again. */
  #indexed: Mapping[] | null = [];
  #updateId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** SystemUpdateID: one more with every change to the rules, however many of them it touches. */
  get updateId(): number {
    this.#sweep();
    return this.#updateId;
  }

  get size(): number {
    this.#sweep();
    return this.#order.size;
  }

  /** When the next lease may end, at the earliest; Infinity when none will. For whoever has to announce it. */
  get nextExpiry(): number {
    this.#sweep();
    return this.#leases.earliest;
  }

  all(): readonly Mapping[] {
    this.#sweep();
    this.#indexed ??= [...this.#order];
    return this.#indexed;
  }

  at(index: number): Mapping | undefined {
    return this.all()[index];
  }

  find(remoteHost: string, externalPort: number, protocol: MappingProtocol): Mapping | undefined {
    return this.ofPort(externalPort, protocol).find((mapping) => mapping.remoteHost === remoteHost);
  }

  /** Every mapping of a port, whatever its remote host. */
  ofPort(externalPort: number, protocol: MappingProtocol): readonly Mapping[] {
    this.#sweep();
    return this.#byPort.get(portKey({ externalPort, protocol })) ?? [];
  }

  inRange(from: number, to: number, protocol: MappingProtocol): readonly Mapping[] {
    return this.all().filter(
      (mapping) => mapping.protocol === protocol && mapping.externalPort >= from && mapping.externalPort <= to,
    );
  }

  /** Adds a mapping, or overwrites the one with the same remote host, external port and protocol. */
  put(request: Mapping): void {
    const existing = this.find(request.remoteHost, request.externalPort, request.protocol);
    // The protocol that has made it last is the one that it belongs to.
    if (existing !== undefined) Object.assign(existing, { via: undefined, pcp: undefined }, request);
    else this.#add({ ...request });
    this.#leases.note(request);
    this.#updateId += 1;
  }

  /** Deletes these, as one change. */
  remove(mappings: readonly Mapping[]): void {
    for (const mapping of mappings) this.#drop(mapping);
    if (mappings.length > 0) this.#updateId += 1;
  }

  snapshot(): readonly SimulatedMapping[] {
    const now = this.#now();
    return this.all().map(({ expiresAt, ...mapping }) => ({
      ...mapping,
      leaseSecondsLeft: secondsLeft({ expiresAt }, now),
    }));
  }

  #sweep(): void {
    const ended = this.#leases.sweep(this.#now(), this.#order);
    if (ended.length === 0) return;
    for (const mapping of ended) this.#drop(mapping);
    // Leases that ended at different times were different changes, though nobody looked in between.
    this.#updateId += new Set(ended.map((mapping) => mapping.expiresAt)).size;
  }

  #add(mapping: Mapping): void {
    this.#order.add(mapping);
    this.#indexed?.push(mapping);
    const key = portKey(mapping);
    this.#byPort.set(key, [...(this.#byPort.get(key) ?? []), mapping]);
  }

  #drop(mapping: Mapping): void {
    if (!this.#order.delete(mapping)) return;
    this.#indexed = null;
    const key = portKey(mapping);
    const rest = (this.#byPort.get(key) ?? []).filter((other) => other !== mapping);
    if (rest.length > 0) this.#byPort.set(key, rest);
    else this.#byPort.delete(key);
  }
}

function portKey({ externalPort, protocol }: Pick<Mapping, 'externalPort' | 'protocol'>): number {
  return externalPort * 2 + (protocol === 'TCP' ? 0 : 1);
}
