/** Gets a port mapped on any gateway that can do it, and says what was granted. */
import { ResultAsync } from '../result.ts';
import { checkArguments, POLLED_OPTIONS, PORT_MAPPER } from '../arguments.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from './internal/budget.ts';
import { LeaseStore } from './leases/lease-store.ts';
import { withSteps, type MappingProgress } from './mapping-progress.ts';
import type { MappedPort, PortMapper } from './port-mapper.ts';
import type { MapPortError, MapPortOptions } from './types.ts';

export interface MapOnceOptions extends MapPortOptions {
  /** The ledger of what is mapped; default: none that outlasts the call. */
  readonly leases?: LeaseStore | undefined;
}

/**
 * Maps a port by whatever way the gateway allows, at most six requests for it: with a permanent lease where timed ones
 * are refused, on another port where that will do, in plainer words. What was granted is read back. Its steps tell what
 * happens meanwhile.
 *
 * It never takes a port away from another host: who holds it is read before it is asked for, unless the gateway is
 * trusted with that.
 */
export function mapPort(mapper: PortMapper, options: MapOnceOptions): MappingProgress<MappedPort, MapPortError> {
  return withSteps((onStep) =>
    checkArguments(['mapper', mapper, PORT_MAPPER], ['options', options, POLLED_OPTIONS]).asyncAndThen(() => {
      const { leases = new LeaseStore(), budgetMs = DEFAULT_BUDGET_MS, signal } = options;
      const budget = timeBudget(mapper.clock, budgetMs, signal);
      const mapped = mapper.map(options, { budget, ledger: leases.ledger({}, mapper), onStep });
      return new ResultAsync(onceWritten(leases, mapped));
    }),
  );
}

/** The same, once the ledger's file has what came of it. */
export async function onceWritten<T>(leases: LeaseStore, mapped: Promise<T>): Promise<T> {
  const result = await mapped;
  await leases.written();
  return result;
}
