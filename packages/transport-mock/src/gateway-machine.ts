import type { ClockPort, Endpoint, HttpRequest, HttpResponse, RandomPort } from '@portwright/core';
import { contextOf, occasionOf } from './faults/arrival.ts';
import { surround } from './faults/around.ts';
import { checkInjection } from './faults/check-injection.ts';
import type {
  FaultDefinition,
  FaultHooks,
  InjectedFault,
  InjectOptions,
  PortControlOccasion,
  RequestContext,
  UnaskedOccasion,
} from './faults/fault.ts';
import { FaultSet, type HappeningFault, type PlacedFault, reachOf } from './faults/fault-set.ts';
import { sleepInBackground } from './clock/background-sleep.ts';
import { milliseconds } from './clock/duration.ts';
import { EventPublisher } from './events/event-publisher.ts';
import { Gateway } from './gateway/gateway.ts';
import {
  completeGatewayOptions,
  type GatewayConfig,
  type GatewayOptions,
  mergeGatewayOptions,
} from './gateway/gateway-options.ts';
import { serveHttp } from './http/http-server.ts';
import { readHttpUrl } from './http/http-url.ts';
import type { Mount } from './mounts/mount.ts';
import { PortControlAnnouncer } from './port-control/port-control-announcer.ts';
import { answerPortControl, PORT_CONTROL_PORT, protocolOf } from './port-control/port-control-server.ts';
import { canonicalAddress, familyOf, isLinkLocal } from './network/ip-address.ts';
import {
  addressTowards,
  type DatagramOutcome,
  durationOf,
  type HttpOutcome,
  type NetworkHost,
  REFUSED,
  type ReplyDatagram,
} from './network/network-host.ts';
import type { Inbound, InboundDatagram } from './network/wan-side.ts';
import type { Exchange } from './recording.ts';
import { seededRandom } from './seeded-random.ts';
import { Announcer } from './ssdp/announcer.ts';
import { type AnnouncementKind, answerSearch } from './ssdp/responder.ts';
import { readSearch, SSDP_PORT } from './ssdp/ssdp-message.ts';

