/** Where a request that failed is to be repeated. */
import type { CallOptions } from '../../call-options.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { AttemptError } from '../attempts.ts';
import { asDescribedNow, hasMoved } from './moved-control-url.ts';
import { overIpv4 } from './over-ipv4.ts';
import { isOverIpv6 } from './source-address.ts';

/** The same connection at another control URL, or over IPv4; null where there is no reason for another try. */
export async function askElsewhere(
  gateway: Gateway,
  error: AttemptError,
  limits: CallOptions,
): Promise<Gateway | null> {
  if (hasMoved(error)) return asDescribedNow(gateway, limits);
  return error.kind === 'upnp-fault' && isOverIpv6(gateway.connection) ? overIpv4(gateway, limits) : null;
}
