import type { Gateway } from '@portwright/core/upnp';
import { checkPinhole, pinholePackets } from '@portwright/core/upnp';
import { ok } from '@portwright/core/result';
import type { GatewayRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { count } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';
import { ID, PINHOLE_GATEWAY_OPTIONS, pinholeGatewayRequest, pinholeOutcome } from './pinhole/pinhole-shared.ts';

export interface PinholeCheckRequest extends GatewayRequest {
  readonly command: 'pinhole check';
  readonly id: number;
}

export const command = defineCommand({
  name: 'pinhole check',
  helpOrder: 74,
  description: 'show whether packets have come through a pinhole',
  parameters: [ID],
  options: PINHOLE_GATEWAY_OPTIONS,
  toRequest: (flags, [id]): PinholeCheckRequest => ({ command: 'pinhole check', ...pinholeGatewayRequest(flags), id }),
});

export function run(request: PinholeCheckRequest, { host, network }: Context): CommandResult {
  return network.connectWithoutState(host, request).andThen(({ gateway }) => check(gateway, request.id));
}

function check(gateway: Gateway, id: number): CommandResult {
  return checkPinhole(gateway, id).andThen((working) =>
    pinholePackets(gateway, id)
      .orElse(() => ok<number | null>(null))
      .map((packets) => {
        const counted = packets === null ? '' : ` (${count(packets, 'packet')})`;
        const state = working === null ? 'no traffic yet' : working ? 'works' : 'does not work';
        return pinholeOutcome(gateway, { id, working, packets }, `Pinhole ${id}: ${state}${counted}\n`);
      }),
  );
}
