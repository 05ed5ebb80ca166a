import { deletePinhole } from '@portwright/core/upnp';
import type { GatewayRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { defineCommand, type Context } from './command.ts';
import { ID, PINHOLE_GATEWAY_OPTIONS, pinholeGatewayRequest, pinholeOutcome } from './pinhole/pinhole-shared.ts';

export interface PinholeDeleteRequest extends GatewayRequest {
  readonly command: 'pinhole delete';
  readonly id: number;
}

export const command = defineCommand({
  name: 'pinhole delete',
  helpOrder: 73,
  description: 'close a pinhole',
  parameters: [ID],
  options: PINHOLE_GATEWAY_OPTIONS,
  toRequest: (flags, [id]): PinholeDeleteRequest => ({
    command: 'pinhole delete',
    ...pinholeGatewayRequest(flags),
    id,
  }),
});

export function run(request: PinholeDeleteRequest, { host, network }: Context): CommandResult {
  const { id } = request;
  return network
    .connectWithoutState(host, request)
    .andThen(({ gateway }) =>
      deletePinhole(gateway, id).map(() => pinholeOutcome(gateway, { deleted: id }, `Pinhole ${id} is closed\n`)),
    );
}
