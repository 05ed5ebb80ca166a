import { isReservedIPv4 } from '../network/reserved-address.ts';
import type { GatewayConfig } from './gateway-options.ts';

/** Whether a router that maps only with a public address, as miniupnpd since 2.1, has no use for this one. */
export function isRefusedAddress(
  { mapsPrivateAddress }: Pick<GatewayConfig, 'mapsPrivateAddress'>,
  address: string,
): boolean {
  return !mapsPrivateAddress && address !== '' && isReservedIPv4(address);
}
