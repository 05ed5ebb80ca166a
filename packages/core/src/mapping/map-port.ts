/** Gets a port mapped on any router that can do it, and says what was granted. */
import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { connectionState } from '../client/connection-state.ts';
import type { Gateway } from '../client/gateway.ts';
import { internalClientOf } from '../client/internal-client.ts';
import {
  checkLease,
  checkMappingKey,
  checkPort,
  DEFAULT_DESCRIPTION,
  type PortMapping,
  type Protocol,
} from '../client/port-mapping.ts';
import { parseUpnpType } from '../description/upnp-type.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { AbortSignalLike } from '../ports.ts';
import type { FailedAttempt, MappingAttempt, MappingDemand } from './attempt.ts';
import { timeBudget } from './budget.ts';
import { asDescribedNow, hasMoved } from './moved-control-url.ts';
import { isOfVersion2, offersAction } from './offered-actions.ts';
import { ladder, type MappingPolicy } from './policy.ts';
import { removeMapping } from './standing.ts';
import { tryAttempt, type Trial, type Verification } from './try-attempt.ts';
import { warningsAbout, type MappingWarning } from './warnings.ts';

export interface MapPortOptions {
  /** 1..65535: the port to be reached at from outside. */
  readonly externalPort: number;
  readonly protocol: Protocol;
  /** 1..65535; default: the external port. */
  readonly internalPort?: number | undefined;
  /** The IPv4 address of the host that it leads to; default: this one, by the address that the gateway is spoken to from. */
  readonly internalClient?: string | undefined;
  /** Shown in the router's settings; default `Portwright`. */
  readonly description?: string | undefined;
  /** Seconds; default 3600; 0 is a permanent mapping, which a version 2 gateway makes a week of. */
  readonly leaseSeconds?: number | undefined;
  /** `any`: another external port will do where this one can't be had. Default: `exact`. */
  readonly port?: 'exact' | 'any' | undefined;
  /** Whether to read back what was granted; default true. Some routers say yes, and do nothing. */
  readonly verify?: boolean | undefined;
  /** Whether to ask for the gateway's status and address afterwards, for the warnings; default true. */
  readonly askState?: boolean | undefined;
  /**
   * Trust a version 2 gateway to refuse a port that another host holds, as it has to (WANIPConnection:2, 2.5.16): a
   * request less. Default: false; who holds the port is read before it is asked for, on version 1 in any case.
   */
  readonly trustConflicts?: boolean | undefined;
  /** Milliseconds for all of it; default 20000. */
  readonly budgetMs?: number | undefined;
  /** What to ask for next when something was refused; default: {@link ladder}. */
  readonly policy?: MappingPolicy | undefined;
  /**
   * Is told as soon as the gateway has said yes, and not only when that has been read back; a promise is waited for.
   * Should it turn out that the gateway has lied, it is told of the next one.
   */
  readonly onGranted?: ((granted: PortMapping) => void | Promise<void>) | undefined;
  /** Checked between requests: one that was sent is heard to its end, and taken back. */
  readonly signal?: Pick<AbortSignalLike, 'aborted'> | undefined;
}

/** A port that is mapped. */
export interface MappedPort {
  /** What was wanted, with the defaults filled in. */
  readonly requested: PortMapping;
  /** What the gateway gave: read back, where that was possible. */
  readonly granted: PortMapping;
  readonly verified: Verification;
  /** What was asked for in the end, and what begins the next time. */
  readonly asked: MappingAttempt;
  /** What was refused on the way, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  readonly warnings: readonly MappingWarning[];
  /** The gateway that holds it. Another object than was given, if its description had to be fetched again. */
  readonly gateway: Gateway;
}

