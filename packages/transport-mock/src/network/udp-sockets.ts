import type { Endpoint } from '@portwright/core';
import { canonicalAddress } from './ip-address.ts';
import type { MemorySocket } from './memory-socket.ts';

/** The open UDP sockets of all clients on a network. */
export class UdpSockets {
  readonly #byPort = new Map<number, MemorySocket[]>();

  /** Those that hear what is sent to an endpoint. */
  at({ address, port }: Endpoint): readonly MemorySocket[] {
    const key = canonicalAddress(address);
    return (this.#byPort.get(port) ?? []).filter((socket) => key !== null && socket.receivesAt(key));
  }

  add(socket: MemorySocket): void {
    const { port } = socket.local;
    this.#byPort.set(port, [...(this.#byPort.get(port) ?? []), socket]);
  }

  remove(socket: MemorySocket): void {
    const { port } = socket.local;
    const others = (this.#byPort.get(port) ?? []).filter((other) => other !== socket);
    if (others.length > 0) this.#byPort.set(port, others);
    else this.#byPort.delete(port);
  }

  clear(): void {
    this.#byPort.clear();
  }
}