/** An event that the gateway believes to have been taken. */
const LOST: HttpOutcome = {
  kind: 'response',
  response: { status: 200, headers: [], body: new Uint8Array() },
  delayMs: 0,
};

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
  readonly #events: EventPublisher;
  readonly #announcer: Announcer;
  readonly #portControlAnnouncer: PortControlAnnouncer;
  #options: GatewayOptions;
  /** What faults have changed in the options of the gateway as it is now. */
  #worn: readonly GatewayOptions[] = [];
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
        this.#wear([]);
      },
    );
    this.#events = new EventPublisher({
      gateway: () => this.#gateway,
      clock,
      send: (request) => this.#notify(request),
    });
    this.onChange(() => {
      this.#events.update();
    });
    const shape = (messages: readonly Uint8Array[], kind: AnnouncementKind | PortControlOccasion) =>
      this.#unasked('announcement').reduce((all, { announcement }) => announcement?.(all, kind) ?? all, messages);
    this.#announcer = new Announcer({
      clock,
      random,
      gateway: () => this.#gateway,
      mounts: this.#mounts,
      shape,
      raiseBootId: () => {
        this.configure({ bootId: this.config.bootId + 1 });
      },
    });
    this.#portControlAnnouncer = new PortControlAnnouncer({
      clock,
      gateway: () => this.#gateway,
      mounts: this.#mounts,
      shape,
    });
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
    this.#options = mergeGatewayOptions(this.#options, options);
    this.#reconfigure();
  }

  /** Announces itself from now on, without being asked. */
  startAnnouncing(): void {
    this.#announcer.start();
    this.#portControlAnnouncer.start();
  }

  /**
   * Multicasts one set of messages. After an `update` BOOTID is the next one, and an `alive` says so.
   *
   * @param to - the mounts that carry it, where it does not concern all: one that comes or goes
   */
  announce(kind: AnnouncementKind, to?: Iterable<Mount>): void {
    this.#announcer.announce(kind, to);
  }

  /** Multicasts what a gateway sends when it comes. @param to - as above */
  greet(to?: Iterable<Mount>): void {
    this.#announcer.greet(to);
    this.#portControlAnnouncer.start(to);
  }

  /** An event for a subscriber, by the first mount that can reach it. */
  async #notify(event: HttpRequest): Promise<HttpOutcome | null> {
    const at = this.#clock.now();
    let request: HttpRequest | null = event;
    for (const { notification } of this.#unasked('notification')) {
      if (request !== null && notification !== undefined) request = notification(request);
    }
    if (request === null) return LOST;
    const from = addressTowards(this.host.addresses, readHttpUrl(request.url)?.host ?? '') ?? this.config.lanAddress;
    let outcome: HttpOutcome | null = null;
    for (const mount of this.#mounts) outcome ??= await mount.request(request, from);
    this.#record({ kind: 'event', at, from, request, outcome, faults: [] });
    return outcome;
  }

  /** What comes of a datagram from the WAN. @param route - what a gateway by the book does with it */
  inbound(datagram: InboundDatagram, route: (datagram: InboundDatagram) => Inbound): Inbound {
    return surround(
      this.#unasked('inbound').map(({ inbound }) => inbound),
      route,
    )(datagram);
  }

  /** For a mount that has refused what was no request: the recording shows it all the same. */
  refused(from: string, received: Uint8Array, response: HttpResponse): void {
    this.#record({ kind: 'garbage', at: this.#clock.now(), from, received, response, faults: [] });
  }

  /**
   * Power off and on: the table is lost, the uptime begins anew, BOOTID.UPNP.ORG has grown (UDA 1.1, 1.2.2), and
   * control is on another port. Nobody had the time for a byebye before.
   */
  reboot(httpPort: number = this.config.httpPort + 1): void {
    this.#options = { ...this.#options, httpPort, bootId: this.config.bootId + 1 };
    this.#gateway = new Gateway(this.#complete(), this.#clock);
    for (const mount of this.#mounts) mount.moved();
    if (this.#announcer.isRunning) this.#announcer.start();
    else this.#announcer.greet();
    this.#portControlAnnouncer.start();
    this.changed();
  }

  changeExternalAddress(address: string): void {
    // It is kept by the provider, and so it outlives a reboot.
    this.#options = { ...this.#options, externalAddress: address };
    const isOther = address !== this.#gateway.connection.externalAddress;
    this.#gateway.connection.externalAddress = address;
    if (isOther) {
      this.#gateway.portControl.restartEpoch();
      this.#portControlAnnouncer.start();
    }
    this.changed();
  }

  setWanLink(isUp: boolean): void {
    this.#gateway.connection.setLine(isUp);
    this.changed();
  }

  /** @throws RangeError for options that can't be meant; it says what is wrong. */
  inject(name: string, definition: FaultDefinition, options: InjectOptions): InjectedFault {
    this.#injections += 1;
    const environment = {
      random: seededRandom(options.seed ?? this.#seed * 1_000 + this.#injections),
      now: () => this.#clock.now(),
      config: () => this.config,
      controls: {
        reboot: () => {
          this.reboot();
        },
        changeExternalAddress: (address: string) => {
          this.changeExternalAddress(address);
        },
        setWanLink: (isUp: boolean) => {
          this.setWanLink(isUp);
        },
        dropMappings: () => {
          const { mappings } = this.#gateway.connection;
          mappings.remove(mappings.all());
          this.changed();
        },
        multicast: (payload: Uint8Array, from: Endpoint, to: Endpoint) => {
          for (const mount of this.#mounts) mount.multicast(payload, from, to);
        },
        changeNetwork: this.#changeNetwork,
      },
    };
    const hooks = definition.hooks(environment);
    const reach = reachOf(definition, hooks);
    checkInjection(name, reach, options, this.#gateway);
    const fault = this.#faults.place({ name, hooks, reach, options, random: environment.random });
    if (fault.isTimed) void this.#strikeAfter(fault, milliseconds(options.after ?? 0));
    return fault.injected;
  }

  /** Nothing happens by itself any more. */
  close(): void {
    this.#faults.clear();
    this.#announcer.stop();
    this.#portControlAnnouncer.stop();
    this.#events.close();
  }

  async #strikeAfter(fault: PlacedFault, ms: number): Promise<void> {
    if (ms > 0) await sleepInBackground(this.#clock, ms, fault.removed);
    if (fault.comesDue()) fault.hooks.strike?.();
  }

  /** The hooks of what happens now that nobody has asked for. */
  #unasked(occasion: UnaskedOccasion): readonly FaultHooks[] {
    return this.#faults.happening([occasion]).map(({ hooks }) => hooks);
  }

  /** What happens on an occasion, begun: the gateway is as these faults have it, and what strikes has struck. */
  #begin(occasion: readonly string[]): { readonly names: readonly string[]; readonly hooks: readonly FaultHooks[] } {
    const happening = this.#faults.happening(occasion);
    for (const { hooks } of happening) hooks.strike?.();
    this.#wear(happening);
    return { names: happening.map(({ name }) => name), hooks: happening.map(({ hooks }) => hooks) };
  }

  /** Takes on the options of the faults that always hold, and of those that happen now. */
  #wear(happening: readonly HappeningFault[]): void {
    const wanted = this.#faults.optionsWith(happening);
    const isWorn = wanted.length === this.#worn.length && wanted.every((options, at) => options === this.#worn[at]);
    if (isWorn) return;
    this.#worn = wanted;
    this.#reconfigure();
  }

  #complete(): GatewayConfig {
    return completeGatewayOptions(mergeGatewayOptions(this.#options, ...this.#worn));
  }

  #reconfigure(): void {
    const before = this.config;
    this.#gateway.reconfigure(this.#complete());
    if (before.httpPort !== this.config.httpPort || !sameAddresses(before, this.config)) {
      for (const mount of this.#mounts) mount.moved();
    }
    this.changed();
  }

  #http(port: number, request: HttpRequest, from: string): HttpOutcome {
    if (port !== this.config.httpPort || !this.config.protocols.includes('upnp')) return REFUSED;
    const arrived = contextOf(this.#gateway, request, from);
    const { names, hooks } = this.#begin(occasionOf(arrived));
    const gateway = this.#gateway;
    const respond = surround(
      hooks.map(({ response }) => response),
      (context) =>
        serveHttp(gateway, context.request, from, (call, carryOut) =>
          surround(
            hooks.map(({ action }) => action),
            carryOut,
          )(call),
        ),
    );
    const outcome = surround<RequestContext, HttpOutcome>(
      hooks.map((hook) => hook.outcome),
      (context) => ({ kind: 'response', response: respond(context), delayMs: 0 }),
    )(arrived);
    this.#record({ kind: 'http', at: gateway.now(), from, request, outcome, faults: names });
    if (arrived.purpose === 'control') this.changed();
    // An answer that never comes holds no event up: the gateway doesn't know.
    const answerMs = durationOf(outcome);
    if (arrived.purpose === 'event') this.#events.update(answerMs === Infinity ? 0 : answerMs);
    return outcome;
  }

  #datagram(payload: Uint8Array, to: Endpoint, from: Endpoint): DatagramOutcome {
    if (to.port === PORT_CONTROL_PORT) return this.#portControl(payload, to, from);
    if (to.port !== SSDP_PORT || !this.config.protocols.includes('upnp')) return 'refused';
    const localAddress = receivingAddress(this.config, to, from);
    const isMulticast = canonicalAddress(to.address) !== canonicalAddress(localAddress);
    const { names, hooks } = this.#begin(['search']);
    const gateway = this.#gateway;
    let answers: readonly ReplyDatagram[] = answerSearch(
      gateway,
      payload,
      { isMulticast, localAddress },
      this.#random,
    ).map((answer) => ({ ...answer, from: { address: localAddress, port: SSDP_PORT } }));
    const { target = null, maximumWait = null } = readSearch(payload) ?? {};
    for (const { search } of hooks) answers = search?.(answers, { target, isMulticast, maximumWait }) ?? answers;
    this.#record({
      kind: 'search',
      at: gateway.now(),
      from,
      to,
      payload,
      answers: answers.map((answer) => answer.payload),
      faults: names,
    });
    return answers;
  }

  #portControl(payload: Uint8Array, to: Endpoint, from: Endpoint): DatagramOutcome {
    const isOwn = this.host.addresses.some((own) => canonicalAddress(own) === canonicalAddress(to.address));
    if (!isOwn) return [];
    const protocol = protocolOf(this.#gateway, payload);
    if (protocol === null) return this.config.closedPort === 'refuses' ? 'refused' : [];
    const { names, hooks } = this.#begin([protocol]);
    const gateway = this.#gateway;
    const own = { address: receivingAddress(this.config, to, from), port: PORT_CONTROL_PORT };
    let answers: readonly ReplyDatagram[] = answerPortControl(gateway, payload, from.address, this.#random).map(
      (answer) => ({ ...answer, from: own }),
    );
    for (const { portControl } of hooks) answers = portControl?.(answers, { protocol, payload }) ?? answers;
    this.#record({
      kind: 'port-control',
      protocol,
      at: gateway.now(),
      from,
      to,
      payload,
      answers: answers.map((answer) => answer.payload),
      faults: names,
    });
    this.changed();
    return answers;
  }
}

/** The address that a datagram came to; for one to a group, the one that the sender can reach. */
function receivingAddress(config: GatewayConfig, to: Endpoint, from: Endpoint): string {
  const { lanAddress, lanAddress6, linkLocalAddress } = config;
  if (familyOf(to.address) === 'ipv4') return lanAddress;
  const isNear = isLinkLocal(to.address) || (/^ff/i.test(to.address) && isLinkLocal(from.address));
  return isNear ? linkLocalAddress : (lanAddress6 ?? linkLocalAddress);
}

function sameAddresses(a: GatewayConfig, b: GatewayConfig): boolean {
  return a.lanAddress === b.lanAddress && a.lanAddress6 === b.lanAddress6 && a.linkLocalAddress === b.linkLocalAddress;
}