/** The port could not be mapped. Nothing was left behind, unless the code or an attempt says so. */
export interface NotMappedError {
  readonly kind: 'not-mapped';
  /**
   * `refused`: every way was refused; `out-of-time`: the budget ran out; `aborted`: the caller's signal; `left-behind`:
   * that, and the gateway did not take the mapping back.
   */
  readonly code: 'refused' | 'out-of-time' | 'aborted' | 'left-behind';
  readonly message: string;
  /** Every attempt and why it failed, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  readonly hint?: string | undefined;
}

export type MapPortError = InvalidArgumentError | NotMappedError;

/**
 * Maps a port by whatever way the gateway allows, at most six requests for it: with a permanent lease where timed ones
 * are refused, on another port where that will do, in plainer words. What was granted is read back.
 *
 * It never takes a port away from another host: who holds it is read before it is asked for, unless the gateway is
 * trusted with that.
 */
export function mapPort(gateway: Gateway, options: MapPortOptions): ResultAsync<MappedPort, MapPortError> {
  return safeTry<MappedPort, MapPortError>(async function* () {
    const { clock } = gateway.transport;
    const {
      policy = ladder,
      budgetMs = 20_000,
      verify = true,
      askState = true,
      trustConflicts = false,
      onGranted,
      signal,
    } = options;
    const looksFirst = !trustConflicts || connectionVersion(gateway) < 2;
    const trying = { verify, looksFirst, onGranted };
    const budget = timeBudget(clock, budgetMs, signal);
    const requested = yield* await demanded(gateway, options);
    const attempts: FailedAttempt[] = [];
    const stop = (code: NotMappedError['code']): Result<never, NotMappedError> =>
      err(notMapped(code, requested, attempts));
    let demand = demandOf(gateway, requested, options);
    let current = gateway;
    for (let attempt = policy(demand, attempts); attempt !== null; attempt = policy(demand, attempts)) {
      if (budget.isAborted()) return stop('aborted');
      if (budget.isOver()) return stop('out-of-time');
      let trial: Trial = await tryAttempt(current, requested, attempt, trying, budget);
      if (trial.kind === 'failed' && current === gateway && hasMoved(trial.error)) {
        current = (await asDescribedNow(gateway, budget.limits)) ?? current;
        if (current !== gateway) trial = await tryAttempt(current, requested, attempt, trying, budget);
      }
      if (trial.kind === 'failed') {
        attempts.push({ ...attempt, error: trial.error, holder: trial.holder });
        // Before the first refusal it is of no use to know.
        if (demand.port === 'any' && !demand.offersAny && attempts.length === 1) {
          demand = { ...demand, offersAny: await offersAction(current, 'AddAnyPortMapping', budget.limits) };
        }
        continue;
      }
      const { granted, verified } = trial;
      if (budget.isAborted()) {
        const removed = await removeMapping(current, granted, {});
        return stop(removed.isOk() ? 'aborted' : 'left-behind');
      }
      // Without time left to ask, the mapping stands all the same, and that is what counts.
      const state = askState && !budget.isOver() ? await connectionState(current, budget.limits) : null;
      const warnings = warningsAbout(requested, granted, verified, state);
      return ok({ requested, granted, verified, asked: attempt, attempts, warnings, gateway: current });
    }
    if (budget.isAborted()) return stop('aborted');
    return stop(budget.isOver() ? 'out-of-time' : 'refused');
  });
}

function connectionVersion({ services }: Gateway): number {
  return parseUpnpType(services.connection.serviceType)?.version ?? 1;
}

/** What is asked for, checked, with the defaults filled in. */
async function demanded(gateway: Gateway, options: MapPortOptions): Promise<Result<PortMapping, InvalidArgumentError>> {
  const {
    externalPort,
    protocol,
    internalPort = externalPort,
    leaseSeconds = 3600,
    description,
    budgetMs = 1,
  } = options;
  const key = checkMappingKey(options)
    .andThen((checked) => checkPort('internalPort', internalPort).map(() => checked))
    .andThen((checked) => checkLease(leaseSeconds).map(() => checked));
  if (key.isErr()) return err(key.error);
  if (!(budgetMs > 0)) return err(invalidArgument('out-of-range', 'budgetMs', 'more than 0', budgetMs));
  const client = await internalClientOf(gateway, options.internalClient);
  return client.map((internalClient) => ({
    externalPort,
    protocol,
    remoteHost: '',
    internalClient,
    internalPort,
    enabled: true,
    description: description?.trim() ? description : DEFAULT_DESCRIPTION,
    leaseSeconds,
  }));
}

function demandOf(gateway: Gateway, requested: PortMapping, { port = 'exact' }: MapPortOptions): MappingDemand {
  const { externalPort, internalPort, leaseSeconds, description } = requested;
  const { random } = gateway.transport;
  return {
    externalPort,
    internalPort,
    leaseSeconds: leaseSeconds ?? 0,
    description: description ?? '',
    port,
    otherPorts: Array.from({ length: 6 }, () => 1024 + Math.floor(random.fraction() * 64_512)),
    offersAny: isOfVersion2(gateway),
  };
}

function notMapped(
  code: NotMappedError['code'],
  { externalPort, protocol }: PortMapping,
  attempts: readonly FailedAttempt[],
): NotMappedError {
  const last = attempts.at(-1)?.error;
  const why = {
    refused: last?.message ?? 'nothing was tried',
    'out-of-time': 'the time is up',
    aborted: 'aborted',
    'left-behind': 'aborted, and the gateway did not delete it again',
  };
  return {
    kind: 'not-mapped',
    code,
    message: `mapping ${protocol} port ${externalPort}: ${why[code]}`,
    attempts,
    hint: last?.hint,
  };
}
