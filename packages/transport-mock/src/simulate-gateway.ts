/// <reference lib="esnext.disposable" preserve="true" />
import { mustBeOptions, mustHave } from './misuse.ts';
import type { ClockPort, Transport } from '@portwright/core';
import { choose } from './choose.ts';
import type { VirtualClock } from './clock/virtual-clock.ts';
import { descriptionUrl } from './description/description-url.ts';
import { FAULTS, type FaultName } from './faults/catalogue.ts';
import type { FaultDefinition, InjectedFault, InjectOptions } from './faults/fault.ts';
import { GatewayMachine } from './gateway-machine.ts';
import { type GatewayConfig, type GatewayOptions, mergeGatewayOptions } from './gateway/gateway-options.ts';
import type { SimulatedMapping } from './gateway/mapping-table.ts';
import { type ClientOptions, clientOn, neighbourOf } from './network/client.ts';
import { MemoryNetwork } from './network/memory-network.ts';
import { type WanHostOptions, wanSide } from './network/wan-side.ts';
import { choosePersona, PERSONA_DEFAULTS } from './personas/choose-persona.ts';
import type { PersonaName } from './personas/index.ts';
import { type Exchange, Recording } from './recording.ts';
import { seededRandom } from './seeded-random.ts';
import type { AnnouncementKind } from './ssdp/responder.ts';

