/**
 * All errors, as data. `kind` says where the error comes from, `code` says which error it is; both are stable. `message`
 * is for people and may change. `hint` is the next step for a person.
 */
import type { AddressFamily, UnconnectedInterface } from './messages.ts';

/** The caller passed an invalid argument. Nothing was sent. */
export interface InvalidArgumentError {
  readonly kind: 'invalid-argument';
  readonly code:
    | 'out-of-range'
    | 'wrong-type'
    | 'forbidden-characters'
    | 'not-an-address'
    | 'not-a-url'
    | 'missing'
    | 'no-such-service';
  readonly message: string;
  /** The argument's name, as the caller knows it. */
  readonly argument: string;
  readonly hint?: string | undefined;
}

export type TransportErrorCode =
  /** The peer's host answered that no program listens on that port. */
  | 'refused'
  /** The connection was cut before the response was complete, by a reset. */
  | 'reset'
  /** The peer closed the connection before the response was complete. */
  | 'truncated'
  | 'unreachable'
  | 'timeout'
  /** The caller's signal aborted it. */
  | 'aborted'
  /** More header or body bytes than allowed. */
  | 'too-large'
  /** The answer is not HTTP. */
  | 'not-http'
  /** The answer has a content coding, such as gzip, that the request did not accept. */
  | 'unsupported-encoding'
  /** A final HTTP status that is not a success; `status` holds it. */
  | 'http-status'
  | 'address-in-use'
  | 'no-such-interface'
  /** This computer has no address of the family that is needed. */
  | 'no-address'
  | 'not-permitted'
  /** Any other error of the system; `cause` holds its code. */
  | 'failed';

/** The network or the operating system failed. */
export interface TransportError {
  readonly kind: 'transport';
  readonly code: TransportErrorCode;
  readonly message: string;
  /** With `http-status` only. */
  readonly status?: number | undefined;
  /** The system's own code, such as `EHOSTUNREACH`. */
  readonly cause?: string | undefined;
  readonly hint?: string | undefined;
}

/** The peer sent something that can't be decoded. */
export interface MalformedError {
  readonly kind: 'malformed';
  /** `empty` is a response without a body: the device may still have carried out the request. */
  readonly code: 'datagram' | 'xml' | 'description' | 'response' | 'empty' | 'value';
  readonly message: string;
  /** What the specification requires there. */
  readonly expected: string;
  /** Where: a line, an element's path, or a byte offset. */
  readonly where: string;
  /** At most 80 characters of the text found there, without control characters. */
  readonly excerpt: string;
  /**
   * The values of the answer, such as those of a table row, if it is the answer of the action that was asked for, and a
   * value or the markup in it can't be read. Untrusted, at most 200 characters, without control characters.
   */
  readonly text?: string | undefined;
  readonly hint?: string | undefined;
}

