/** What may stand for a mapping beside what is known to: it was asked for, and nobody could find out, or take it back. */
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import { isOn } from '../keeper/gateway-identity.ts';
import type { KeptMapping, Stand } from '../keeper/managed-lease.ts';

/** As if it had been granted: to be asked for again, and given back, as what stands is. */
export function assumed(gateway: Gateway, granted: PortMapping): Stand {
  const { externalPort, leaseSeconds, description } = granted;
  return {
    granted,
    asked: {
      method: 'exact',
      externalPort,
      leaseSeconds: leaseSeconds ?? 0,
      description: description ?? '',
      replacing: false,
      delayMs: 0,
    },
    udn: gateway.description.device.udn,
    gateway,
    endsAt: gateway.transport.clock.now() + (leaseSeconds || Infinity) * 1000,
  };
}

/** Whether two are one entry of one gateway's table. */
export function isSameEntry(one: Stand, other: Stand): boolean {
  return (
    isOn(one, other.gateway) &&
    one.granted.externalPort === other.granted.externalPort &&
    one.granted.protocol === other.granted.protocol
  );
}

/** With one more, which is the last word on its entry. */
export function withStand(stands: readonly Stand[], stand: Stand): readonly Stand[] {
  return [...stands.filter((one) => !isSameEntry(one, stand)), stand];
}

/** All that has to be given back. Of one entry, the doubt is younger than what is known. */
export function allOf({ stand, mayStand }: KeptMapping): readonly Stand[] {
  return stand === null ? mayStand : mayStand.reduce(withStand, [stand]);
}

/**
 * What is in doubt after a turn.
 *
 * @param doubtful - on the turn's gateway, by external port, without what is disputed
 */
export function afterTurn(
  mayStand: readonly Stand[],
  gateway: Gateway,
  doubtful: ReadonlyMap<number, PortMapping>,
): readonly Stand[] {
  const now = gateway.transport.clock.now();
  const still = mayStand.filter(
    (one) =>
      one.endsAt > now &&
      (!isOn(one, gateway) || one.isDisputed === true || doubtful.get(one.granted.externalPort) === one.granted),
  );
  return [...doubtful.values()]
    .filter((granted) => mayStand.every((one) => one.granted !== granted))
    .map((granted) => assumed(gateway, granted))
    .reduce(withStand, still);
}
