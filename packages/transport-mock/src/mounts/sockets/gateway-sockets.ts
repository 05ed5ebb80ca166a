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
import { hasPortControl, PORT_CONTROL_PORT } from '../../port-control/port-control-server.ts';
import { bindPortControl, type PortControlBinding } from './port-control-binding.ts';
import { type ServedAddress, servedAddresses } from './served-address.ts';
import { bindSsdp, type SsdpBinding } from './ssdp-binding.ts';

export interface GatewaySocketsOptions {
  readonly router: MountedGateway;
  readonly ssdp: 'multicast' | 'loopback' | false;
  readonly ssdpPort: number;
  readonly portControlPort: number;
  readonly interfaceName: string | undefined;
  readonly requestDeadlineMs: number;
  readonly servesPartly: boolean;
  readonly takesFreePort: boolean;
}

/** UDA 1.1, 1.2.2: "The TTL for the IP packet SHOULD default to 2"; UDA 1.0, 1.1.2, has 4. */
const TTL = { 1: 4, 2: 2 } as const;

/** Connections from one address at a time, so that one client cannot keep the others out. */
const CONNECTIONS_OF_ONE = 16;

/** A part of a gateway that is not served where it should be. */
export interface UnservedPart {
  /** Searches, PCP and NAT-PMP, or descriptions and control. */
  readonly part: 'ssdp' | 'port-control' | 'http';
  readonly error: TransportError;
  /** The port that was taken and the one that is served in its place; null where nothing is. */
  readonly moved: { readonly from: number; readonly to: number } | null;
}

