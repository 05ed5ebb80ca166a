/** A port mapper that goes on with another protocol where its own is refused altogether. */
import { err, type Result } from '../result.ts';
import { MAX_ATTEMPTS, type FailedAttempt } from './attempts.ts';
import type { MappedPort, MappingContext, PortMapper, RenewalContext, RenewalError } from './port-mapper.ts';
import { attemptsOf, type Lease, type MapPortError, type MapPortOptions } from './types.ts';

/** Finds the next mapper; null: there is none. */
export type FindNext = () => Promise<PortMapper | null>;

/**
 * The same mapper, with one more way to map: if its gateway refuses every port by its protocol (it is switched off, or does
 * not let this host), the next protocol is asked, in the time and with the attempts that are left. All attempts are in the
 * result. A lease that is still active is never given up for another protocol.
 */
export function withFallback(mapper: PortMapper, findNext: FindNext): PortMapper {
  const mapBy = async (
    error: MapPortError,
    request: MapPortOptions,
    context: MappingContext,
  ): Promise<Result<MappedPort, MapPortError>> => {
    const failed = attemptsOf(error);
    const { budget, ledger, attemptsLeft = MAX_ATTEMPTS } = context;
    const left = attemptsLeft - failed.length;
    if (!mapper.isRefusedAltogether(error) || left <= 0 || budget.isOver() || budget.isAborted()) return err(error);
    const next = await findNext();
    if (next === null || budget.isOver() || budget.isAborted()) return err(error);
    const mapped = await next.map(request, { ...context, ledger: ledger.on(next), attemptsLeft: left });
    return mapped
      .map((one) => ({ ...one, attempts: [...failed, ...one.attempts] }))
      .mapErr((last) => withAttempts(error, [...failed, ...attemptsOf(last)]));
  };
  const fallback = Object.assign(Object.create(mapper) as PortMapper, {
    map: async (request: MapPortOptions, context: MappingContext) => {
      const mapped = await mapper.map(request, context);
      return mapped.isOk() ? mapped.map(byFallback) : mapBy(mapped.error, request, context);
    },
    renew: async (
      lease: Lease,
      request: MapPortOptions,
      context: RenewalContext,
    ): Promise<Result<MappedPort, RenewalError>> => {
      const renewed = await mapper.renew(lease, request, context);
      if (renewed.isOk()) return renewed.map(byFallback);
      if (renewed.error.isActive) return err(renewed.error);
      const mapped = await mapBy(renewed.error.error, request, { ...context, startAt: lease.externalPort });
      return mapped.mapErr((error) => ({ error, isActive: false }));
    },
  });
  const byFallback = (mapped: MappedPort): MappedPort =>
    mapped.mapper === mapper ? { ...mapped, mapper: fallback } : mapped;
  return fallback;
}

function withAttempts(error: MapPortError, attempts: readonly FailedAttempt[]): MapPortError {
  return error.kind === 'not-mapped' ? { ...error, attempts } : error;
}
