/** `--remember`: asks the gateway of the last run first. */
import type { Transport } from '@portwright/core';
import type { ConnectionState, FindGatewayError, FindGatewayOptions, FoundGateway } from '@portwright/core/upnp';
import { findKnownGateway } from '@portwright/core/upnp';
import { nodeFile } from '@portwright/transport-node';
import type { ResultAsync } from '@portwright/core/result';
import type { Host } from '../host.ts';

export function findRemembered(
  { stateFolder }: Host,
  transport: Transport,
  options: FindGatewayOptions,
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  const { join } = process.getBuiltinModule('node:path');
  return findKnownGateway(transport, nodeFile(join(stateFolder, 'gateway.json')), options);
}