function unserved(part: UnservedPart['part'], failures: readonly TransportError[]): readonly UnservedPart[] {
  return failures.map((error) => ({ part, error, moved: null }));
}

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
  #portControl: PortControlBinding | null = null;
  #settled: Promise<Result<void, TransportError>> = Promise.resolve(ok());
  #unserved: readonly UnservedPart[] = [];

  constructor(options: GatewaySocketsOptions) {
    this.#options = options;
  }

  /** What stands for port 1900; null without SSDP. */
  get ssdpPort(): number | null {
    return this.#ssdp?.port ?? null;
  }

  /** What stands for port 5351; null without PCP and NAT-PMP. */
  get portControlPort(): number | null {
    return this.#portControl?.port ?? null;
  }

  /** What came of the latest move. */
  get settled(): Promise<Result<void, TransportError>> {
    return this.#settled;
  }

  get unserved(): readonly UnservedPart[] {
    return this.#unserved;
  }

  moved(): void {
    this.#settled = this.#settled.then(() => this.#move());
  }

  multicast(payload: Uint8Array, from: Endpoint, to: Endpoint): void {
    // After a move that is under way, so that it leaves from the new address.
    void this.#settled.then(() => {
      if (from.port === PORT_CONTROL_PORT) this.#portControl?.multicast(payload, from, to);
      else this.#ssdp?.multicast(payload, from, to.address);
    });
  }

  request(request: HttpRequest, from: string): Promise<HttpOutcome | null> {
    const own = this.#addresses.find(({ address }) => canonicalAddress(address) === canonicalAddress(from));
    if (own === undefined || this.#stop.signal.aborted) return Promise.resolve(null);
    return requestCallback(request, own.bindAddress, this.#stop.signal);
  }

  /** Binds what the gateway's options ask for. */
  async open(): Promise<Result<void, TransportError>> {
    return (await this.#follow(this.#options.takesFreePort)).map(() => undefined);
  }

  /** A port that was taken is no reason to be gone: what the gateway has announced becomes another port. */
  async #move(): Promise<Result<void, TransportError>> {
    return (await this.#follow(true)).map((isOtherPort) => {
      if (isOtherPort) this.#options.router.machine.greet([this]);
    });
  }

  /**
   * Lets go of what the gateway's options no longer ask for, and binds what they ask for now.
   *
   * @returns whether it took a free port in place of one that is taken
   */
  async #follow(takesFreePort: boolean): Promise<Result<boolean, TransportError>> {
    if (this.#stop.signal.aborted) return ok(false);
    const { router, interfaceName } = this.#options;
    const { machine } = router;
    const { httpPort, protocols } = machine.config;
    const hasUpnp = protocols.includes('upnp');
    const addresses = servedAddresses(machine.config, networkInterfaces(), interfaceName);
    const isElsewhere = spelled(addresses) !== spelled(this.#addresses);
    if (!isElsewhere && (!hasUpnp || this.#listeners[0]?.port === httpPort)) return ok(false);

    this.#stopListening();
    if (isElsewhere) {
      const bound = await this.#bindUdp(addresses);
      if (bound.isErr()) return err(bound.error);
    }
    if (!hasUpnp) return ok(false);
    const first = await this.#listen(httpPort);
    const taken = first.isErr() && first.error.code === 'address-in-use' && takesFreePort ? first.error : null;
    const listening = taken === null ? first : await this.#listen(0);
    return listening.map((port) => {
      if (taken !== null) {
        const moved: UnservedPart = { part: 'http', error: taken, moved: { from: httpPort, to: port } };
        this.#unserved = [...this.#unserved, moved];
      }
      // LOCATION has to be true.
      if (port !== httpPort) machine.configure({ httpPort: port });
      return taken !== null;
    });
  }

  /** Ends every connection, and resolves when all sockets are closed. */
  async close(): Promise<void> {
    // After the latest move, whatever came of it, and after what was announced before.
    await this.#settled.then(() => this.#closeUdp());
    this.#stop.abort();
    this.#stopListening();
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(this.#ending);
  }

  /** On other addresses, and the same ports as before. */
  async #bindUdp(addresses: readonly ServedAddress[]): Promise<Result<void, TransportError>> {
    const { router, ssdp: mode, servesPartly } = this.#options;
    const { host, config } = router.machine;
    const { clock } = router;
    const ssdpPort = this.#ssdp?.port ?? this.#options.ssdpPort;
    const portControlPort = this.#portControl?.port ?? this.#options.portControlPort;
    await this.#closeUdp();
    this.#addresses = [];
    this.#unserved = [];
    if (mode !== false && config.protocols.includes('upnp')) {
      this.#ssdp = await bindSsdp({ host, clock, addresses, mode, port: ssdpPort, ttl: TTL[config.igdVersion] });
    }
    if (hasPortControl(router.machine)) {
      const announces = mode === 'multicast';
      this.#portControl = await bindPortControl({ host, clock, addresses, port: portControlPort, announces });
    }
    const ofSsdp = this.#ssdp?.failures ?? [];
    const ofPortControl = this.#portControl?.failures ?? [];
    const [failure] = [...ofSsdp, ...ofPortControl];
    const isAll = !config.protocols.includes('upnp') && this.portControlPort === null;
    if (failure !== undefined && (!servesPartly || isAll)) return err(failure);
    this.#unserved = [...unserved('ssdp', ofSsdp), ...unserved('port-control', ofPortControl)];
    this.#addresses = addresses;
    return ok();
  }

  async #closeUdp(): Promise<void> {
    const closing = [this.#ssdp, this.#portControl].map(async (binding) => {
      await binding?.close();
    });
    // What is announced from now on is lost.
    this.#ssdp = null;
    this.#portControl = null;
    await Promise.all(closing);
  }

  /** One port on every address, at least on the first, which is IPv4. @returns the port */
  async #listen(wanted: number): Promise<Result<number, TransportError>> {
    const failures: TransportError[] = [];
    let port = wanted;
    for (const [index, { bindAddress }] of this.#addresses.entries()) {
      const listener = await listenHttp(bindAddress, port, (socket) => {
        this.#serve(socket, port);
      });
      if (listener.isOk()) {
        port = listener.value.port;
        this.#listeners = [...this.#listeners, listener.value];
      } else if (index > 0 && this.#options.servesPartly) {
        failures.push(listener.error);
      } else {
        this.#stopListening();
        return err(listener.error);
      }
    }
    this.#unserved = [...this.#unserved.filter(({ part }) => part !== 'http'), ...unserved('http', failures)];
    return ok(port);
  }

  #serve(socket: Socket, port: number): void {
    const { router, requestDeadlineMs } = this.#options;
    const { machine, clock } = router;
    const { remoteAddress } = socket;
    const ofOne = [...this.#connections].filter((connection) => connection.remoteAddress === remoteAddress);
    // Without an address, the client has reset it already.
    if (remoteAddress === undefined || ofOne.length >= CONNECTIONS_OF_ONE) {
      socket.destroy();
      return;
    }
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
