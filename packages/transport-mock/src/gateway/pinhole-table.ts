import { canonicalAddress } from '../network/ip-address.ts';
import { LeaseSweeper, type Leased } from './leases.ts';
import type { PcpDetails } from './mapping-table.ts';

/** A hole in the IPv6 firewall (WANIPv6FirewallControl:1, AddPinhole). */
export interface Pinhole extends Leased {
  readonly uniqueId: number;
  /** Empty: from anywhere. */
  readonly remoteHost: string;
  /** 0: from any port. */
  readonly remotePort: number;
  readonly internalClient: string;
  readonly internalPort: number;
  /** The IP protocol's number: 6 for TCP, 17 for UDP. */
  readonly protocol: number;
  /** Packets that came through. No traffic is simulated: a test says what came. */
  packets: number;
  /** Whether its lease has begun anew. */
  readonly wasRenewed: boolean;
  /** Of a pinhole that PCP has made. */
  readonly pcp?: PcpDetails | undefined;
}

export type PinholeTuple = Omit<Pinhole, 'uniqueId' | 'expiresAt' | 'packets' | 'wasRenewed' | 'pcp'>;

export class PinholeTable {
  readonly #now: () => number;
  readonly #byId = new Map<number, Pinhole>();
  readonly #idByTuple = new Map<string, number>();
  readonly #leases = new LeaseSweeper<Pinhole>();
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    this.#sweep();
    return this.#byId.size;
  }

  all(): readonly Pinhole[] {
    this.#sweep();
    return [...this.#byId.values()];
  }

  get(uniqueId: number): Pinhole | undefined {
    this.#sweep();
    return this.#byId.get(uniqueId);
  }

  find(tuple: PinholeTuple): Pinhole | undefined {
    this.#sweep();
    const id = this.#idByTuple.get(tupleKey(tuple));
    return id === undefined ? undefined : this.#byId.get(id);
  }

  add(tuple: PinholeTuple, expiresAt: number, pcp?: PcpDetails): Pinhole {
    const pinhole: Pinhole = { ...tuple, uniqueId: this.#freeId(), expiresAt, packets: 0, wasRenewed: false, pcp };
    this.#byId.set(pinhole.uniqueId, pinhole);
    this.#idByTuple.set(tupleKey(tuple), pinhole.uniqueId);
    this.#leases.note(pinhole);
    return pinhole;
  }

  /** The protocol that renews it is the one that it belongs to from then on. */
  renew(pinhole: Pinhole, expiresAt: number, pcp?: PcpDetails): void {
    this.#leases.note(Object.assign(pinhole, { expiresAt, wasRenewed: true, pcp }));
  }

  remove(pinhole: Pinhole): void {
    this.#byId.delete(pinhole.uniqueId);
    this.#idByTuple.delete(tupleKey(pinhole));
  }

  /** A_ARG_TYPE_UniqueID is a ui2. */
  #freeId(): number {
    do this.#lastId = (this.#lastId + 1) & 0xffff;
    while (this.#byId.has(this.#lastId));
    return this.#lastId;
  }

  #sweep(): void {
    for (const ended of this.#leases.sweep(this.#now(), this.#byId.values())) this.remove(ended);
  }
}

function tupleKey({ remoteHost, remotePort, internalClient, internalPort, protocol }: PinholeTuple): string {
  const client = canonicalAddress(internalClient) ?? internalClient;
  return `${protocol} ${remoteHost} ${remotePort} ${client} ${internalPort}`;
}
