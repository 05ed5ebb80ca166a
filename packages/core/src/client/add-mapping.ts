import { ok, safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from './gateway.ts';
import { internalClientOf } from './internal-client.ts';
import { checkMappingKey, mappingInput, toPortMapping } from './mapping-arguments.ts';
import { checkLease, checkPort, type MappingKey, type PortMapping } from '../port-mapping.ts';
import type { CallError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';

export interface AddMappingOptions extends MappingKey, CallOptions {
  /** 1..65535; default: the external port. */
  readonly internalPort?: number | undefined;
  /** Default: this host's address, as the gateway sees it. */
  readonly internalClient?: string | undefined;
  /** Shown in the router's settings; default `Portwright`. An empty one is sent as that too: some routers refuse it (-911). */
  readonly description?: string | undefined;
  /** Seconds; default 3600; 0 asks for a permanent mapping. Version 2 gateways give 604800 at most. */
  readonly leaseSeconds?: number | undefined;
}

/**
 * Asks the gateway for one mapping, exactly as given. What is returned is what was asked and granted; the lease that the
 * gateway keeps may differ.
 *
 * @see WANIPConnection:1, 2.4.16 (AddPortMapping)
 */
export function addMapping(gateway: Gateway, options: AddMappingOptions): ResultAsync<PortMapping, CallError> {
  return safeTry<PortMapping, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const { internalPort = options.externalPort, leaseSeconds = 3600 } = options;
    const key = yield* checkMappingKey(options);
    yield* checkPort('internalPort', internalPort);
    yield* checkLease(leaseSeconds);
    const internalClient = yield* await internalClientOf(gateway, options.internalClient);
    const entry = mappingInput({ ...key, internalPort, internalClient, leaseSeconds });
    yield* gateway.connection.call('AddPortMapping', entry, options);
    return ok(toPortMapping(entry));
  });
}
