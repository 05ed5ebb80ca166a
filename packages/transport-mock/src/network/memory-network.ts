import { mustBeOptions } from '../misuse.ts';
import type { ClockPort, Endpoint, HttpRequest, RandomPort, Transport } from '@portwright/core';
import { okAsync } from '@portwright/core/result';
import { readHttpUrl } from '../http/http-url.ts';
import { seededRandom } from '../seeded-random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { type ClientOptions, clientOn, defaultRoutersOf, interfacesOf, owns } from './client.ts';
import { type HttpListener, HttpListeners } from './http-listeners.ts';
import { canonicalAddress, familyOf, isLinkLocal, isMulticast, sharePrefix } from './ip-address.ts';
import { memoryDatagram } from './memory-datagram.ts';
import { memoryEvents } from './memory-events.ts';
import { memoryHttp } from './memory-http.ts';
import type { HttpOutcome, NetworkHost } from './network-host.ts';
import { movedBy } from './subnet.ts';
import { UdpSockets } from './udp-sockets.ts';

export interface MemoryNetworkOptions<Clock extends ClockPort = ClockPort> {
  /** What delays and deadlines run on. Default: a {@link VirtualClock}. */
  readonly clock?: Clock | undefined;
  /** Default: seeded with 1. */
  readonly random?: RandomPort | undefined;
  /** Milliseconds from any host to any other. Default: 1. */
  readonly latencyMs?: number | undefined;
  /** Milliseconds at most that come on top, at random, each time: datagrams may overtake one another. Default: 0. */
  readonly jitterMs?: number | undefined;
  /** How likely it is that a packet is lost, 0 to 1. HTTP takes longer by it: TCP sends again. Default: 0. */
  readonly loss?: number | undefined;
  /** Whether hosts tell by ICMP that they refuse a datagram: some firewalls drop it. Default: true. */
  readonly icmp?: boolean | undefined;
  /** The leading bits that all IPv4 addresses here share with that of their client. Default: 24. */
  readonly prefixLength?: number | undefined;
}

