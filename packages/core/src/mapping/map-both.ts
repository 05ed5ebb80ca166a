import { err, ok, ResultAsync, type Result } from '../result.ts';
import { checkArguments, GATEWAY, POLLED_OPTIONS } from '../arguments.ts';
import type { Gateway } from '../client/gateway.ts';
import { LEFT_MAPPING } from '../hints.ts';
import type { FailedAttempt } from './igd/attempt-types.ts';
import { budgetFor, climb } from './igd/attempt-loop.ts';
import { attemptsOf, type MapPortError, type MapPortOptions, type MappedPort, type NotMappedError } from './types.ts';
import { MAX_ATTEMPTS } from './igd/retry-policy.ts';
import { takeBack } from './igd/ownership.ts';

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
  gateway: Gateway,
  options: Omit<MapPortOptions, 'protocol'>,
): ResultAsync<MappedBoth, MapPortError> {
  return checkArguments(['gateway', gateway, GATEWAY], ['options', options, POLLED_OPTIONS]).asyncAndThen(
    () => new ResultAsync(inRounds(gateway, options)),
  );
}

async function inRounds(
  gateway: Gateway,
  options: Omit<MapPortOptions, 'protocol'>,
): Promise<Result<MappedBoth, MapPortError>> {
  const { externalPort, port = 'exact', internalPort = externalPort } = options;
  const { random } = gateway.transport;
  const budget = budgetFor(gateway, options);
  /** Of all rounds, in their order. */
  const failed: FailedAttempt[] = [];
  let granted = 0;
  const attemptsLeft = (): number => MAX_ATTEMPTS - granted - failed.length;
  const both = { ...options, internalPort };
  for (let startAt = externalPort; ; startAt = 1024 + Math.floor(random.fraction() * 64_512)) {
    const ofTcp = { budget, startAt, attemptsLeft: attemptsLeft() };
    const tcp = await climb(gateway, { ...both, protocol: 'TCP', askState: false }, ofTcp);
    failed.push(...tcp.match(({ attempts }) => attempts, attemptsOf));
    if (tcp.isErr()) return err(withAttempts(tcp.error, failed));
    granted += 1;
    const same = { budget, startAt: tcp.value.granted.externalPort, attemptsLeft: attemptsLeft() };
    const udp = await climb(tcp.value.gateway, { ...both, protocol: 'UDP', port: 'exact' }, same);
    failed.push(...udp.match(({ attempts }) => attempts, attemptsOf));
    if (udp.isOk()) return ok({ tcp: withAll(tcp.value, failed), udp: withAll(udp.value, failed) });
    const removed = await takeBack(tcp.value.gateway, tcp.value.granted, budget.settling);
    const error = withAttempts(udp.error, failed);
    if (removed.isErr() && error.kind === 'not-mapped') {
      const message = `${error.message}; TCP port ${same.startAt} is still mapped: ${removed.error.message}`;
      const left: NotMappedError = {
        ...error,
        code: 'left-behind',
        message,
        hint: LEFT_MAPPING,
        mayStand: [...error.mayStand, tcp.value.granted],
      };
      return err(left);
    }
    if (port === 'exact' || attemptsLeft() <= 0) return err(error);
  }
}

/** With what has failed for its protocol in all rounds. */
function withAll(mapped: MappedPort, failed: readonly FailedAttempt[]): MappedPort {
  return { ...mapped, attempts: failed.filter(({ protocol }) => protocol === mapped.requested.protocol) };
}

function withAttempts(error: MapPortError, attempts: readonly FailedAttempt[]): MapPortError {
  return error.kind === 'not-mapped' ? { ...error, attempts: [...attempts] } : error;
}
