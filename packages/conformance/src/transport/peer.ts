/**
 * The other end: what a transport under test talks to. It is told what to do by data, so that a peer of sockets and one of
 * a simulated network can both do it.
 */
import type {
  AddressFamily,
  Datagram,
  DefaultRouter,
  Endpoint,
  Headers,
  HttpRequest,
  InterfaceAddress,
  TransportError,
} from '@portwright/core';
import type { ResultAsync } from '@portwright/core/result';

/** What not every peer can do. */
export type Ability =
  /** Reads and writes single bytes of a TCP connection, and sees where connections begin and end. */
  | 'wire'
  /** Has IPv6. */
  | 'ipv6'
  /** Knows an address to which no way leads. */
  | 'unreachable'
  /** The same for datagrams. */
  | 'unreachable-datagram'
  /** The transport under test has two addresses from which the peer can be reached. */
  | 'second-address'
  /** The peer carries multicast, and can join groups itself. */
  | 'multicast'
  | 'ipv6-multicast'
  /** The peer is another host: what does not leave the transport's own host does not reach it. */
  | 'other-host'
  /** The peer has another address to send datagrams from. */
  | 'second-peer-address'
  /** The peer can refuse datagrams, and the transport's host hears of it (ICMP). */
  | 'refused-datagram'
  /** The peer knows the default routers of the transport's host. */
  | 'default-routers'
  /** The peer can hold a port of the transport's host, so that it is in use there. */
  | 'held-port'
  /** The peer can send a request to an address of the transport's host. */
  | 'callback';

/** One thing that a server does on a connection. After the last one it keeps the connection open. */
export type WireStep =
  /** One write of its own. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The server's side is closed in order; it still reads. */
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' };

/** What an answer comes to, for peers that carry messages and no bytes. */
export type Outcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array;
      readonly delayMs: number;
    }
  /** The connection is cut before the response is complete. */
  | { readonly kind: 'failure'; readonly code: 'reset' | 'truncated' }
  /** Nothing, ever. */
  | { readonly kind: 'silence' };

/** How a server answers. */
export interface Answer {
  readonly wire: readonly WireStep[];
  /** Null: only bytes can show it. */
  readonly outcome: Outcome | null;
}

/** A request as it arrived. */
export interface PeerRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The address that it came from. */
  readonly from: string;
}

/** One connection, as the server sees it. */
export interface PeerConnection {
  /** Null until it is complete. */
  readonly request: PeerRequest | null;
  /** All that has come so far; null for a peer that sees no bytes. */
  readonly received: () => Uint8Array | null;
  /** Whether the client had closed its side before the whole answer was written. */
  readonly halfClosedEarly: () => boolean;
  /** Resolves when the connection is gone, and so all that was received is there. */
  readonly gone: Promise<void>;
}

export interface HttpServer {
  /** `http://192.0.2.1:5000`, an IPv6 address in brackets. */
  readonly origin: string;
  /** Every connection that was made, in order. */
  readonly connections: readonly PeerConnection[];
  /** Resolves as soon as that many requests have arrived. */
  readonly arrived: (count: number) => Promise<void>;
  readonly close: () => PromiseLike<unknown>;
}

export interface HttpPeer {
  /** Listens, and answers every request in the way that `answer` says. */
  readonly serve: (
    answer: (request: PeerRequest) => Answer,
    family: AddressFamily,
  ) => ResultAsync<HttpServer, TransportError>;
  /** An origin at which a host is, and nobody listens. */
  readonly refusing: () => ResultAsync<string, TransportError>;
  /** An origin to which no way leads; needs `unreachable`. */
  readonly unreachable: string | null;
  /** Another address than the usual one from which the transport can reach servers of that family; needs `second-address`. */
  readonly secondAddress: { readonly family: AddressFamily; readonly address: string } | null;
  /** An address that the transport's host does not have. */
  readonly foreignAddress: string;
  /** Sends a request to a listener on the transport's host, and gives the status; null: none came. Needs `callback`. */
  readonly send: (request: HttpRequest) => Promise<number | null>;
}

export interface PeerSocket {
  readonly endpoint: Endpoint;
  readonly received: readonly Datagram[];
  /** Resolves as soon as that many datagrams have arrived. */
  readonly arrived: (count: number) => Promise<void>;
  /** Resolves when the datagram is on its way, and the receiver has had a chance to read. */
  readonly send: (payload: Uint8Array, to: Endpoint) => Promise<void>;
  readonly close: () => PromiseLike<unknown>;
}

export interface DatagramPeer {
  /** A socket of the peer's, at an address that the transport can reach; it joins the group, if there is one. */
  readonly open: (family: AddressFamily, place?: PeerPlace) => ResultAsync<PeerSocket, TransportError>;
  /** Another IPv4 address of the peer's; needs `second-peer-address`. */
  readonly secondAddress: string | null;
  /** An endpoint of the peer's where nobody listens, until a socket is opened on its port; needs `refused-datagram`. */
  readonly refusing: () => ResultAsync<Endpoint, TransportError>;
  /** The address at which the peer reaches the transport's sockets. */
  readonly clientAddress: (family: AddressFamily) => string;
  /** What a socket has to be opened with to reach the peer by multicast. */
  readonly multicast: (family: AddressFamily) => MulticastPlace | null;
  /** An address to which no way leads; needs `unreachable-datagram`. */
  readonly unreachable: string | null;
  /**
   * A UDP port of the transport's host: the given one, else a free one that the host's system chooses for nobody, so that
   * it stays free when it is given back. It is held, without sharing it, by a peer that can (`held-port`).
   */
  readonly hold: (family: AddressFamily, port?: number) => ResultAsync<HeldPort, TransportError>;
}

/** Where a socket of the peer's is. */
export interface PeerPlace {
  /** Default: the usual one of its family. */
  readonly address?: string;
  readonly group?: string;
  /** Default: any. */
  readonly port?: number;
}

export interface HeldPort {
  readonly port: number;
  /** Gives it back. */
  readonly close: () => PromiseLike<unknown>;
}

/** Where multicast is tried. */
export interface MulticastPlace {
  /** The interface of the transport's host. */
  readonly via: InterfaceAddress;
  /** A group that nobody joins but who is told to. */
  readonly group: string;
  readonly secondGroup: string;
  /** Another, which nobody joins at all. */
  readonly strangeGroup: string;
  /** The port on which members of the peer listen. */
  readonly port: number;
}

export interface Peer {
  /** What this peer can't do, and why. */
  readonly lacks: Readonly<Partial<Record<Ability, string>>>;
  readonly http: HttpPeer;
  readonly datagram: DatagramPeer;
  /** What the transport's host has, in its order; needs `default-routers`. */
  readonly defaultRouters: readonly DefaultRouter[] | null;
}
