/**
 * The ports: all that the core asks of the world. An adapter implements them (node:dgram and node:net, a simulated network,
 * a browser extension ...); the core awaits them and does nothing else that is impure.
 *
 * Nothing here throws or rejects: what can fail returns a Result.
 */
import type { ResultAsync } from './result.ts';
import type { TransportError } from './errors.ts';
import type { AddressFamily, Datagram, Endpoint, HttpRequest, HttpResponse, UnconnectedInterface } from './messages.ts';

/** The part of the platform's AbortSignal that is used here; ECMAScript alone has none. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface HttpOptions {
  /** Milliseconds for the whole exchange, from connecting to the last byte; never an idle timer (slow-loris). */
  readonly deadlineMs: number;
  /** Body bytes after which the response is refused with `too-large`. */
  readonly maxBodyBytes: number;
  /** The address to connect from; a link-local IPv6 address with its zone. */
  readonly localAddress?: string | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

export interface HttpPort {
  /**
   * One request on a connection of its own. Any final status is a success here, redirects included: they are followed,
   * or not, by the core. Interim (1xx) answers are skipped.
   *
   * These deviations of routers are read: a space before the colon of a header, a header line without a colon (it is
   * ignored), the same Content-Length twice, several spaces in the status line. Lengths that differ are refused
   * (`not-http`).
   */
  request(request: HttpRequest, options: HttpOptions): ResultAsync<HttpResponse, TransportError>;
}

export interface DatagramOptions {
  readonly family: AddressFamily;
  /** The interface from which multicast leaves and on which groups are joined; default: the system's choice. */
  readonly multicastInterface?: InterfaceAddress | undefined;
  /** The local port; default and 0: the system's choice. The port is shared where the system allows it (SSDP's 1900). */
  readonly localPort?: number | undefined;
  /** The IP TTL or hop limit of multicast, 0..255. UDA 1.0 says 4, UDA 1.1 says 2. */
  readonly ttl?: number | undefined;
  /** Multicast groups to join, for unsolicited announcements. */
  readonly memberships?: readonly string[] | undefined;
  /**
   * The address to bind to; a link-local IPv6 one with its zone. Default: the wildcard. An address that is not this host's
   * is an error.
   */
  readonly localAddress?: string | undefined;
  /**
   * Connects the socket to one endpoint of its family: only datagrams from this address and port arrive, and `local` has
   * the address that the system sends from. A link-local IPv6 address has its zone. Where no route leads there, opening
   * fails with `unreachable`.
   */
  readonly remote?: Endpoint | undefined;
  /**
   * Called when the remote endpoint refuses a datagram (ICMP port unreachable): no program listens there now. Systems may
   * report several refusals as one. The socket stays open, because a router may refuse a single datagram and answer the
   * next. Needs `remote`.
   */
  readonly onRefused?: (() => void) | undefined;
}

export interface DatagramSocket {
  /** Where the socket is bound; the address is the wildcard unless `localAddress` or `remote` was given. */
  readonly local: Endpoint;
  /** @param to - of a connected socket, its `remote`: to send elsewhere is an error */
  send(payload: Uint8Array, to: Endpoint): ResultAsync<void, TransportError>;
  /**
   * What arrives, in order; to be iterated once. It ends when the socket is closed or fails, after what
   * has been buffered. An adapter buffers a
   * bounded number of datagrams and drops what does not fit, so that a flood costs no memory.
   */
  readonly datagrams: AsyncIterable<Datagram>;
  /** Frees the port. May be called again. */
  close(): Promise<void>;
}

export interface DatagramPort {
  open(options: DatagramOptions): ResultAsync<DatagramSocket, TransportError>;
}

/** One address of one network interface. */
export interface InterfaceAddress {
  /** The system's name of the interface: `eth0`, `Wi-Fi`. */
  readonly name: string;
  readonly family: AddressFamily;
  /** Without a zone. */
  readonly address: string;
  /** Leading bits that the interface's subnet shares: 24 for 255.255.255.0. */
  readonly prefixLength: number;
  /** Loopback. */
  readonly internal: boolean;
  /** The zone that link-local IPv6 addresses on this interface are written with: a name, on Windows a number. */
  readonly zone?: string | undefined;
  /**
   * IPv6: the system keeps it for connections that have it, and starts none from it (RFC 4862, 5.5.4). Absent where the
   * adapter can't know it.
   */
  readonly deprecated?: boolean | undefined;
  /**
   * IPv6: the system replaces it within days, so that nobody recognizes this host by it (RFC 8981). Absent where the
   * adapter can't know it.
   */
  readonly temporary?: boolean | undefined;
}