/** What carries a client's datagram off the network. False: it knows no way to that address. */
export type Exit = (payload: Uint8Array, from: Endpoint, to: Endpoint) => boolean;

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
  readonly jitterMs: number;
  readonly loss: number;
  readonly icmp: boolean;
  readonly prefixLength: number;
  /** The IPv4 address of the router that clients are told of by DHCP; null while there is none. */
  defaultGateway: string | null = null;
  /** The IPv6 address of the router that advertises itself (RFC 4861), a link-local one without a zone; null: none. */
  defaultGateway6: string | null = null;
  readonly sockets: UdpSockets = new UdpSockets();
  readonly #hosts = new Map<string, NetworkHost>();
  readonly #followers = new Set<() => void>();
  readonly #exits = new Set<Exit>();
  #listeners = new HttpListeners();
  #moves = 0;

  constructor(options: MemoryNetworkOptions<Clock> = {}) {
    mustBeOptions(options);
    // Without a clock in the options, `Clock` is its default, VirtualClock.
    this.clock = options.clock ?? (new VirtualClock() as ClockPort as Clock);
    this.random = options.random ?? seededRandom();
    this.latencyMs = options.latencyMs ?? 1;
    this.jitterMs = options.jitterMs ?? 0;
    this.loss = options.loss ?? 0;
    this.icmp = options.icmp ?? true;
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
    const client = clientOn(this, options);
    return {
      http: memoryHttp(this, client),
      datagram: memoryDatagram(this, client),
      interfaces: {
        list: () => okAsync(interfacesOf(client, this.prefixLength)),
        owns: (address) => okAsync(owns(client, address, this.prefixLength)),
        defaultRouters: () => okAsync(defaultRoutersOf(client, this)),
      },
      clock: this.clock,
      random: this.random,
      events: memoryEvents(this, client),
    };
  }

  /**
   * Lets a client take requests: the events of a gateway that it has subscribed to.
   *
   * @returns a function that ends it
   * @throws RangeError for an address that is none, or a port in use
   *
   * @example
   * ```ts
   * network.listen({ address: '192.168.1.2', port: 8058 }, ({ body }) => {
   *   heard.push(new TextDecoder().decode(body));
   *   return { kind: 'response', response: { status: 200, headers: [], body: new Uint8Array() }, delayMs: 0 };
   * });
   * ```
   */
  listen(endpoint: Endpoint, listener: HttpListener): () => void {
    return this.#listeners.add(endpoint, listener);
  }

  /** A TCP port at an address on which nobody listens. */
  freePort(address: string): number {
    return this.#listeners.freePort(address);
  }

  /** What a request comes to that has arrived at an address. Null: nobody has it. */
  serve(address: string, port: number, request: HttpRequest, from: string): HttpOutcome | null {
    const listener = this.#listeners.find(address, port);
    if (listener !== null) return listener(request, from);
    const host = this.#hosts.get(canonicalAddress(address) ?? '');
    return host === undefined ? null : host.http(port, request, from);
  }

  /** Carries a host's own request. `delayMs` of what comes of it is still to pass. Null: nobody has that address. */
  async request(request: HttpRequest, from: string): Promise<HttpOutcome | null> {
    const target = readHttpUrl(request.url);
    // What a host sends to itself goes over no network.
    if (target === null || canonicalAddress(target.host) === canonicalAddress(from)) return null;
    await this.clock.sleep(this.transitMs());
    const outcome = this.serve(target.host, target.port, request, from);
    return outcome === null ? null : { ...outcome, delayMs: outcome.delayMs + this.transitMs() };
  }

  /** How long it takes from one host to another, this time. */
  transitMs(): number {
    return this.jitterMs > 0 ? this.latencyMs + this.random.fraction() * this.jitterMs : this.latencyMs;
  }

  /** How often {@link MemoryNetwork.changeNetwork} was called. */
  get moves(): number {
    return this.#moves;
  }

  /**
   * The network changes under its clients, as when its router is set to another subnet: they and the gateways get other
   * addresses, 192.168.2.x after 192.168.1.x. What was open before is of no use any more: sockets and listeners hear
   * nothing, answers under way are lost. Hosts that don't follow ({@link MemoryNetwork.onMove}) are left behind.
   */
  changeNetwork(): void {
    this.#moves += 1;
    this.#hosts.clear();
    this.sockets.clear();
    this.#listeners = new HttpListeners();
    if (this.defaultGateway !== null) this.defaultGateway = this.inNextSubnet(this.defaultGateway);
    const { defaultGateway6 } = this;
    if (defaultGateway6 !== null && !isLinkLocal(defaultGateway6))
      this.defaultGateway6 = this.inNextSubnet(defaultGateway6);
    for (const follow of this.#followers) follow();
  }

  /** Lets a host follow when the network changes: it attaches itself again. @returns a function that ends that */
  onMove(follow: () => void): () => void {
    this.#followers.add(follow);
    return () => this.#followers.delete(follow);
  }

  /** What becomes of an address when the network changes. */
  inNextSubnet(address: string): string {
    return movedBy(address, 1, this.prefixLength);
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
    void this.#deliver(payload, from, { address: group, port }, this.transitMs());
  }

  /** Lets a router carry what clients send to addresses off this network. @returns a function that ends that */
  addExit(exit: Exit): () => void {
    this.#exits.add(exit);
    return () => this.#exits.delete(exit);
  }

  /** Carries a datagram from a client off the network. False: no router knows a way. */
  carryOut(payload: Uint8Array, from: Endpoint, to: Endpoint): boolean {
    return [...this.#exits].some((exit) => exit(payload, from, to));
  }

  /** Carries a datagram to a client that a router has taken in. */
  carryIn(payload: Uint8Array, from: Endpoint, to: Endpoint): void {
    void this.#deliver(payload, from, to, this.transitMs());
  }

  async #carry(payload: Uint8Array, from: Endpoint, to: Endpoint): Promise<void> {
    // The sender may reuse its buffer.
    const copy = payload.slice();
    await this.clock.sleep(this.transitMs());
    for (const host of this.#receivers(to)) {
      if (this.isLost()) continue;
      const outcome = host.datagram(copy, to, from);
      if (outcome === 'refused') {
        if (this.icmp && !isMulticast(to.address)) void this.#refuse(from, to);
        continue;
      }
      for (const reply of outcome) {
        void this.#deliver(reply.payload, reply.from, from, reply.delayMs + this.transitMs());
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
    for (const socket of this.sockets.at(to)) if (!this.isLost()) socket.deliver({ payload, from });
  }

  /** Tells the sender of a datagram that nobody listens where it went. */
  async #refuse(sender: Endpoint, by: Endpoint): Promise<void> {
    await this.clock.sleep(this.transitMs());
    for (const socket of this.sockets.at(sender)) if (!this.isLost()) socket.refuse(by);
  }

  /** Whether this packet is one of those that get lost. */
  isLost(): boolean {
    return this.loss > 0 && this.random.fraction() < this.loss;
  }
}
