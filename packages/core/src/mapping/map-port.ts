/** Gets a port mapped on any gateway that can do it, and says what was granted. */
import { ResultAsync, type Result } from '../result.ts';
import { checkArguments, MAP_OPTIONS, PORT_MAPPER } from '../arguments.ts';
import type { ProtocolName } from '../port-mapping.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from './internal/budget.ts';
import { LeaseStore } from './leases/lease-store.ts';
import { mapBoth, type MappedBoth } from './map-both.ts';
import { withSteps, type MappingProgress } from './mapping-progress.ts';
import type { MappedPort, PortMapper } from './port-mapper.ts';
import type { MapPortError, MapPortOptions } from './types.ts';

/** What {@link mapPort} takes for one protocol. */
export interface MapOnceOptions extends MapPortOptions {
  /** The ledger of what is mapped; default: none that outlasts the call. */
  readonly leases?: LeaseStore | undefined;
}

/** What {@link mapPort} takes for TCP and UDP together. */
export interface MapBothOptions extends Omit<MapOnceOptions, 'protocol'> {
  /** The same external port for both, or neither. */
  readonly protocol: 'both';
}

/**
 * Maps a port in whatever way the gateway allows, with at most six requests: as a permanent mapping if it refuses timed
 * ones, on another port if that is allowed (`port: 'any'`), with a shorter description if it refuses the given one. The
 * mapping is read back. A port of another host is never taken: its owner is read before the request, unless the gateway
 * is trusted to refuse (`trustConflicts`).
 *
 * With the protocol `both`, TCP and UDP get the same external port, or neither is mapped: if one of them cannot have the
 * port, the other is unmapped again. The six requests and the time are for both together.
 *
 * Defaults: `internalPort` the external one, `leaseSeconds` 3600, `budgetMs` 20000; see {@link MapPortOptions}. The
 * `steps` of the result tell what happens meanwhile.
 *
 * Errors: `not-mapped` with every failed attempt, and with what may still be mapped; `invalid-argument`.
 *
 * @example
 * ```ts
 * const mapped = await mapPort(mapper, { externalPort: 7777, protocol: 'both', description: 'my game' });
 * if (mapped.isOk()) console.log(mapped.value.externalPort);
 * ```
 */
export function mapPort(mapper: PortMapper, options: MapOnceOptions): MappingProgress<MappedPort, MapPortError>;
export function mapPort(mapper: PortMapper, options: MapBothOptions): MappingProgress<MappedBoth, MapPortError>;
export function mapPort(
  mapper: PortMapper,
  options: MapOnceOptions | MapBothOptions,
): MappingProgress<MappedPort | MappedBoth, MapPortError>;
export function mapPort(
  mapper: PortMapper,
  options: MapOnceOptions | MapBothOptions,
): MappingProgress<MappedPort | MappedBoth, MapPortError> {
  return withSteps((onStep) =>
    checkArguments(['mapper', mapper, PORT_MAPPER], ['options', options, MAP_OPTIONS]).asyncAndThen(() => {
      const { leases = new LeaseStore(), budgetMs = DEFAULT_BUDGET_MS, signal } = options;
      const budget = timeBudget(mapper.clock, budgetMs, signal);
      const mapped: Promise<Result<MappedPort | MappedBoth, MapPortError>> = isForOne(options)
        ? mapper.map(options, { budget, ledger: leases.ledger({}, mapper), onStep })
        : mapBoth(mapper, options, { budget, leases, onStep });
      return new ResultAsync(onceWritten(leases, mapped));
    }),
  );
}

function isForOne<One extends { readonly protocol: ProtocolName }>(
  options: One | { readonly protocol: 'both' },
): options is One {
  // Callers in JavaScript may write it in either case, as they may write TCP.
  return options.protocol.toLowerCase() !== 'both';
}

/** The result, once the ledger's file has what came of it. */
async function onceWritten<T>(leases: LeaseStore, mapped: Promise<T>): Promise<T> {
  const result = await mapped;
  await leases.written();
  return result;
}
