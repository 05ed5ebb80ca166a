/** The walk up the ladder: attempt after attempt, until one gets the port or no way is left. */
import { err, ok, type Result } from '../../result.ts';
import { checkArguments, POLLED_OPTIONS } from '../../arguments.ts';
import { connectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf } from '../../client/internal-client.ts';
import { checkLease, checkMappingKey, checkPort, DEFAULT_DESCRIPTION, type PortMapping } from '../../port-mapping.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import { LEFT_MAPPING, TRY_AGAIN } from '../../hints.ts';
import { invalidArgument } from '../../invalid-argument.ts';
import type { FailedAttempt, MappingAttempt, MappingDemand } from './attempt-types.ts';
import { timeBudget, type TimeBudget } from '../internal/budget.ts';
import type { MapPortError, MapPortOptions, MappedPort, NotMappedError } from '../types.ts';
import { asDescribedNow, hasMoved } from './moved-control-url.ts';
import { isOfVersion2, offersAction } from './offered-actions.ts';
import { ladder, MAX_ATTEMPTS } from './retry-policy.ts';
import { speakingAs } from './source-address.ts';
import { standsBehindRouter } from './double-nat.ts';
import { takeBack } from './ownership.ts';
import { tryAttempt } from './attempt.ts';
import type { Verification } from './attempt-types.ts';
import { warningsAbout } from './warnings.ts';

const DEFAULT_BUDGET_MS = 20_000;

/** What a walk has in common with those before and after it, where one does not get there. */
export interface Course {
  readonly budget: TimeBudget;
  /** The external port to begin with; default: the one that is wanted. */
  readonly startAt?: number | undefined;
  /** What has failed before: it counts, and it is where the policy goes on from. */
  readonly failed?: readonly FailedAttempt[] | undefined;
  /** How many more there may be; default: what those that have failed have left of {@link MAX_ATTEMPTS}. */
  readonly attemptsLeft?: number | undefined;
  /**
   * What may stand on this gateway, by external port: kept up to date, also where something throws. Where another port is
   * sought, these come first, so that there is not one more.
   */
  readonly doubtful?: Map<number, PortMapping> | undefined;
}

/** The time that a caller gives. It begins now. */
export function budgetFor(
  { transport }: Gateway,
  { budgetMs = DEFAULT_BUDGET_MS, signal }: Pick<MapPortOptions, 'budgetMs' | 'signal'>,
): TimeBudget {
  return timeBudget(transport.clock, budgetMs, signal);
}

export async function climb(
  gateway: Gateway,
  options: MapPortOptions,
  {
    budget,
    startAt,
    failed = [],
    attemptsLeft = MAX_ATTEMPTS - failed.length,
    doubtful = new Map<number, PortMapping>(),
  }: Course,
): Promise<Result<MappedPort, MapPortError>> {
  const { policy = ladder, verify = true, askState = true, trustConflicts = false, onGranted } = options;
  const checked = await demanded(gateway, options);
  if (checked.isErr()) {
    const { error } = checked;
    return err(error.kind === 'transport' ? notMapped('no-address', options, [], [], error) : error);
  }
  const requested = checked.value;
  const attempts = [...failed];
  const mostAttempts = failed.length + attemptsLeft;
  const stop = (code: NotMappedError['code'], told?: Told): Result<never, NotMappedError> =>
    err(notMapped(code, requested, attempts, [...doubtful.values()], told));
  const looksFirst = !trustConflicts || !isOfVersion2(gateway);
  let doubtsDenials = true;
  let demand = demandOf(gateway, requested, options, startAt, [...doubtful.keys()]);
  let current = gateway;
  let voice = await speakingAs(gateway, requested.internalClient);
  let hasAsked = false;
  let attempt = attemptsLeft > 0 ? policy(demand, attempts) : null;
  const onLeft = (mapping: PortMapping): void => void doubtful.set(mapping.externalPort, mapping);
  /** The last mapping that was granted, on a gateway whose table has never listed any. Until the end it is in doubt. */
  let unlisted: { readonly granted: PortMapping; readonly asked: MappingAttempt } | null = null;
  const giveUpUnlisted = async (except: PortMapping | null): Promise<void> => {
    const earlier = unlisted?.granted;
    unlisted = null;
    if (earlier === undefined || earlier.externalPort === except?.externalPort) return;
    if ((await takeBack(voice, earlier, budget.settling)).isOk()) doubtful.delete(earlier.externalPort);
  };
  const finish = async (granted: PortMapping, verified: Verification, asked: MappingAttempt): Promise<MappedPort> => {
    // Without time left to ask, the mapping stands all the same, and that is what counts.
    const state = askState && !budget.isOver() ? await connectionState(current, budget.limits) : null;
    const warnings = warningsAbout(requested, granted, verified, state);
    return { requested, granted, verified, asked, attempts, warnings, gateway: current };
  };
  while (attempt !== null) {
    if (budget.isAborted() || budget.isOver()) break;
    if (attempt.delayMs > 0) await gateway.transport.clock.sleep(attempt.delayMs);
    const trying = { verify, looksFirst, doubtsDenials, onGranted, onLeft };
    const trial = await tryAttempt(voice, requested, attempt, trying, budget);
    if (trial.kind === 'mapped') {
      const { granted, verified } = trial;
      if (budget.isAborted()) {
        const removed = await takeBack(voice, granted, budget.settling);
        if (removed.isErr()) onLeft(granted);
        await giveUpUnlisted(granted);
        return stop(removed.isOk() ? 'aborted' : 'left-behind');
      }
      await giveUpUnlisted(granted);
      return ok(await finish(granted, verified, attempt));
    }
    const { error, holder, left, isTruthful = false } = trial;
    if (isTruthful) doubtsDenials = false;
    attempts.push({ ...attempt, protocol: requested.protocol, error, holder });
    if (left !== null) onLeft(left);
    else if (holder === 'nobody' || holder === 'other') doubtful.delete(attempt.externalPort);
    if (trial.unlisted !== undefined) {
      await giveUpUnlisted(trial.unlisted);
      unlisted = { granted: trial.unlisted, asked: attempt };
      onLeft(trial.unlisted);
    }
    if (attempts.length >= mostAttempts) break;
    const described = current === gateway && hasMoved(error) ? await asDescribedNow(gateway, budget.limits) : null;
    if (described !== null) {
      current = described;
      voice = await speakingAs(current, requested.internalClient);
      continue;
    }
    // Before the first refusal it is of no use to know.
    if (demand.port === 'any' && !demand.offersAny && !hasAsked) {
      hasAsked = true;
      demand = { ...demand, offersAny: await offersAction(current, 'AddAnyPortMapping', budget.limits) };
    }
    attempt = policy(demand, attempts);
  }
  if (budget.isAborted()) {
    await giveUpUnlisted(null);
    return stop('aborted');
  }
  if (unlisted !== null) {
    doubtful.delete(unlisted.granted.externalPort);
    return ok(await finish(unlisted.granted, 'unverifiable', unlisted.asked));
  }
  if (budget.isOver()) return stop('out-of-time');
  const behind = await standsBehindRouter(current, attempts, budget.limits);
  return behind === null ? stop('refused') : stop('double-nat', behind);
}

