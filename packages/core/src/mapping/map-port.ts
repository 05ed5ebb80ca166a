/** Gets a port mapped on any router that can do it, and says what was granted. */
import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { connectionState } from '../client/connection-state.ts';
import { createGateway, type Gateway } from '../client/gateway.ts';
import { fetchDescription } from '../client/fetch-description.ts';
import { internalClientOf } from '../client/internal-client.ts';
import {
  checkLease,
  checkMappingKey,
  checkPort,
  DEFAULT_DESCRIPTION,
  type PortMapping,
  type Protocol,
} from '../client/port-mapping.ts';
import { selectServices } from '../client/select-services.ts';
import type { CallOptions } from '../client/service-client.ts';
import { parseUpnpType } from '../description/upnp-type.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { AbortSignalLike } from '../ports.ts';
import type { AttemptError, FailedAttempt, MappingDemand } from './attempt.ts';
import { ladder, type MappingPolicy } from './policy.ts';
import { removeMapping, tryAttempt, type Verification } from './try-attempt.ts';
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
  /** Milliseconds for all of it; default 20000. */
  readonly budgetMs?: number | undefined;
  /** What to ask for next when something was refused; default: {@link ladder}. */
  readonly policy?: MappingPolicy | undefined;
  /** Checked between requests: one that was sent is heard to its end, and taken back. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A port that is mapped. */
export interface MappedPort {
  /** What was asked for, with the defaults filled in. */
  readonly requested: PortMapping;
  /** What the gateway gave: read back, where that was possible. */
  readonly granted: PortMapping;
  readonly verified: Verification;
  /** What was refused on the way, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  readonly warnings: readonly MappingWarning[];
  /** The gateway that holds it. Another object than was given, if its control URL had changed meanwhile. */
  readonly gateway: Gateway;
}

/** The port could not be mapped. Nothing was left behind, unless the code says so. */
export interface NotMappedError {
  readonly kind: 'not-mapped';
  /** `refused`: every way was refused; `out-of-time`: the budget ran out; `aborted`: the caller's
   * signal; `left-behind`: that, and the gateway did not take the mapping back. */
  readonly code: 'refused' | 'out-of-time' | 'aborted' | 'left-behind';
  readonly message: string;
  /** Every attempt and why it failed, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  readonly hint?: string | undefined;
}

export type MapPortError = InvalidArgumentError | NotMappedError;

/** A call that its gateway's control URL did not want: the description may name another one by now. */
const MOVED_STATUSES: readonly (number | undefined)[] = [404, 405, 412];

/**
 * Maps a port by whatever way the gateway allows, at most six requests for it: with a permanent lease where timed ones
 * are refused, on another port where that will do, in plainer words. What was granted is read back.
 *
 * It never takes a port away from another host.
 */
export function mapPort(gateway: Gateway, options: MapPortOptions): ResultAsync<MappedPort, MapPortError> {
  return safeTry<MappedPort, MapPortError>(async function* () {
    const { clock, random } = gateway.transport;
    const { policy = ladder, budgetMs = 20_000, verify = true, askState = true, signal, port = 'exact' } = options;
    const deadline = clock.now() + budgetMs;
    const requested = yield* await demanded(gateway, options);
    const { externalPort, internalPort, description } = requested;
    const demand: MappingDemand = {
      externalPort,
      internalPort,
      leaseSeconds: requested.leaseSeconds ?? 0,
      description: description ?? '',
      port,
      otherPorts: Array.from({ length: 6 }, () => 1024 + Math.floor(random.fraction() * 64_512)),
      offersAny: (parseUpnpType(gateway.services.connection.serviceType)?.version ?? 1) >= 2,
    };
    const limits: CallOptions = {
      get deadlineMs() {
        return Math.max(1, Math.min(deadline - clock.now(), 5000));
      },
    };
    const attempts: FailedAttempt[] = [];
    let current = gateway;
    const stop = (code: NotMappedError['code']): Result<never, NotMappedError> =>
      err(notMapped(code, requested, attempts));
    for (let attempt = policy(demand, attempts); attempt !== null; attempt = policy(demand, attempts)) {
      if (isAborted(signal)) return stop('aborted');
      if (clock.now() >= deadline) return stop('out-of-time');
      let trial = await tryAttempt(current, requested, attempt, verify, limits);
      if (trial.kind === 'failed' && current === gateway && hasMoved(trial.error)) {
        current = (await again(gateway, limits)) ?? current;
        if (current !== gateway) trial = await tryAttempt(current, requested, attempt, verify, limits);
      }
      if (trial.kind === 'failed') {
        attempts.push({ ...attempt, error: trial.error, holder: trial.holder });
        continue;
      }
      const { granted, verified } = trial;
      if (isAborted(signal)) {
        const removed = await removeMapping(current, granted, limits);
        return stop(removed.isOk() ? 'aborted' : 'left-behind');
      }
      // Without time left to ask, the mapping stands all the same, and that is what counts.
      const state = askState && clock.now() < deadline ? await connectionState(current, limits) : null;
      const warnings = warningsAbout(requested, granted, verified, state);
      return ok({ requested, granted, verified, attempts, warnings, gateway: current });
    }
    return stop('refused');
  });
}

function isAborted(signal: AbortSignalLike | undefined): boolean {
  return signal?.aborted === true;
}

/** What is asked for, checked, with the defaults filled in. */
async function demanded(gateway: Gateway, options: MapPortOptions): Promise<Result<PortMapping, InvalidArgumentError>> {
  const { internalPort = options.externalPort, leaseSeconds = 3600, description, budgetMs = 1 } = options;
  const key = checkMappingKey(options)
    .andThen((checked) => checkPort('internalPort', internalPort).map(() => checked))
    .andThen((checked) => checkLease(leaseSeconds).map(() => checked));
  if (key.isErr()) return err(key.error);
  if (!(budgetMs > 0)) return err(invalidArgument('out-of-range', 'budgetMs', 'more than 0', budgetMs));
  const client = await internalClientOf(gateway, options.internalClient);
  return client.map((internalClient) => ({
    ...key.value,
    internalClient,
    internalPort,
    enabled: true,
    description: description?.trim() ? description : DEFAULT_DESCRIPTION,
    leaseSeconds,
  }));
}

function hasMoved(error: AttemptError): boolean {
  return error.kind === 'transport' && error.code === 'http-status' && MOVED_STATUSES.includes(error.status);
}

/** The same gateway, by its description as it is now; null where that can't be had, or says the same as before. */
async function again(gateway: Gateway, limits: CallOptions): Promise<Gateway | null> {
  const { transport, description, services, localAddress } = gateway;
  const fetched = await fetchDescription(transport, description.location, limits);
  if (fetched.isErr()) return null;
  const { usable } = selectServices(fetched.value.description);
  const same = usable.find(({ connectionName }) => connectionName === services.connectionName);
  if (same === undefined || same.connection.controlUrl === services.connection.controlUrl) return null;
  return createGateway(transport, fetched.value.description, same, fetched.value.localAddress ?? localAddress);
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
