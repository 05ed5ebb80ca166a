/** `--remember`: the gateway of the last run is asked first. */
import type { FindGatewayError, FindGatewayOptions, Transport } from '@portwright/core';
import { findKnownGateway } from '@portwright/core/mapping';
import { nodeFile } from '@portwright/transport-node';
import type { ResultAsync } from '@portwright/core/result';
import type { MaybeAsked } from './connect.ts';
import type { Host } from '../host.ts';

export function findRemembered(
  { stateFolder }: Host,
  transport: Transport,
  options: FindGatewayOptions,
): ResultAsync<MaybeAsked, FindGatewayError> {
  const { join } = process.getBuiltinModule('node:path');
  return findKnownGateway(transport, nodeFile(join(stateFolder, 'gateway.json')), options);
}
