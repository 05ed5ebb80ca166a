import { mustHave } from './misuse.ts';
import type { ClockPort, Transport } from '@portwright/core';
import type { SimulatedGateway } from './simulate-gateway.ts';

/** What stands around a gateway: all that a check of it may want beside a client on its LAN. */
export interface Surroundings {
  /** Another client on its LAN. */
  readonly secondClient: Transport;
  /** A host on its WAN side. */
  readonly wanHost: Transport;
  /** Turns it off and on. It answers at the same port as before: whoever knew its description finds it there again. */
  readonly reboot: () => Promise<void>;
}

/**
 * The surroundings of a simulated gateway, under the names by which a conformance run takes them.
 *
 * @example
 * ```ts
 * const target = { kind: 'url', url: router.descriptionUrl } as const;
 * await runConformance(router.transport, target, { write: true, disruptive: true, ...surroundings(router) });
 * ```
 */
export function surroundings<Clock extends ClockPort>(router: SimulatedGateway<Clock>): Surroundings {
  mustHave('router', 'a simulated gateway', router, 'machine', 'neighbour');
  return {
    secondClient: router.neighbour(),
    wanHost: router.wanHost(),
    reboot: () => {
      router.reboot({ httpPort: router.config.httpPort });
      return Promise.resolve();
    },
  };
}

/**
 * Puts two mappings of another host's into its table, which a check of it has to leave alone. Without them some of what a
 * gateway misses can't be seen: what it says of mappings that are there, for one.
 */
export function putForeignMappings<Clock extends ClockPort>(router: SimulatedGateway<Clock>): void {
  mustHave('router', 'a simulated gateway', router, 'machine', 'neighbour');
  for (const [port, protocol] of [
    [50_000, 'TCP'],
    [50_001, 'UDP'],
  ] as const) {
    router.machine.gateway.connection.mappings.put({
      remoteHost: '',
      externalPort: port,
      protocol,
      internalPort: port,
      internalClient: '192.168.1.9',
      isEnabled: true,
      description: 'a game',
      expiresAt: Infinity,
    });
  }
}
