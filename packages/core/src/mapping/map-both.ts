/** The same external port for TCP and UDP. */
import { err, ok, type Result } from '../result.ts';
import { LEFT_MAPPING } from '../hints.ts';
import { MAX_ATTEMPTS, type FailedAttempt } from './attempts.ts';
import type { TimeBudget } from './internal/budget.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { MappedPort, PortMapper } from './port-mapper.ts';
import {
  attemptsOf,
  type Lease,
  type MapPortError,
  type MapPortOptions,
  type MappingStep,
  type NotMappedError,
} from './types.ts';

/** TCP and UDP on the same external port. */
export interface MappedBoth {
  readonly externalPort: number;
  /** What the gateway granted for each. */
  readonly leases: readonly [tcp: Lease, udp: Lease];
  /** The same with everything else that is known: attempts, warnings, whether it was read back. */
  readonly ports: readonly [tcp: MappedPort, udp: MappedPort];
}

/** What both protocols share. */
interface SharedContext {
  readonly budget: TimeBudget;
  readonly leases: LeaseStore;
  readonly onStep: (step: MappingStep) => void;
}

/**
 * Maps TCP and UDP on the same external port, or neither: what one of them got is released where the other can't have
 * it. With `any`, other ports are tried. There are at most six attempts and one time budget, all in all, and every
 * attempt that failed is told.
 */
export async function mapBoth(
  mapper: PortMapper,
  options: Omit<MapPortOptions, 'protocol'>,
  { budget, leases, onStep }: SharedContext,
): Promise<Result<MappedBoth, MapPortError>> {
  const { externalPort, port = 'exact', internalPort = externalPort } = options;
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
    if (udp.isOk()) {
      const ports = [withAll(tcp.value, failed), withAll(udp.value, failed)] as const;
      return ok({ externalPort: samePort, leases: [ports[0].granted, ports[1].granted], ports });
    }
    const removed = await tcp.value.mapper.release(tcp.value.granted, { budget, isFresh: true });
    const error = withAttempts(udp.error, failed);
    if (removed.isErr() && error.kind === 'not-mapped') {
      const message = `${error.message}; TCP port ${samePort} is still mapped: ${removed.error.message}`;
      const left: NotMappedError = {
        ...error,
        code: 'left-behind',
        message,
        hint: LEFT_MAPPING,
        unknownLeases: [...error.unknownLeases, tcp.value.granted],
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
