/** `--remember`: asks the gateway of the last run first. */
import type { FilePort, Transport } from '@portwright/core';
import type { ConnectionState, FindGatewayError, FindGatewayOptions, FoundGateway } from '@portwright/core/upnp';
import { findKnownGateway } from '@portwright/core/upnp';
import { nodeFile } from '@portwright/transport-node';
import type { ResultAsync } from '@portwright/core/result';
import type { Host } from '../host.ts';

export function rememberedIn({ stateFolder }: Host): FilePort {
  const { join } = process.getBuiltinModule('node:path');
  return nodeFile(join(stateFolder, 'gateway.json'));
}

export function findRemembered(
  host: Host,
  transport: Transport,
  options: FindGatewayOptions,
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return findKnownGateway(transport, rememberedIn(host), options);
}
