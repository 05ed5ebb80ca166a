/** A header as it stood on the wire: the name keeps its spelling, since some routers compare it byte by byte. */
export type Header = readonly [name: string, value: string];

/** Headers in the order of the wire; a name may occur more than once. */
export type Headers = readonly Header[];

/** An HTTP request, complete: an adapter adds nothing to it but the bytes of the request line. */
export interface HttpRequest {
  readonly method: string;
  /** An absolute `http:` URL without user information or fragment; the host is an IP literal unless the caller allowed names. */
  readonly url: string;
  /** Sent as they are spelled and in this order, but for fields of the same name, which may be sent together. */
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** An HTTP response, read to its end, with its transfer coding removed. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /**
   * The address from which this connection left, where the adapter can know it. It is the address that the gateway
   * sees as the internal client. A link-local IPv6 address carries its zone.
   */
  readonly localAddress?: string;
}

/** One end of a UDP conversation. A link-local IPv6 address carries its zone: `fe80::1%eth0`. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A UDP datagram and where it came from. */
export interface Datagram {
  readonly payload: Uint8Array;
  readonly from: Endpoint;
}

export type AddressFamily = 'ipv4' | 'ipv6';

/**
 * The value of the first header with this name, compared without regard to case (RFC 9110, 5.1); undefined where there is
 * none, and for what are no headers.
 */
export function headerValue(headers: Headers, name: string): string | undefined {
  // Callers in JavaScript have no compiler to tell them.
  const list: unknown = headers;
  if (!Array.isArray(list) || typeof name !== 'string') return undefined;
  const wanted = name.toLowerCase();
  return headers.find(([spelling]) => spelling.toLowerCase() === wanted)?.[1];
}

/** A network interface that is there and carries nothing: why. */
export interface UnconnectedInterface {
  /** The system's name of the interface: `eth0`, `Wi-Fi`. */
  readonly name: string;
  /** `down`: switched off; `no-carrier`: no cable or no Wi-Fi connection; `no-address`: connected, without an IP address. */
  readonly reason: 'down' | 'no-carrier' | 'no-address';
}
