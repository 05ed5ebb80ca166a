import type { ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from './gateway.ts';
import { checkMappingKey, keyInput } from './mapping-arguments.ts';
import type { MappingKey } from '../port-mapping.ts';
import type { CallError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';

/**
 * Removes one mapping. Most gateways answer 714 where there is none, miniupnpd's nftables build says success.
 *
 * @see WANIPConnection:1, 2.4.17 (DeletePortMapping)
 */
export function deleteMapping(gateway: Gateway, options: MappingKey & CallOptions): ResultAsync<void, CallError> {
  return checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS])
    .andThen(() => checkMappingKey(options))
    .asyncAndThen((key) => gateway.connection.call('DeletePortMapping', keyInput(key), options))
    .map(() => undefined);
}
