/**
 * All the ways in which something can go wrong, as data. `kind` tells whose doing it was, `code` what exactly; both are
 * stable, `message` is for people and may change. `hint` is the next step for a person, where there is one.
 */

/** The caller passed something that can't be sent. Nothing was. */
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
  /** The peer's host answered that nobody listens there. */
  | 'refused'
  /** The connection was cut before the response was complete, by a reset. */
  | 'reset'
  /** The connection ended, in order, before the response was complete. */
  | 'truncated'
  | 'unreachable'
  | 'timeout'
  /** The caller's signal. */
  | 'aborted'
  /** More header or body bytes than allowed. */
  | 'too-large'
  /** What came back is not HTTP. */
  | 'not-http'
  /** A content coding, such as gzip, that was not asked for. */
  | 'unsupported-encoding'
  /** A final HTTP status that is no success; `status` holds it. */
  | 'http-status'
  | 'address-in-use'
  | 'no-such-interface'
  | 'not-permitted'
  /** Whatever the system said besides; `cause` holds its code. */
  | 'failed';

/** The wire, or the system under it, failed. */
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
  /** `empty` is a response of no bytes: the request may have been carried out all the same. */
  readonly code: 'datagram' | 'xml' | 'description' | 'response' | 'empty' | 'value';
  readonly message: string;
  /** What should have stood there. */
  readonly expected: string;
  /** Where: a line, an element's path, or a byte offset. */
  readonly where: string;
  /** At most 80 characters of what stood there, control characters removed. */
  readonly excerpt: string;
  readonly hint?: string | undefined;
}

/** The gateway answered with a fault: it understood, and said no. */
export interface UpnpFaultError {
  readonly kind: 'upnp-fault';
  /** The service type that was asked. */
  readonly service: string;
  readonly action: string;
  /** The UPnP error code; null where the fault carries none that is a number. */
  readonly code: number | null;
  /** The specification's name of the code in that service, or `Unknown`. */
  readonly name: string;
  /** The peer's own words, untrusted, control characters removed. */
  readonly description: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export type PolicyErrorCode =
  | 'not-http'
  | 'user-information'
  | 'host-name'
  | 'foreign-host'
  | 'public-address'
  | 'off-link-address'
  | 'bad-url'
  | 'redirect-refused';

/** Refused for safety, before a connection was made. */
export interface PolicyError {
  readonly kind: 'policy';
  readonly code: PolicyErrorCode;
  readonly message: string;
  readonly url: string;
  readonly hint?: string | undefined;
}

/** A device that answered and was turned down. */
export interface RejectedCandidate {
  /** The URL of its description. */
  readonly location: string;
  /** Its friendly name, untrusted; null before the description was read. */
  readonly name: string | null;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly error?: PortwrightError | undefined;
}

/** No device was found that can map ports. */
export interface NoGatewayError {
  readonly kind: 'no-gateway';
  /** `no-answer`: nobody answered the search; `none-usable`: some did, and each is a candidate. */
  readonly code: 'no-answer' | 'none-usable';
  readonly message: string;
  readonly candidates: readonly RejectedCandidate[];
  readonly hint?: string | undefined;
}

export type PortwrightError =
  InvalidArgumentError | TransportError | MalformedError | UpnpFaultError | PolicyError | NoGatewayError;
