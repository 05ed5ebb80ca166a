import type { Datagram, DatagramSocket, Endpoint, TransportError } from '@portwright/core';
import { errAsync, okAsync, type ResultAsync } from '@portwright/core/result';
import { canonicalAddress, isLinkLocal } from './ip-address.ts';

/** Datagrams that a socket holds for a reader that is slow; what comes then is dropped, as a kernel does. */
const BUFFERED_DATAGRAMS = 256;

export interface MemorySocketOptions {
  readonly local: Endpoint;
  /** Whether it hears what is sent to an address or a group, spelled canonically. */
  readonly receivesAt: (address: string) => boolean;
  /** The zone that link-local senders are in. */
  readonly zone: string;
  /** Whether what is sent to it arrives. */
  readonly isConnected: () => boolean;
  readonly onSend: (payload: Uint8Array, to: Endpoint) => TransportError | null;
  readonly onClose: () => void;
  /** The only endpoint that it hears. Default: it hears all. */
  readonly remote?: Endpoint | undefined;
  readonly onRefused?: (() => void) | undefined;
}

/** A UDP socket on a {@link MemoryNetwork}. */
export class MemorySocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly receivesAt: (address: string) => boolean;
  readonly datagrams: AsyncIterable<Datagram>;
  readonly #zone: string;
  readonly #isConnected: () => boolean;
  readonly #onSend: MemorySocketOptions['onSend'];
  readonly #onClose: () => void;
  readonly #remote: Endpoint | undefined;
  readonly #onRefused: () => void;
  readonly #buffered: Datagram[] = [];
  #reader: ((result: IteratorResult<Datagram, undefined>) => void) | null = null;
  #isClosed = false;

  constructor(options: MemorySocketOptions) {
    const { local, receivesAt, zone, isConnected, onSend, onClose, remote, onRefused } = options;
    this.local = local;
    this.receivesAt = receivesAt;
    this.#zone = zone;
    this.#isConnected = isConnected;
    this.#onSend = onSend;
    this.#onClose = onClose;
    this.#remote = remote;
    this.#onRefused = onRefused ?? (() => undefined);
    this.datagrams = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) };
  }

  send(payload: Uint8Array, to: Endpoint): ResultAsync<void, TransportError> {
    if (this.#isClosed) return errAsync({ kind: 'transport', code: 'failed', message: 'the socket is closed' });
    const error = this.#onSend(payload, to);
    return error === null ? okAsync(undefined) : errAsync(error);
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#onClose();
      this.#reader?.({ done: true, value: undefined });
      this.#reader = null;
    }
    return Promise.resolve();
  }

  /** What the network calls when a datagram arrives. */
  deliver({ payload, from }: Datagram): void {
    if (this.#isClosed || !this.#isConnected()) return;
    if (this.#remote !== undefined && !isSameEndpoint(this.#remote, from)) return;
    const address = isLinkLocal(from.address) ? `${from.address}%${this.#zone}` : from.address;
    const datagram: Datagram = { payload, from: { ...from, address } };
    const reader = this.#reader;
    this.#reader = null;
    if (reader !== null) reader({ done: false, value: datagram });
    else if (this.#buffered.length < BUFFERED_DATAGRAMS) this.#buffered.push(datagram);
  }

  /** What the network calls when a host has refused a datagram of this socket: only a connected one learns of it. */
  refuse(by: Endpoint): void {
    if (this.#isClosed || !this.#isConnected() || this.#remote === undefined) return;
    if (isSameEndpoint(this.#remote, by)) this.#onRefused();
  }

  #next(): Promise<IteratorResult<Datagram, undefined>> {
    const datagram = this.#buffered.shift();
    if (datagram !== undefined) return Promise.resolve({ done: false, value: datagram });
    if (this.#isClosed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }
}

/** Whether two endpoints are one, however their addresses are spelled. */
export function isSameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && canonicalAddress(one.address) === canonicalAddress(other.address);
}
