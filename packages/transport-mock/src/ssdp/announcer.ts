import type { ClockPort, RandomPort } from '@portwright/core';
import { sleepInBackground } from '../clock/background-sleep.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayConfig } from '../gateway/gateway-options.ts';
import type { Mount } from '../mounts/mount.ts';
import { type AnnouncementKind, announcements } from './responder.ts';
import { SSDP_PORT } from './ssdp-message.ts';

/** UDA 1.1, 1.2.2: a device waits "a random interval (e.g. between 0 and 100 milliseconds)" before its first set. */
const LONGEST_START_MS = 100;

/** UDA 1.1, 1.2.2: a set is sent "more than once with some delay between sets e.g. a few hundred milliseconds" ... */
const BETWEEN_SETS_MS = 200;

/** ... but messages "SHOULD NOT be sent more than three times". */
const SETS_AT_START = 3;

export interface AnnouncerOptions {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  /** The gateway of this boot. */
  readonly gateway: () => Gateway;
  readonly mounts: Iterable<Mount>;
  /** What becomes of a set of messages before it is sent. */
  readonly shape: (messages: readonly Uint8Array[], kind: AnnouncementKind) => readonly Uint8Array[];
  /** Makes BOOTID.UPNP.ORG the next one. */
  readonly raiseBootId: () => void;
}

/** Multicasts what a gateway is: once, when it is told to, or by itself from its start to its end. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #run: AbortController | null = null;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Whether it announces by itself. */
  get isRunning(): boolean {
    return this.#run !== null;
  }

  /** One set of messages. An `update` concerns every mount, and is followed by an `alive` with the new BOOTID. */
  announce(kind: AnnouncementKind, to: Iterable<Mount> = this.#options.mounts): void {
    if (kind !== 'update') {
      this.#multicast(kind, to);
      return;
    }
    // UDA 1.1, 1.2.4: "before any announcement messages with the new BOOTID.UPNP.ORG". UDA 1.0 has neither.
    if (this.#options.gateway().config.igdVersion === 2) this.#multicast('update');
    this.#options.raiseBootId();
    this.#multicast('alive');
  }

  /**
   * What a gateway sends when it comes. WANIPConnection:2, 2.3.23: it "MUST broadcast an ssdp:byebye before sending the
   * initial ssdp:alive onto the local network upon startup".
   */
  greet(to: Iterable<Mount> = this.#options.mounts): void {
    if (this.#options.gateway().config.igdVersion === 2) this.#multicast('byebye', to);
    this.#multicast('alive', to);
  }

  /** Announces by itself, from the beginning, also when it does so already: the gateway has come (again). */
  start(): void {
    this.stop();
    this.#run = new AbortController();
    void this.#announceAlways(this.#run.signal);
  }

  /** Without a byebye. */
  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  /**
   * UDA 1.1, 1.2.2: refreshed "at a randomly-distributed interval of less than one-half of the advertisement expiration
   * time"; here between a quarter and a half. On virtual time those waits pass with others, and never make it fly.
   */
  async #announceAlways(signal: AbortSignal): Promise<void> {
    const { clock, random, gateway } = this.#options;
    const isOver = (): boolean => signal.aborted;
    await clock.sleep(random.fraction() * LONGEST_START_MS, signal);
    if (!isOver()) this.greet();
    for (let sets = 1; sets < SETS_AT_START && !isOver(); sets += 1) {
      await clock.sleep(BETWEEN_SETS_MS, signal);
      if (!isOver()) this.announce('alive');
    }
    while (!isOver()) {
      const expiryMs = gateway().config.maxAge * 1000;
      await sleepInBackground(clock, expiryMs * (0.25 + 0.25 * random.fraction()), signal);
      if (!isOver()) this.announce('alive');
    }
  }

  #multicast(kind: AnnouncementKind, to: Iterable<Mount> = this.#options.mounts): void {
    const { gateway: current, shape } = this.#options;
    const gateway = current();
    if (!gateway.config.protocols.includes('upnp')) return;
    for (const [group, address] of announcementGroups(gateway.config)) {
      for (const payload of shape(announcements(gateway, kind, address, group), kind)) {
        for (const mount of to)
          mount.multicast(payload, { address, port: SSDP_PORT }, { address: group, port: SSDP_PORT });
      }
    }
  }
}

/** UDA 1.1, 1.2.2 and annex A.3: where announcements go, and from which address. */
function announcementGroups(config: GatewayConfig): readonly (readonly [group: string, address: string])[] {
  const ipv4 = [['239.255.255.250', config.lanAddress]] as const;
  return config.lanAddress6 === null
    ? ipv4
    : [...ipv4, ['FF02::C', config.linkLocalAddress], ['FF05::C', config.lanAddress6]];
}