/** The gateway answered with a fault: it understood the request and refused it. */
export interface UpnpFaultError {
  readonly kind: 'upnp-fault';
  /** The type of the service that refused. */
  readonly service: string;
  readonly action: string;
  /** The UPnP error code; null if the fault has no numeric code. */
  readonly code: number | null;
  /** The specification's name of the code in that service, or `Unknown`. */
  readonly name: string;
  /** The device's own error text, untrusted, without control characters. */
  readonly description: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export type RefusalCode =
  /** The server speaks another version of the protocol. */
  | 'unsupported-version'
  /** The server does not let this device open ports. */
  | 'not-authorized'
  /** The server calls the request malformed. */
  | 'not-understood'
  /** The server does not offer the operation, or not for this protocol. */
  | 'unsupported'
  /** The server cannot be asked for one port and no other. */
  | 'unsupported-option'
  /** The server has no Internet connection, or no public address. */
  | 'network-failure'
  /** The server has no room for another mapping, or no public address. */
  | 'no-resources'
  /** This device has as many mappings as it may have. */
  | 'quota'
  /** The external port is taken, or not permitted. */
  | 'port-not-available'
  /** There is another NAT between this device and the server. */
  | 'address-mismatch'
  | 'unknown';

/** A PCP or NAT-PMP server understood the request and refused it. */
export interface RefusalError {
  readonly kind: 'refusal';
  readonly code: RefusalCode;
  readonly via: 'pcp' | 'nat-pmp';
  /** The result code on the wire; 0: the server granted another port than the only one that was wanted. */
  readonly resultCode: number;
  readonly message: string;
  /** Seconds until the same request is worth another try. Until then it is refused without being sent. */
  readonly retryInSeconds: number;
  readonly hint: string;
}

/** What can go wrong with a request to a gateway. */
export type CallError = InvalidArgumentError | MalformedError | UpnpFaultError | RefusalError | TransportError;

export type PolicyErrorCode =
  | 'not-http'
  | 'user-information'
  | 'host-name'
  | 'foreign-host'
  | 'public-address'
  | 'off-link-address'
  | 'low-port'
  | 'bad-url'
  | 'redirect-refused';

/** A URL that Portwright refuses for safety, before it connects. */
export interface PolicyError {
  readonly kind: 'policy';
  readonly code: PolicyErrorCode;
  readonly message: string;
  readonly url: string;
  readonly hint?: string | undefined;
}

/** A device that answered and was not used. */
export interface RejectedCandidate {
  /**
   * What was wrong. `bad-answer`: its answer can't be read; `bad-location`: the URL in its answer is refused for safety;
   * `no-description`: its description can't be fetched or read; `not-a-gateway`: it is another device, and nothing is
   * wrong; `bad-service`: the description has no connection service that can be called; `no-control`: its connection
   * service does not answer; `worse`: another one is used; `no-server`: a router that does not answer PCP, or NAT-PMP;
   * `not-authorized`: one whose PCP or NAT-PMP server lets this device open no ports.
   */
  readonly code:
    | 'bad-answer'
    | 'bad-location'
    | 'no-description'
    | 'not-a-gateway'
    | 'bad-service'
    | 'no-control'
    | 'worse'
    | 'no-server'
    | 'not-authorized';
  /** The URL of its description, or of its server, such as `pcp://192.168.1.1`; null with `bad-answer`. */
  readonly location: string | null;
  /** The address that answered the search; absent where it was not searched for. */
  readonly from?: string | undefined;
  /** Its friendly name, untrusted; null before the description was read. */
  readonly name: string | null;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly error?: PortwrightError | undefined;
}

/** Where a search went. */
export interface SearchedInterface {
  /** Null: the one that the system chose, since it lists none. */
  readonly name: string | null;
  /** Without a zone. */
  readonly address: string | null;
  readonly family: AddressFamily;
}

/** An interface, loopback aside, on which nothing was searched. */
export interface UnsearchedInterface {
  readonly name: string;
  /** `no-ipv4`, `no-ipv6`: it has no address of the family that was searched; the others as in {@link UnconnectedInterface}. */
  readonly reason: UnconnectedInterface['reason'] | 'no-ipv4' | 'no-ipv6';
  /** The address of the other family; null without one that reaches beyond the interface's own link. */
  readonly address: string | null;
}

/** An answer that came after the time was up. */
export interface LateAnswer {
  readonly from: string;
  readonly location: string;
  /** Milliseconds after the end of the search. */
  readonly afterMs: number;
}

/** Where a search went, and what it could not use. */
export interface SearchFacts {
  readonly interfaces: readonly SearchedInterface[];
  readonly unsearched: readonly UnsearchedInterface[];
  /** This system's default router; null: it has none, or the adapter can't know. */
  readonly defaultRouter: string | null;
  /** Whether the default router is in a network that was searched; false for one behind a VPN. */
  readonly isRouterSearched: boolean;
  readonly timeoutMs: number;
  readonly late: readonly LateAnswer[];
}

/** No device was found that can map ports. */
export interface NoGatewayError {
  readonly kind: 'no-gateway';
  /**
   * `no-network`: this computer is on no network; `no-carrier`: the same, for want of a cable or a Wi-Fi connection;
   * `no-ipv4`, `no-ipv6`: no interface has an address of that family; `no-answer`: nobody answered the search;
   * `late-answer`: somebody did after the time was up; `none-usable`: some did, and each is a candidate.
   */
  readonly code: 'no-network' | 'no-carrier' | 'no-ipv4' | 'no-ipv6' | 'no-answer' | 'late-answer' | 'none-usable';
  readonly message: string;
  readonly candidates: readonly RejectedCandidate[];
  /** Absent where a URL was given instead. */
  readonly search?: SearchFacts | undefined;
  readonly hint?: string | undefined;
}

export type PortwrightError =
  InvalidArgumentError | TransportError | MalformedError | UpnpFaultError | RefusalError | PolicyError | NoGatewayError;
