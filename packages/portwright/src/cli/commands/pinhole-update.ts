import { updatePinhole } from '@portwright/core/upnp';
import type { GatewayRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { duration } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';
import { ID, LEASE, PINHOLE_GATEWAY_OPTIONS, pinholeGatewayRequest, pinholeOutcome } from './pinhole/pinhole-shared.ts';

export interface PinholeUpdateRequest extends GatewayRequest {
  readonly command: 'pinhole update';
  readonly id: number;
  readonly leaseSeconds?: number | undefined;
}

export const command = defineCommand({
  name: 'pinhole update',
  helpOrder: 72,
  description: 'renew a pinhole',
  parameters: [ID],
  options: [LEASE, ...PINHOLE_GATEWAY_OPTIONS],
  toRequest: (flags, [id]): PinholeUpdateRequest => ({
    command: 'pinhole update',
    ...pinholeGatewayRequest(flags),
    id,
    leaseSeconds: flags.lease,
  }),
});

const DEFAULT_LEASE_SECONDS = 3600;

export function run(request: PinholeUpdateRequest, { host, network }: Context): CommandResult {
  const { id, leaseSeconds = DEFAULT_LEASE_SECONDS } = request;
  const text = `Pinhole ${id} is open for ${duration(leaseSeconds)} from now\n`;
  return network
    .connectWithoutState(host, request)
    .andThen(({ gateway }) =>
      updatePinhole(gateway, { id, leaseSeconds }).map(() =>
        pinholeOutcome(gateway, { updated: id, leaseSeconds }, text),
      ),
    );
}
