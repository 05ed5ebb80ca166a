import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Endpoint, HttpRequest, TransportError } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { canonicalAddress } from '../../network/ip-address.ts';
import type { HttpOutcome } from '../../network/network-host.ts';
import type { Mount } from '../mount.ts';
import type { MountedGateway } from '../mounted-gateway.ts';
import { requestCallback } from './callback-request.ts';
import { serveConnection } from './http-connection.ts';
import { type HttpListener, listenHttp } from './http-listener.ts';
import { type ServedAddress, servedAddresses } from './served-address.ts';
import { bindSsdp, type SsdpBinding } from './ssdp-binding.ts';

export interface GatewaySocketsOptions {
  readonly router: MountedGateway;
  readonly ssdp: 'multicast' | 'loopback' | false;
  readonly ssdpPort: number;
  readonly interfaceName: string | undefined;
  readonly requestDeadlineMs: number;
}

/** UDA 1.1, 1.2.2: "The TTL for the IP packet SHOULD default to 2"; UDA 1.0, 1.1.2, has 4. */
const TTL = { 1: 4, 2: 2 } as const;

/** The sockets of a gateway, and how they follow where it moves. */
export class GatewaySockets implements Mount {
  readonly #options: GatewaySocketsOptions;
  readonly #connections = new Set<Socket>();
  readonly #stop = new AbortController();
  /** Listeners that take nothing new, and end with their last connection. */
  readonly #ending: Promise<void>[] = [];
  #addresses: readonly ServedAddress[] = [];
  #listeners: readonly HttpListener[] = [];
  #ssdp: SsdpBinding | null = null;
  #settled: Promise<Result<void, TransportError>> = Promise.resolve(ok());

  constructor(options: GatewaySocketsOptions) {
    this.#options = options;
  }

  /** What stands for port 1900; null without SSDP. */
  get ssdpPort(): number | null {
    return this.#ssdp?.port ?? null;
  }

  /** What came of the latest move. */
  get settled(): Promise<Result<void, TransportError>> {
    return this.#settled;
  }

  moved(): void {
    this.#settled = this.#settled.then(() => this.#follow(true));
  }

  multicast(payload: Uint8Array, from: Endpoint, group: string): void {
    // After a move that is under way, so that it leaves from the new address.
    void this.#settled.then(() => this.#ssdp?.multicast(payload, from, group));
  }

  request(request: HttpRequest, from: string): Promise<HttpOutcome | null> {
    const own = this.#addresses.find(({ address }) => canonicalAddress(address) === canonicalAddress(from));
    if (own === undefined || this.#stop.signal.aborted) return Promise.resolve(null);
    return requestCallback(request, own.bindAddress, this.#stop.signal);
  }

  /** Binds what the gateway's options ask for. */
  open(): Promise<Result<void, TransportError>> {
    return this.#follow(false);
  }

  /** Lets go of what the gateway's options no longer ask for, and binds what they ask for now. */
  async #follow(mayTakeOtherPort: boolean): Promise<Result<void, TransportError>> {
    if (this.#stop.signal.aborted) return ok();
    const { router, interfaceName } = this.#options;
    const { machine } = router;
    const { httpPort } = machine.config;
    const addresses = servedAddresses(machine.config, networkInterfaces(), interfaceName);
    const isElsewhere = spelled(addresses) !== spelled(this.#addresses);
    if (!isElsewhere && this.#listeners[0]?.port === httpPort) return ok();

    this.#stopListening();
    if (isElsewhere) {
      const bound = await this.#bindSsdp(addresses);
      if (bound.isErr()) return bound;
    }
    const first = await this.#listen(httpPort);
    const isTaken = first.isErr() && first.error.code === 'address-in-use';
    const listening = isTaken && mayTakeOtherPort ? await this.#listen(0) : first;
    return listening.map((port) => {
      if (port === httpPort) return;
      // LOCATION has to be true, and so has what was announced before.
      machine.configure({ httpPort: port });
      if (isTaken) machine.greet([this]);
    });
  }

  /** Ends every connection, and resolves when all sockets are closed. */
  async close(): Promise<void> {
    // After the latest move, whatever came of it, and after what was announced before.
    await this.#settled.then(() => this.#ssdp?.close());
    this.#stop.abort();
    this.#stopListening();
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(this.#ending);
  }

  /** On other addresses, and the same port as before. */
  async #bindSsdp(addresses: readonly ServedAddress[]): Promise<Result<void, TransportError>> {
    const { router, ssdp: mode, ssdpPort } = this.#options;
    const { host, config } = router.machine;
    const port = this.#ssdp?.port ?? ssdpPort;
    await this.#ssdp?.close();
    this.#ssdp = null;
    this.#addresses = [];
    if (mode !== false) {
      const bound = await bindSsdp({ host, clock: router.clock, addresses, mode, port, ttl: TTL[config.igdVersion] });
      if (bound.isErr()) return err(bound.error);
      this.#ssdp = bound.value;
    }
    this.#addresses = addresses;
    return ok();
  }

  /** One port on every address. @returns the port */
  async #listen(wanted: number): Promise<Result<number, TransportError>> {
    const { router, requestDeadlineMs } = this.#options;
    const { machine, clock } = router;
    let port = wanted;
    for (const { bindAddress } of this.#addresses) {
      const listener = await listenHttp(bindAddress, port, (socket) => {
        this.#connections.add(socket);
        socket.once('close', () => this.#connections.delete(socket));
        serveConnection(socket, {
          answer: (request, from) => machine.host.http(socket.localPort ?? port, request, from),
          refused: (received, response, from) => {
            machine.refused(from, received, response);
          },
          server: () => machine.config.server,
          clock,
          requestDeadlineMs,
        });
      });
      if (listener.isErr()) {
        this.#stopListening();
        return err(listener.error);
      }
      port = listener.value.port;
      this.#listeners = [...this.#listeners, listener.value];
    }
    return ok(port);
  }

  /** Requests under way are answered still, as they are by a gateway that moves in the middle of one. */
  #stopListening(): void {
    this.#ending.push(...this.#listeners.map((listener) => listener.close()));
    this.#listeners = [];
  }
}

function spelled(addresses: readonly ServedAddress[]): string {
  return addresses.map(({ bindAddress }) => bindAddress).join(' ');
}