export interface SimulateGatewayOptions<Clock extends ClockPort = VirtualClock> extends GatewayOptions {
  /** A router to be like, but for the options given here: `mikrotik` (docs/personas.md). Default: by the book. */
  readonly persona?: PersonaName | undefined;
  /** What time is, for the gateway and for its network. Default: a new {@link VirtualClock}. */
  readonly clock?: Clock | undefined;
  /** A network to join, with a clock of its own; `clock`, `seed` and `latencyMs` don't count then. Default: a new one. */
  readonly network?: MemoryNetwork<Clock> | undefined;
  /** Of whatever is random: the delays of answers, and which of them faults hit. Default: 1. */
  readonly seed?: number | undefined;
  /** Milliseconds between any two hosts. Default: 1. */
  readonly latencyMs?: number | undefined;
  /** The machine whose view {@link SimulatedGateway.transport} is. */
  readonly client?: ClientOptions | undefined;
  /** Exchanges kept, the latest ones; 0 keeps none. Default: 1,000. */
  readonly recordedExchanges?: number | undefined;
  /** Whether it announces itself from the start, again and again, as UDA 1.1, 1.2.2 says. Default: false. */
  readonly announces?: boolean | undefined;
  /** Is told of each exchange as it happens, whether it is kept or not. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

/** A gateway that runs on a simulated network, and what a test wants of it. */
export interface SimulatedGateway<Clock extends ClockPort = VirtualClock> extends AsyncDisposable {
  /** The core's ports, as a client on the gateway's LAN sees them. */
  readonly transport: Transport;
  readonly clock: Clock;
  readonly network: MemoryNetwork<Clock>;
  /** What other mounts are attached to. */
  readonly machine: GatewayMachine;
  /** The gateway's options, complete, as they are now. */
  readonly config: GatewayConfig;
  /** The URL of its description, for clients that do without discovery. */
  readonly descriptionUrl: string;
  /** The mapping table, in the gateway's order. */
  mappings(): readonly SimulatedMapping[];
  /** What it was asked and what it answered, oldest first. */
  exchanges(): readonly Exchange[];
  /**
   * Lets something go wrong: always, or when the options say.
   *
   * @example
   * ```ts
   * router.inject('reset-after-request', { on: 'AddPortMapping', nth: 2 });
   * ```
   * @throws RangeError for a fault that there isn't, and for options that could never come true: what is wrong, and
   * what there is
   */
  inject(fault: FaultName | (FaultDefinition & { readonly name: string }), options?: InjectOptions): InjectedFault;
  /** Power off and on: mappings lost, uptime 0, BOOTID up, and HTTP on another port; default: the next. */
  reboot(options?: { readonly httpPort?: number | undefined }): void;
  /** The provider gives another address, or, with an empty string, takes it away. */
  changeExternalAddress(address: string): void;
  /** Pulls the WAN cable, or plugs it in again. */
  setWanLink(isUp: boolean): void;
  /** Multicasts what it is (UDA 1.1, 1.2.2), that it goes, or that its BOOTID changes. Once; `announces` repeats it. */
  announce(kind: AnnouncementKind): void;
  /** Another client on its LAN, with the next address that is free: 192.168.1.3 beside 192.168.1.2. */
  neighbour(): Transport;
  /**
   * A host on its WAN side. A datagram from there to the external address and a port that is mapped arrives at the client
   * that has the mapping, and the client's replies go back through the gateway; anything else gets lost. Nothing of UPnP
   * is answered there.
   *
   * @example
   * ```ts
   * const outside = (await router.wanHost().datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
   * await outside.send(payload, { address: '5.5.5.1', port: 7777 });
   * ```
   */
  wanHost(options?: WanHostOptions): Transport;
  /** Takes it off the network, with a byebye. May be called again. */
  close(): Promise<void>;
}

/**
 * A gateway with real state behind the core's ports: it answers searches, descriptions and control requests, and keeps
 * mappings whose leases run out on its clock.
 *
 * @example
 * ```ts
 * await using router = simulateGateway({ externalAddress: '5.5.5.5' });
 * // ... the code under test, on router.transport
 * expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP' }]);
 * await router.clock.advance('12h');
 * ```
 * @throws TypeError for what are no options, RangeError for a persona that there isn't
 */
export function simulateGateway<Clock extends ClockPort = VirtualClock>(
  options: SimulateGatewayOptions<Clock> = {},
): SimulatedGateway<Clock> {
  mustBeOptions(options);
  const {
    clock,
    persona: personaName,
    network: joined,
    seed = 1,
    latencyMs,
    client,
    recordedExchanges,
    announces,
    onExchange,
    ...gatewayOptions
  } = options;
  if (clock !== undefined) mustHave('clock', 'a clock', clock, 'now', 'sleep');
  if (joined !== undefined) mustHave('network', 'a MemoryNetwork', joined, 'attach', 'clock');
  const network = joined ?? new MemoryNetwork<Clock>({ clock, latencyMs, random: seededRandom(seed) });
  const persona = personaName === undefined ? null : choosePersona(personaName);
  const recording = new Recording(recordedExchanges ?? 1_000);
  const machine = new GatewayMachine({
    options: persona === null ? gatewayOptions : mergeGatewayOptions(PERSONA_DEFAULTS, persona.options, gatewayOptions),
    clock: network.clock,
    random: network.random,
    seed,
    record: (exchange) => {
      recording.add(exchange);
      onExchange?.(exchange);
    },
    changeNetwork: () => {
      network.changeNetwork();
    },
  });
  for (const fault of persona?.faults ?? []) {
    const [name, when] = typeof fault === 'string' ? [fault, {}] : fault;
    machine.inject(name, FAULTS[name], when);
  }
  let detach = network.attach(machine.host);
  const unmount = machine.attach({
    multicast: (payload, from, to) => {
      network.multicast(payload, from, to.address, to.port);
    },
    request: (request, from) => network.request(request, from),
    moved: () => {
      detach();
      detach = network.attach(machine.host);
    },
  });
  const stay = network.onMove(() => {
    const { lanAddress, lanAddress6 } = machine.config;
    machine.configure({
      lanAddress: network.inNextSubnet(lanAddress),
      lanAddress6: lanAddress6 === null ? null : network.inNextSubnet(lanAddress6),
    });
  });
  network.defaultGateway ??= machine.config.lanAddress;
  if (machine.config.lanAddress6 !== null) network.defaultGateway6 ??= machine.config.linkLocalAddress;
  const outside = wanSide(
    network,
    () => machine.gateway,
    (datagram, route) => machine.inbound(datagram, route),
  );
  if (announces === true) machine.startAnnouncing();
  let isClosed = false;
  const close = (): Promise<void> => {
    if (!isClosed) {
      isClosed = true;
      machine.announce('byebye');
      machine.close();
      unmount();
      stay();
      outside.close();
      detach();
      if (network.defaultGateway === machine.config.lanAddress) network.defaultGateway = null;
      if (network.defaultGateway6 === machine.config.linkLocalAddress) network.defaultGateway6 = null;
    }
    return Promise.resolve();
  };
  return {
    transport: network.transport(client),
    clock: network.clock,
    network,
    machine,
    get config() {
      return machine.config;
    },
    get descriptionUrl() {
      return descriptionUrl(machine.config, machine.config.lanAddress);
    },
    mappings: () => machine.gateway.connection.mappings.snapshot(),
    exchanges: () => recording.all(),
    inject: (fault, when = {}) =>
      typeof fault === 'string'
        ? machine.inject(fault, choose('fault', FAULTS, fault), when)
        : machine.inject(fault.name, fault, when),
    reboot: ({ httpPort } = {}) => {
      machine.reboot(httpPort);
    },
    changeExternalAddress: (address) => {
      machine.changeExternalAddress(address);
    },
    setWanLink: (isUp) => {
      machine.setWanLink(isUp);
    },
    announce: (kind) => {
      machine.announce(kind);
    },
    neighbour: () => {
      const own = clientOn(network, client ?? {});
      return network.transport(neighbourOf(own, machine.host.addresses));
    },
    wanHost: (options) => outside.host(options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
