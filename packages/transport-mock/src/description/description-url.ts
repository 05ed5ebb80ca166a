import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { urlHost } from '../network/ip-address.ts';
import { expandTemplate } from './url-template.ts';

/** LOCATION, for a client that reaches the gateway at this address. */
export function descriptionUrl(config: GatewayConfig, address: string): string {
  return `http://${urlHost(address)}:${config.httpPort}${descriptionPath(config)}`;
}

export function descriptionPath(config: GatewayConfig): string {
  return expandUrl(config.description.path, config);
}

/** A URL of the description, with what it stands for filled in. */
export function expandUrl(
  template: string,
  config: Pick<GatewayConfig, 'lanAddress' | 'httpPort' | 'uuid' | 'bootId'>,
  values: Readonly<Record<string, string>> = {},
): string {
  const { lanAddress, httpPort, uuid } = config;
  return expandTemplate(template, { address: urlHost(lanAddress), port: httpPort, uuid, ...values }, config);
}
