/** Gets a port mapped on any router that can do it, and says what was granted. */
import { ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, POLLED_OPTIONS } from '../arguments.ts';
import type { Gateway } from '../client/gateway.ts';
import { budgetFor, climb } from './igd/attempt-loop.ts';
import type { MapPortError, MapPortOptions, MappedPort } from './types.ts';

/**
 * Maps a port by whatever way the gateway allows, at most six requests for it: with a permanent lease where timed ones
 * are refused, on another port where that will do, in plainer words. What was granted is read back.
 *
 * It never takes a port away from another host: who holds it is read before it is asked for, unless the gateway is
 * trusted with that.
 */
export function mapPort(gateway: Gateway, options: MapPortOptions): ResultAsync<MappedPort, MapPortError> {
  return checkArguments(['gateway', gateway, GATEWAY], ['options', options, POLLED_OPTIONS]).asyncAndThen(
    () => new ResultAsync(climb(gateway, options, { budget: budgetFor(gateway, options) })),
  );
}
