import { firewallStatus } from '@portwright/core/upnp';
import type { GatewayRequest } from '../arguments/options.ts';
import type { CommandResult, Outcome } from '../output/outcome.ts';
import { gatewayJson } from '../output/phrases.ts';
import { definitions } from '../output/table.ts';
import { defineCommand, type Context } from './command.ts';
import { PINHOLE_GATEWAY_OPTIONS, pinholeGatewayRequest } from './pinhole/pinhole-shared.ts';

export interface PinholeListRequest extends GatewayRequest {
  readonly command: 'pinhole list';
}

export const command = defineCommand({
  name: 'pinhole list',
  helpOrder: 76,
  description: 'show the state of the IPv6 firewall',
  parameters: [],
  options: PINHOLE_GATEWAY_OPTIONS,
  toRequest: (flags): PinholeListRequest => ({ command: 'pinhole list', ...pinholeGatewayRequest(flags) }),
});

/** WANIPv6FirewallControl:1 has no action that lists pinholes. Each is known by its id alone. */
export function run(request: PinholeListRequest, { host, network }: Context): CommandResult {
  return network.connectWithoutState(host, request).andThen(({ gateway }) =>
    firewallStatus(gateway).map((firewall): Outcome => ({
      json: { firewall, pinholes: null, gateway: gatewayJson(gateway) },
      text: (terminal) =>
        definitions(terminal, [
          ['IPv6 firewall', firewall.enabled ? 'on' : 'off'],
          ['Pinholes', firewall.pinholesAllowed ? 'allowed' : 'not allowed'],
        ]),
      warnings: [
        'Routers cannot list pinholes: the specification has no action for it. "pinhole check" shows one by its id.',
      ],
    })),
  );
}
