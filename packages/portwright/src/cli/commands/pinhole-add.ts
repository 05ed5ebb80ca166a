import { addPinhole } from '@portwright/core/upnp';
import { PORT, type GatewayRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { pinholePhrase } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';
import {
  FLOW_OPTIONS,
  flowRequest,
  LEASE,
  PINHOLE_GATEWAY_OPTIONS,
  pinholeGatewayRequest,
  pinholeOutcome,
  type FlowRequest,
} from './pinhole/pinhole-shared.ts';

export interface PinholeAddRequest extends GatewayRequest, FlowRequest {
  readonly command: 'pinhole add';
  readonly port: number;
  readonly leaseSeconds?: number | undefined;
}

const [PROTOCOL, CLIENT, REMOTE] = FLOW_OPTIONS;

export const command = defineCommand({
  name: 'pinhole add',
  helpOrder: 71,
  description: 'open a port of this computer in the IPv6 firewall',
  parameters: [{ ...PORT, description: 'port on this computer; the external port is the same' }],
  options: [PROTOCOL, LEASE, CLIENT, REMOTE, ...PINHOLE_GATEWAY_OPTIONS],
  toRequest: (flags, [port]): PinholeAddRequest => ({
    command: 'pinhole add',
    ...pinholeGatewayRequest(flags),
    ...flowRequest(flags),
    port,
    leaseSeconds: flags.lease,
  }),
  examples: [
    ['pinhole add 8080', 'for everyone'],
    ['pinhole add 22 --remote 2001:db8::7', 'for one host only'],
  ],
});

export function run(request: PinholeAddRequest, { host, network }: Context): CommandResult {
  const { port, protocol, leaseSeconds, client, remote } = request;
  return network.connectWithoutState(host, request).andThen(({ gateway }) =>
    addPinhole(gateway, {
      protocol,
      internalPort: port,
      leaseSeconds,
      internalClient: client,
      remoteHost: remote?.host,
      remotePort: remote?.port,
    }).map((pinhole) => pinholeOutcome(gateway, { pinhole }, `${pinholePhrase(pinhole)}\nPinhole id: ${pinhole.id}\n`)),
  );
}