/** The next hop of a default route. */
export interface DefaultRouter {
  /** The system's name of the interface that leads to it. */
  readonly name: string;
  readonly family: AddressFamily;
  /** A link-local IPv6 address has its zone: `fe80::1%eth0`. */
  readonly address: string;
}

export interface InterfacesPort {
  /**
   * The addresses of the interfaces that are up. Systems leave out an interface that came up within the last second or
   * has no carrier, so an address that is not listed may still be this host's: {@link InterfacesPort.owns} tells.
   */
  list(): ResultAsync<readonly InterfaceAddress[], TransportError>;
  /**
   * Whether this host has an address now, also on an interface that is not listed (yet). An IPv4-mapped IPv6 address is
   * the IPv4 address in it; a link-local IPv6 address may have a zone. False for an address of no single host (wildcard,
   * broadcast, multicast) and for what is no IP address: names are not looked up. An error: the system does not say.
   *
   * Absent where the adapter can't know it; then an address that is not listed may or may not be this host's.
   */
  owns?(address: string): ResultAsync<boolean, TransportError>;
  /**
   * The next hops of all default routes, IPv4 and IPv6, on every interface: of each family the one that the system prefers
   * first. A default route without a next hop (a tunnel) has none. Empty where this host has no default router;
   * absent where the adapter can't know.
   */
  defaultRouters?(): ResultAsync<readonly DefaultRouter[], TransportError>;
  /** The interfaces that `list` leaves out or that have no address, and why; absent where the adapter can't know. */
  unconnected?(): ResultAsync<readonly UnconnectedInterface[], TransportError>;
}

export interface ClockPort {
  /** Milliseconds from an arbitrary start; never goes back. */
  now(): number;
  /**
   * The time of day, in milliseconds since 1970: for what outlives the process. It may be wrong, and may go back. Absent
   * where the adapter can't know it; then nothing that is written down counts as expired.
   */
  wallTime?(): number;
  /** Resolves after that many milliseconds, or at once when the signal aborts (or has aborted); it never rejects. */
  sleep(ms: number, signal?: AbortSignalLike): Promise<void>;
  /**
   * As `sleep`, for what recurs for as long as a watch is open, and no caller waits for. A virtual clock that moves by
   * itself must not move by it. Absent: `sleep` is used.
   */
  sleepInBackground?(ms: number, signal?: AbortSignalLike): Promise<void>;
}

export interface RandomPort {
  /** A uniformly distributed number, at least 0 and below 1. */
  fraction(): number;
}

/** A place for a few lines of text that outlive the program. */
export interface FilePort {
  /** Null where nothing was ever written. */
  read(): ResultAsync<string | null, TransportError>;
  /** All of it at once, or nothing: who reads meanwhile gets the old text or the new one. */
  write(text: string): ResultAsync<void, TransportError>;
}

/** Where a device sends its events: an HTTP server on this host. */
export interface EventListener {
  /** The callback URL, on the address that was asked for, with a path that nobody can guess. */
  readonly url: string;
  /** Frees the port. May be called again. */
  close(): Promise<void>;
}

export interface EventsPort {
  /**
   * Listens on one address of this host, and nowhere else. `handle` gets every request to the URL, with the sender's
   * address, and gives the status to answer with; requests elsewhere are answered with 404, large ones cut off.
   */
  listen(
    localAddress: string,
    handle: (request: HttpRequest, from: string) => number,
  ): ResultAsync<EventListener, TransportError>;
}

/** Everything that the use cases need, in one object. */
export interface Transport {
  readonly http: HttpPort;
  readonly datagram: DatagramPort;
  readonly interfaces: InterfacesPort;
  readonly clock: ClockPort;
  readonly random: RandomPort;
  /** Optional: without it, a gateway is polled. */
  readonly events?: EventsPort | undefined;
}
