import type { ClockPort, Endpoint, RandomPort, Transport } from '@portwright/core';
import { okAsync } from 'neverthrow';
import { seededRandom } from '../seeded-random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { type ClientOptions, completeClientOptions, interfacesOf } from './client.ts';
import { canonicalAddress, familyOf, isLinkLocal, sharePrefix } from './ip-address.ts';
import { memoryDatagram } from './memory-datagram.ts';
import { memoryHttp } from './memory-http.ts';
import type { MemorySocket } from './memory-socket.ts';
import type { NetworkHost } from './network-host.ts';

export interface MemoryNetworkOptions<Clock extends ClockPort = ClockPort> {
  /** What delays and deadlines run on. Default: a {@link VirtualClock}. */
  readonly clock?: Clock | undefined;
  /** Default: seeded with 1. */
  readonly random?: RandomPort | undefined;
  /** Milliseconds from any host to any other. Default: 1. */
  readonly latencyMs?: number | undefined;
  /** The leading bits that all IPv4 addresses here share with that of their client. Default: 24. */
  readonly prefixLength?: number | undefined;
}

/** A network on whatever clock. */
export type AnyMemoryNetwork = MemoryNetwork<ClockPort>;

/** Groups that SSDP uses (UDA 1.1, 1.3.2 and annex A.3), spelled canonically. */
const SSDP_GROUPS: ReadonlySet<string> = new Set(['239.255.255.250', 'ff02:0:0:0:0:0:0:c', 'ff05:0:0:0:0:0:0:c']);

/**
 * A local network in memory: hosts that answer, and clients that look at them through the core's ports. Everything that
 * takes time takes it on the network's clock, virtual or real.
 */
export class MemoryNetwork<Clock extends ClockPort = VirtualClock> {
  readonly clock: Clock;
  readonly random: RandomPort;
  readonly latencyMs: number;
  readonly prefixLength: number;
  /** The IPv4 address of the router that clients are told of by DHCP; null while there is none. */
  defaultGateway: string | null = null;
  readonly #hosts = new Map<string, NetworkHost>();
  readonly #sockets = new Map<number, MemorySocket[]>();

  constructor(options: MemoryNetworkOptions<Clock> = {}) {
    // Without a clock in the options, `Clock` is its default, VirtualClock.
    this.clock = options.clock ?? (new VirtualClock() as ClockPort as Clock);
    this.random = options.random ?? seededRandom();
    this.latencyMs = options.latencyMs ?? 1;
    this.prefixLength = options.prefixLength ?? 24;
  }

  /**
   * Puts a host on the network. An address that another host has goes over to this one.
   *
   * @returns a function that takes it off again.
   */
  attach(host: NetworkHost): () => void {
    const keys = host.addresses.flatMap((address) => canonicalAddress(address) ?? []);
    for (const key of keys) this.#hosts.set(key, host);
    return () => {
      for (const key of keys) if (this.#hosts.get(key) === host) this.#hosts.delete(key);
    };
  }

  /** The network as a client on it sees it: by default 192.168.1.2 and fd77::2. */
  transport(options: ClientOptions = {}): Transport {
    const client = completeClientOptions(options);
    return {
      http: memoryHttp(this, client),
      datagram: memoryDatagram(this, client),
      interfaces: {
        list: () => okAsync(interfacesOf(client, this.prefixLength)),
        defaultGateway: () => okAsync(this.defaultGateway),
      },
      clock: this.clock,
      random: this.random,
    };
  }

  hostAt(address: string): NetworkHost | undefined {
    const key = canonicalAddress(address);
    return key === null ? undefined : this.#hosts.get(key);
  }

  /** Whether a client can reach this address without a router. */
  isOnLink(address: string, ownAddress: string): boolean {
    return (
      isLinkLocal(address) || sharePrefix(address, ownAddress, familyOf(address) === 'ipv6' ? 64 : this.prefixLength)
    );
  }

  /** Carries a datagram from a client to the hosts, and their answers back. It is on its way when this returns. */
  carry(payload: Uint8Array, from: Endpoint, to: Endpoint): void {
    void this.#carry(payload, from, to);
  }

  /** Carries what a host multicasts to every client that joined the group. */
  multicast(payload: Uint8Array, from: Endpoint, group: string, port = 1900): void {
    void this.#deliver(payload, from, { address: group, port }, this.latencyMs);
  }

  addSocket(socket: MemorySocket): void {
    const { port } = socket.local;
    this.#sockets.set(port, [...(this.#sockets.get(port) ?? []), socket]);
  }

  removeSocket(socket: MemorySocket): void {
    const { port } = socket.local;
    const others = (this.#sockets.get(port) ?? []).filter((other) => other !== socket);
    if (others.length > 0) this.#sockets.set(port, others);
    else this.#sockets.delete(port);
  }

  async #carry(payload: Uint8Array, from: Endpoint, to: Endpoint): Promise<void> {
    // The sender may reuse its buffer.
    const copy = payload.slice();
    await this.clock.sleep(this.latencyMs);
    for (const host of this.#receivers(to)) {
      for (const reply of host.datagram(copy, to, from)) {
        void this.#deliver(reply.payload, reply.from, from, reply.delayMs + this.latencyMs);
      }
    }
  }

  #receivers({ address }: Endpoint): Iterable<NetworkHost> {
    const key = canonicalAddress(address);
    if (key === null) return [];
    if (SSDP_GROUPS.has(key)) return new Set(this.#hosts.values());
    const host = this.#hosts.get(key);
    return host === undefined ? [] : [host];
  }

  async #deliver(payload: Uint8Array, from: Endpoint, to: Endpoint, delayMs: number): Promise<void> {
    await this.clock.sleep(delayMs);
    const key = canonicalAddress(to.address);
    for (const socket of this.#sockets.get(to.port) ?? []) {
      if (key !== null && socket.receivesAt.has(key)) socket.deliver({ payload, from });
    }
  }
}
