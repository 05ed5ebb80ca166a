import { outboundPinholeTimeout } from '@portwright/core/upnp';
import { PORT, type GatewayRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { duration } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';
import {
  FLOW_OPTIONS,
  flowRequest,
  PINHOLE_GATEWAY_OPTIONS,
  pinholeGatewayRequest,
  pinholeOutcome,
  type FlowRequest,
} from './pinhole/pinhole-shared.ts';

export interface PinholeTimeoutRequest extends GatewayRequest, FlowRequest {
  readonly command: 'pinhole timeout';
  readonly port?: number | undefined;
}

export const command = defineCommand({
  name: 'pinhole timeout',
  helpOrder: 75,
  description: 'show when idle outgoing connections expire',
  parameters: [{ ...PORT, description: 'port on this computer (default: any)', isOptional: true }],
  options: [...FLOW_OPTIONS, ...PINHOLE_GATEWAY_OPTIONS],
  toRequest: (flags, [port]): PinholeTimeoutRequest => ({
    command: 'pinhole timeout',
    ...pinholeGatewayRequest(flags),
    ...flowRequest(flags),
    port,
  }),
});

/** A connection that this computer opened has a timeout, but no pinhole id. */
export function run(request: PinholeTimeoutRequest, { host, network }: Context): CommandResult {
  const { protocol, port, client, remote } = request;
  return network.connectWithoutState(host, request).andThen(({ gateway }) =>
    outboundPinholeTimeout(gateway, {
      protocol,
      internalPort: port,
      internalClient: client,
      remoteHost: remote?.host,
      remotePort: remote?.port,
    }).map((seconds) =>
      pinholeOutcome(
        gateway,
        { outboundTimeoutSeconds: seconds },
        seconds === null
          ? `The router does not say when an idle outgoing ${protocol} connection expires\n`
          : `An outgoing ${protocol} connection expires after ${duration(seconds)} without traffic\n`,
      ),
    ),
  );
}