/** What is asked for, checked, with the defaults filled in. */
async function demanded(
  gateway: Gateway,
  options: MapPortOptions,
): Promise<Result<PortMapping, InvalidArgumentError | TransportError>> {
  const {
    externalPort,
    internalPort = externalPort,
    leaseSeconds = 3600,
    description,
    budgetMs = DEFAULT_BUDGET_MS,
  } = options;
  const key = checkArguments(['options', options, POLLED_OPTIONS])
    .andThen(() => checkMappingKey(options))
    .andThen((checked) => checkPort('internalPort', internalPort).map(() => checked))
    .andThen((checked) => checkLease(leaseSeconds).map(() => checked));
  if (key.isErr()) return err(key.error);
  if (!(budgetMs > 0)) return err(invalidArgument('out-of-range', 'budgetMs', 'more than 0', budgetMs));
  const client = await internalClientOf(gateway, options.internalClient);
  return client.map((internalClient) => ({
    externalPort,
    protocol: key.value.protocol,
    remoteHost: '',
    internalClient,
    internalPort,
    enabled: true,
    description: description?.trim() ? description : DEFAULT_DESCRIPTION,
    leaseSeconds,
  }));
}

function demandOf(
  gateway: Gateway,
  requested: PortMapping,
  { port = 'exact' }: MapPortOptions,
  startAt: number | undefined,
  doubtful: readonly number[],
): MappingDemand {
  const { internalPort, leaseSeconds, description } = requested;
  const { random } = gateway.transport;
  return {
    externalPort: startAt ?? requested.externalPort,
    internalPort,
    leaseSeconds: leaseSeconds ?? 0,
    description: description ?? '',
    port,
    otherPorts: [...doubtful, ...Array.from({ length: 6 }, () => 1024 + Math.floor(random.fraction() * 64_512))],
    offersAny: isOfVersion2(gateway),
  };
}

/** Why, and what to do. */
interface Told {
  readonly message: string;
  readonly hint?: string | undefined;
}

function notMapped(
  code: NotMappedError['code'],
  { externalPort, protocol }: Pick<MapPortOptions, 'externalPort' | 'protocol'>,
  attempts: readonly FailedAttempt[],
  mayStand: readonly PortMapping[],
  told: Told | undefined = attempts.at(-1)?.error,
): NotMappedError {
  const why = {
    refused: told?.message ?? 'no attempt was made',
    'double-nat': told?.message,
    'no-address': told?.message,
    'out-of-time': 'the time limit was reached',
    aborted: 'aborted',
    'left-behind': 'aborted, but the router did not delete the mapping',
  };
  const ports = mayStand.map((one) => one.externalPort).join(', ');
  const doubt = code === 'left-behind' || ports === '' ? '' : `; port ${ports} may still be mapped`;
  const next = told?.hint ?? (code === 'out-of-time' ? 'Try again with more time.' : TRY_AGAIN);
  return {
    kind: 'not-mapped',
    code,
    message: `can't map ${protocol.toUpperCase()} port ${externalPort}: ${why[code]}${doubt}`,
    attempts,
    mayStand,
    hint: mayStand.length > 0 ? LEFT_MAPPING : code === 'aborted' ? undefined : next,
  };
}
