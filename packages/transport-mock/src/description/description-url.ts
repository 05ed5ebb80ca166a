import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { urlHost } from '../network/ip-address.ts';

export const DESCRIPTION_PATH = '/description.xml';

/** LOCATION, for a client that reaches the gateway at this address. */
export function descriptionUrl({ httpPort }: GatewayConfig, address: string): string {
  return `http://${urlHost(address)}:${httpPort}${DESCRIPTION_PATH}`;
}
