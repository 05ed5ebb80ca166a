import type { ClockPort, Endpoint, HttpRequest, RandomPort } from '@portwright/core';
import type { FaultDefinition, FaultHooks, InjectedFault, InjectOptions, RequestContext } from './faults/fault.ts';
import { FaultSet } from './faults/fault-set.ts';
import { milliseconds } from './clock/duration.ts';
import { Gateway } from './gateway/gateway.ts';
import { completeGatewayOptions, type GatewayConfig, type GatewayOptions } from './gateway/gateway-options.ts';
import { requestContext, serveHttp } from './http/http-server.ts';
import type { Mount } from './mounts/mount.ts';
import { canonicalAddress, familyOf, isLinkLocal } from './network/ip-address.ts';
import { type HttpOutcome, type NetworkHost, REFUSED, type ReplyDatagram } from './network/network-host.ts';
import type { Exchange } from './recording.ts';
import { seededRandom } from './seeded-random.ts';
import { announcements, answerSearch } from './ssdp/responder.ts';
import { readSearch } from './ssdp/ssdp-message.ts';

const SSDP_PORT = 1900;

export interface MachineOptions {
  readonly options: GatewayOptions;
  readonly clock: ClockPort;
  readonly random: RandomPort;
  /** From which the faults' own randomness follows. */
  readonly seed: number;
  readonly record: (exchange: Exchange) => void;
  /** See FaultControls. */
  readonly changeNetwork: () => void;
}

/** The box that a gateway runs on: it outlives reboots, has faults, and is what mounts are attached to. */
export class GatewayMachine {
  readonly host: NetworkHost;
  readonly #clock: ClockPort;
  readonly #random: RandomPort;
  readonly #seed: number;
  readonly #record: (exchange: Exchange) => void;
  readonly #changeNetwork: () => void;
  readonly #faults: FaultSet;
  readonly #mounts = new Set<Mount>();
  readonly #listeners = new Set<() => void>();
  #options: GatewayOptions;
  #gateway: Gateway;
  #injections = 0;

