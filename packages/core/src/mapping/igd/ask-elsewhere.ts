/** Where a request that failed is to be repeated. */
import type { CallOptions } from '../../call-options.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { AttemptError } from '../attempts.ts';
import { asDescribedNow, hasMoved } from './moved-control-url.ts';
import { overIpv4 } from './over-ipv4.ts';
import { isOverIpv6 } from './source-address.ts';

/** What miniupnpd answers to a mapping that is requested over IPv6, in secure mode. */
const REFUSED_OVER_IPV6: readonly unknown[] = [606, 718];

/**
 * Finds the same connection at another control URL, or over IPv4; null where there is no reason for another try. The search
 * over IPv4 takes a second, so it is made once.
 */
export function elsewhereOf(gateway: Gateway): (error: AttemptError, limits: CallOptions) => Promise<Gateway | null> {
  let isSearched = !isOverIpv6(gateway.connection);
  return async (error, limits) => {
    if (hasMoved(error)) return asDescribedNow(gateway, limits);
    if (isSearched || error.kind !== 'upnp-fault' || !REFUSED_OVER_IPV6.includes(error.code)) return null;
    isSearched = true;
    return overIpv4(gateway, limits);
  };
}
