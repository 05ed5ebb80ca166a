import type { Endpoint, HttpRequest } from '@portwright/core';
import { canonicalAddress } from './ip-address.ts';
import { type HttpOutcome, REFUSED } from './network-host.ts';

/** What a client does with a request that comes to it: an event, say. `from` is the sender's address. */
export type HttpListener = (request: HttpRequest, from: string) => HttpOutcome;

/** Where the system's choice of a port begins (RFC 6335, 6: dynamic ports). */
const FIRST_DYNAMIC_PORT = 49_152;

/** The TCP ports on which clients of a network listen. */
export class HttpListeners {
  readonly #byAddress = new Map<string, Map<number, HttpListener>>();

  /**
   * @returns a function that ends it
   * @throws RangeError for an address that is none, or a port in use
   */
  add({ address, port }: Endpoint, listener: HttpListener): () => void {
    const key = canonicalAddress(address);
    if (key === null) throw new RangeError(`not an IP address: ${address}`);
    const ports = this.#byAddress.get(key) ?? new Map<number, HttpListener>();
    if (ports.has(port)) throw new RangeError(`another listener already uses ${address} port ${port}`);
    this.#byAddress.set(key, ports.set(port, listener));
    return () => {
      if (ports.get(port) === listener) ports.delete(port);
    };
  }

  /** The first dynamic port at an address that nobody has. */
  freePort(address: string): number {
    const ports = this.#byAddress.get(canonicalAddress(address) ?? '');
    let port = FIRST_DYNAMIC_PORT;
    while (ports?.has(port) === true) port += 1;
    return port;
  }

  /** Null for an address at which nobody has ever listened. */
  find(address: string, port: number): HttpListener | null {
    const ports = this.#byAddress.get(canonicalAddress(address) ?? '');
    return ports === undefined ? null : (ports.get(port) ?? (() => REFUSED));
  }
}
