import { err, ok, ResultAsync, type Result } from '../result.ts';
import { checkArguments, POLLED_OPTIONS, PORT_MAPPER } from '../arguments.ts';
import { LEFT_MAPPING } from '../hints.ts';
import type { FailedAttempt } from './attempts.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from './internal/budget.ts';
import { LeaseStore } from './leases/lease-store.ts';
import { onceWritten, type MapOnceOptions } from './map-port.ts';
import { withSteps, type MappingProgress } from './mapping-progress.ts';
import type { MappedPort, PortMapper } from './port-mapper.ts';
import { attemptsOf, type MapPortError, type MapPortOptions, type MappingStep, type NotMappedError } from './types.ts';

/** More would be hammering, for both protocols together. */
const MAX_ATTEMPTS = 6;

/** The same external port for both protocols. */
export interface MappedBoth {
  readonly tcp: MappedPort;
  readonly udp: MappedPort;
}

/**
 * Maps TCP and UDP on the same external port, or neither: what one of them got is given back where the other can't have
 * it. With `any`, other ports are tried. There are at most six attempts and one time budget, all in all, and every
 * attempt that failed is told.
 */
export function mapBoth(
  mapper: PortMapper,
  options: Omit<MapOnceOptions, 'protocol'>,
): MappingProgress<MappedBoth, MapPortError> {
  return withSteps((onStep) =>
    checkArguments(['mapper', mapper, PORT_MAPPER], ['options', options, POLLED_OPTIONS]).asyncAndThen(() => {
      const { leases = new LeaseStore() } = options;
      return new ResultAsync(onceWritten(leases, inRounds(mapper, { ...options, leases }, onStep)));
    }),
  );
}

async function inRounds(
  mapper: PortMapper,
  options: Omit<MapPortOptions, 'protocol'> & { readonly leases: LeaseStore },
  onStep: (step: MappingStep) => void,
): Promise<Result<MappedBoth, MapPortError>> {
  const { externalPort, port = 'exact', internalPort = externalPort } = options;
  const { leases, budgetMs = DEFAULT_BUDGET_MS, signal } = options;
  const budget = timeBudget(mapper.clock, budgetMs, signal);
  /** Of all rounds, in their order. */
  const failed: FailedAttempt[] = [];
  let granted = 0;
  const map = async (
    on: PortMapper,
    request: MapPortOptions,
    startAt: number,
  ): Promise<Result<MappedPort, MapPortError>> => {
    const ledger = leases.ledger({}, on);
    const attemptsLeft = MAX_ATTEMPTS - granted - failed.length;
    const mapped = await on.map(request, { budget, ledger, startAt, attemptsLeft, onStep });
    failed.push(...mapped.match(({ attempts }) => attempts, attemptsOf));
    return mapped;
  };
  const both = { ...options, internalPort };
  for (let startAt = externalPort; ; startAt = 1024 + Math.floor(mapper.random.fraction() * 64_512)) {
    const tcp = await map(mapper, { ...both, protocol: 'TCP', askState: false }, startAt);
    if (tcp.isErr()) return err(withAttempts(tcp.error, failed));
    granted += 1;
    const samePort = tcp.value.granted.externalPort;
    const udp = await map(tcp.value.mapper, { ...both, protocol: 'UDP', port: 'exact' }, samePort);
    if (udp.isOk()) return ok({ tcp: withAll(tcp.value, failed), udp: withAll(udp.value, failed) });
    const removed = await tcp.value.mapper.release(tcp.value.granted, { budget, isFresh: true });
    const error = withAttempts(udp.error, failed);
    if (removed.isErr() && error.kind === 'not-mapped') {
      const message = `${error.message}; TCP port ${samePort} is still mapped: ${removed.error.message}`;
      const left: NotMappedError = {
        ...error,
        code: 'left-behind',
        message,
        hint: LEFT_MAPPING,
        mayStand: [...error.mayStand, tcp.value.granted],
      };
      return err(left);
    }
    leases.remove(tcp.value.granted);
    if (port === 'exact' || MAX_ATTEMPTS - granted - failed.length <= 0) return err(error);
  }
}

/** With what has failed for its protocol in all rounds. */
function withAll(mapped: MappedPort, failed: readonly FailedAttempt[]): MappedPort {
  return { ...mapped, attempts: failed.filter(({ protocol }) => protocol === mapped.requested.protocol) };
}

function withAttempts(error: MapPortError, attempts: readonly FailedAttempt[]): MapPortError {
  return error.kind === 'not-mapped' ? { ...error, attempts: [...attempts] } : error;
}
