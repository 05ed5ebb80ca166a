/** Where a gateway is, and whether it is still there. */
import { err, ok, type Result } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../call-options.ts';
import type { TransportError } from '../../errors.ts';
import { transportHints } from '../../hints.ts';
import type { Stand } from './managed-lease.ts';
import { asDescribedNow } from '../igd/moved-control-url.ts';

/** Whether two are one device at one place, seen from one address of this host. */
export function isSamePlace(one: Gateway, other: Gateway): boolean {
  return (
    one.description.device.udn === other.description.device.udn &&
    one.description.location === other.description.location &&
    one.services.connection.controlUrl === other.services.connection.controlUrl &&
    one.localAddress === other.localAddress
  );
}

/** Whether a mapping is on a gateway: on the same device; one that does not name itself is known by its place. */
export function isOn({ gateway: earlier }: Stand, gateway: Gateway): boolean {
  return nameOf(earlier) === nameOf(gateway);
}

function nameOf({ description }: Gateway): string {
  return description.device.udn ?? description.location;
}

/**
 * The gateway that a mapping stands on: the present one; or where it was last, if its description still says that it is
 * the same device. What is at that address on another network has nothing of this host.
 */
export async function placeOf(
  stand: Stand,
  present: Gateway | null,
  limits: CallOptions,
): Promise<Result<Gateway, TransportError>> {
  if (present !== null && isOn(stand, present)) return ok(present);
  const last = await asDescribedNow(stand.gateway, limits);
  if (last !== null && isOn(stand, last)) return ok(last);
  const message = `the router of ${stand.granted.protocol} port ${stand.granted.externalPort} does not answer`;
  return err({ kind: 'transport', code: 'unreachable', message, hint: transportHints.unreachable });
}
