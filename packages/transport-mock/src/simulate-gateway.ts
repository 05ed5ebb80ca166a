import type { ClockPort, Transport } from '@portwright/core';
import type { VirtualClock } from './clock/virtual-clock.ts';
import { descriptionUrl } from './description/description-url.ts';
import { type Exchange, gatewayHost } from './gateway-host.ts';
import { Gateway } from './gateway/gateway.ts';
import { completeGatewayOptions, type GatewayConfig, type GatewayOptions } from './gateway/gateway-options.ts';
import type { SimulatedMapping } from './gateway/mapping-table.ts';
import type { ClientOptions } from './network/client.ts';
import { MemoryNetwork } from './network/memory-network.ts';
import { seededRandom } from './seeded-random.ts';
import { announcements } from './ssdp/responder.ts';

export interface SimulateGatewayOptions<Clock extends ClockPort = VirtualClock> extends GatewayOptions {
  /** What time is, for the gateway and for its network. Default: a new {@link VirtualClock}. */
  readonly clock?: Clock | undefined;
  /** A network to join, with a clock of its own; `clock`, `seed` and `latencyMs` don't count then. Default: a new one. */
  readonly network?: MemoryNetwork<Clock> | undefined;
  /** Of whatever is random: the delays of answers. Default: 1. */
  readonly seed?: number | undefined;
  /** Milliseconds between any two hosts. Default: 1. */
  readonly latencyMs?: number | undefined;
  /** The machine whose view {@link SimulatedGateway.transport} is. */
  readonly client?: ClientOptions | undefined;
  /** Exchanges kept, the latest ones; 0 keeps none. Default: 1,000. */
  readonly recordedExchanges?: number | undefined;
}

/** A gateway that runs on a simulated network, and what a test wants of it. */
export interface SimulatedGateway<Clock extends ClockPort = VirtualClock> extends AsyncDisposable {
  /** The core's ports, as a client on the gateway's LAN sees them. */
  readonly transport: Transport;
  readonly clock: Clock;
  readonly network: MemoryNetwork<Clock>;
  /** The gateway's options, complete. */
  readonly config: GatewayConfig;
  /** The URL of its description, for clients that do without discovery. */
  readonly descriptionUrl: string;
  /** The mapping table, in the gateway's order. */
  mappings(): readonly SimulatedMapping[];
  /** What it was asked and what it answered, oldest first. */
  exchanges(): readonly Exchange[];
  /** Pulls the WAN cable, or plugs it in again. */
  setWanLink(isUp: boolean): void;
  /** Multicasts what it is (UDA 1.0, 1.1.2), or that it goes. */
  announce(kind: 'alive' | 'byebye'): void;
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
 */
export function simulateGateway<Clock extends ClockPort = VirtualClock>(
  options: SimulateGatewayOptions<Clock> = {},
): SimulatedGateway<Clock> {
  const { clock, network: joined, seed, latencyMs, client, recordedExchanges, ...gatewayOptions } = options;
  const config = completeGatewayOptions(gatewayOptions);
  const network = joined ?? new MemoryNetwork<Clock>({ clock, latencyMs, random: seededRandom(seed) });
  const gateway = new Gateway(config, network.clock);
  const recording = new Recording(recordedExchanges ?? 1_000);
  const detach = network.attach(
    gatewayHost(
      () => gateway,
      network.random,
      (exchange) => {
        recording.add(exchange);
      },
    ),
  );
  network.defaultGateway ??= config.lanAddress;
  const announce = (kind: 'alive' | 'byebye'): void => {
    for (const [group, address] of announcementGroups(config)) {
      for (const payload of announcements(gateway, kind, address, group)) {
        network.multicast(payload, { address, port: 1900 }, group);
      }
    }
  };
  let isClosed = false;
  const close = (): Promise<void> => {
    if (!isClosed) {
      isClosed = true;
      announce('byebye');
      detach();
      if (network.defaultGateway === config.lanAddress) network.defaultGateway = null;
    }
    return Promise.resolve();
  };
  return {
    transport: network.transport(client),
    clock: network.clock,
    network,
    config,
    descriptionUrl: descriptionUrl(config, config.lanAddress),
    mappings: () => gateway.connection.mappings.snapshot(),
    exchanges: () => recording.all(),
    setWanLink: (isUp) => {
      gateway.connection.setLine(isUp);
    },
    announce,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** UDA 1.1, 1.2.2 and annex A.3: where announcements go, and from which address. */
function announcementGroups(config: GatewayConfig): readonly (readonly [group: string, address: string])[] {
  const ipv4 = [['239.255.255.250', config.lanAddress]] as const;
  return config.lanAddress6 === null
    ? ipv4
    : [...ipv4, ['FF02::C', config.linkLocalAddress], ['FF05::C', config.lanAddress6]];
}

/** The latest exchanges, as many as it may keep. */
class Recording {
  readonly #limit: number;
  #kept: Exchange[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(exchange: Exchange): void {
    if (this.#limit <= 0) return;
    this.#kept.push(exchange);
    // Cut rarely, so that keeping the latest costs nothing to speak of.
    if (this.#kept.length >= 2 * this.#limit) this.#kept = this.#kept.slice(-this.#limit);
  }

  all(): readonly Exchange[] {
    return this.#kept.slice(-this.#limit);
  }
}