  constructor({ options, clock, random, seed, record, changeNetwork }: MachineOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#seed = seed;
    this.#record = record;
    this.#changeNetwork = changeNetwork;
    this.#options = options;
    this.#gateway = new Gateway(completeGatewayOptions(options), clock);
    this.#faults = new FaultSet(
      () => clock.now(),
      () => {
        this.#reconfigure();
      },
    );
    const addresses = (): readonly string[] => {
      const { lanAddress, lanAddress6, linkLocalAddress } = this.config;
      return lanAddress6 === null ? [lanAddress] : [lanAddress, lanAddress6, linkLocalAddress];
    };
    this.host = {
      get addresses() {
        return addresses();
      },
      http: (port, request, from) => this.#http(port, request, from),
      datagram: (payload, to, from) => this.#datagram(payload, to, from),
    };
  }

  /** The gateway of this boot. */
  get gateway(): Gateway {
    return this.#gateway;
  }

  get config(): GatewayConfig {
    return this.#gateway.config;
  }

  /** @returns a function that takes the mount away again */
  attach(mount: Mount): () => void {
    this.#mounts.add(mount);
    return () => this.#mounts.delete(mount);
  }

  /** Is called whenever something may have changed that events tell of. @returns a function that ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Options that stay, reboot or not. */
  configure(options: GatewayOptions): void {
    this.#options = { ...this.#options, ...options };
    this.#reconfigure();
  }

  announce(kind: 'alive' | 'byebye'): void {
    for (const [group, address] of announcementGroups(this.config)) {
      for (const payload of announcements(this.#gateway, kind, address, group)) {
        for (const mount of this.#mounts) mount.multicast(payload, { address, port: SSDP_PORT }, group);
      }
    }
  }

  /** A request of the gateway's own, by the first mount that can reach the host. */
  async request(request: HttpRequest): Promise<HttpOutcome | null> {
    for (const mount of this.#mounts) {
      const outcome = await mount.request(request);
      if (outcome !== null) return outcome;
    }
    return null;
  }

  /**
   * Power off and on: the table is lost, the uptime begins anew, BOOTID.UPNP.ORG has grown (UDA 1.1, 1.2.2), and
   * control is on another port. Without a byebye, since nobody had the time for one.
   */
  reboot(httpPort: number = this.config.httpPort + 1): void {
    this.#options = { ...this.#options, httpPort, bootId: this.config.bootId + 1 };
    this.#gateway = new Gateway(this.#complete(), this.#clock);
    for (const mount of this.#mounts) mount.moved();
    this.announce('alive');
    this.changed();
  }

  changeExternalAddress(address: string): void {
    // It is kept by the provider, and so it outlives a reboot.
    this.#options = { ...this.#options, externalAddress: address };
    this.#gateway.connection.externalAddress = address;
    this.changed();
  }

  setWanLink(isUp: boolean): void {
    this.#gateway.connection.setLine(isUp);
    this.changed();
  }

  inject(name: string, definition: FaultDefinition, options: InjectOptions): InjectedFault {
    this.#injections += 1;
    const injected = this.#faults.inject(name, definition, options, {
      random: seededRandom(options.seed ?? this.#seed * 1_000 + this.#injections),
      now: () => this.#clock.now(),
      controls: {
        reboot: () => {
          this.reboot();
        },
        changeExternalAddress: (address) => {
          this.changeExternalAddress(address);
        },
        setWanLink: (isUp) => {
          this.setWanLink(isUp);
        },
        dropMappings: () => {
          const { mappings } = this.#gateway.connection;
          mappings.remove(mappings.all());
          this.changed();
        },
        changeNetwork: this.#changeNetwork,
      },
    });
    if (injected.hooks.strike !== undefined && options.on === undefined && options.nth === undefined) {
      void this.#strikeAfter(milliseconds(options.after ?? 0));
    }
    return injected;
  }

  /** Faults that wait for their time alone have an occasion of their own. */
  async #strikeAfter(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.sleep(ms);
    this.#strike(this.#faults.happening(['time']));
  }

  #strike(happening: readonly { readonly hooks: FaultHooks }[]): void {
    for (const { hooks } of happening) hooks.strike?.();
  }

  #complete(): GatewayConfig {
    return completeGatewayOptions(Object.assign({}, this.#options, ...this.#faults.options) as GatewayOptions);
  }

  #reconfigure(): void {
    const { httpPort } = this.config;
    this.#gateway.reconfigure(this.#complete());
    if (this.config.httpPort !== httpPort) for (const mount of this.#mounts) mount.moved();
    this.changed();
  }

  #http(port: number, request: HttpRequest, from: string): HttpOutcome {
    if (port !== this.config.httpPort) return REFUSED;
    const context: RequestContext = requestContext(this.#gateway, request, from);
    const happening = this.#faults.happening([context.purpose, ...(context.action === null ? [] : [context.action])]);
    this.#strike(happening);
    const gateway = this.#gateway;
    const hooks = happening.map((one) => one.hooks);
    let response = serveHttp(gateway, request, from, (call, carryOut) =>
      hooks.reduce(
        (inner, { action }) => (action === undefined ? inner : () => action(call, inner)),
        carryOut,
      )(),
    );
    for (const hook of hooks) response = hook.response?.(response, context) ?? response;
    let outcome: HttpOutcome = { kind: 'response', response, delayMs: 0 };
    for (const hook of hooks) outcome = hook.outcome?.(outcome, context) ?? outcome;
    this.#record({
      kind: 'http',
      at: gateway.now(),
      from,
      request,
      outcome,
      faults: happening.map(({ name }) => name),
    });
    if (context.purpose === 'control') this.changed();
    return outcome;
  }

  #datagram(payload: Uint8Array, to: Endpoint, from: Endpoint): readonly ReplyDatagram[] {
    if (to.port !== SSDP_PORT) return [];
    const localAddress = receivingAddress(this.config, to, from);
    const isMulticast = canonicalAddress(to.address) !== canonicalAddress(localAddress);
    const happening = this.#faults.happening(['search']);
    this.#strike(happening);
    const gateway = this.#gateway;
    let answers: readonly ReplyDatagram[] = answerSearch(
      gateway,
      payload,
      { isMulticast, localAddress },
      this.#random,
    ).map((answer) => ({ ...answer, from: { address: localAddress, port: SSDP_PORT } }));
    const context = { target: readSearch(payload)?.target ?? null, isMulticast };
    for (const { hooks } of happening) answers = hooks.search?.(answers, context) ?? answers;
    this.#record({
      kind: 'search',
      at: gateway.now(),
      from,
      to,
      payload,
      answers: answers.map((answer) => answer.payload),
      faults: happening.map(({ name }) => name),
    });
    return answers;
  }
}

/** UDA 1.1, 1.2.2 and annex A.3: where announcements go, and from which address. */
function announcementGroups(config: GatewayConfig): readonly (readonly [group: string, address: string])[] {
  const ipv4 = [['239.255.255.250', config.lanAddress]] as const;
  return config.lanAddress6 === null
    ? ipv4
    : [...ipv4, ['FF02::C', config.linkLocalAddress], ['FF05::C', config.lanAddress6]];
}

/** The address that a datagram came to; for one to a group, the one that the sender can reach. */
function receivingAddress(config: GatewayConfig, to: Endpoint, from: Endpoint): string {
  const { lanAddress, lanAddress6, linkLocalAddress } = config;
  if (familyOf(to.address) === 'ipv4') return lanAddress;
  const isNear = isLinkLocal(to.address) || (/^ff/i.test(to.address) && isLinkLocal(from.address));
  return isNear ? linkLocalAddress : (lanAddress6 ?? linkLocalAddress);
}
