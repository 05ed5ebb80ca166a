/** Attempt after attempt, until one gets the port or no way is left. */
import { err, ok, type Result } from '../../result.ts';
import { connectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf, nextInternalClient } from '../../client/internal-client.ts';
import { checkMappingKey } from '../../client/mapping-arguments.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import { MAX_ATTEMPTS, type FailedAttempt, type MappingDemand, type Verification } from '../attempts.ts';
import { checkRequest } from '../check-request.ts';
import { lostAddress } from '../lost-address.ts';
import { notMapped, type Told } from '../not-mapped.ts';
import type { MappedPort, MappingContext } from '../port-mapper.ts';
import type { Lease, MapPortError, MapPortOptions, NotMappedError } from '../types.ts';
import { warningsAbout } from '../warnings.ts';
import { elsewhereOf } from './ask-elsewhere.ts';
import { leaseOf } from './igd-lease.ts';
import { recordFailure } from './record-failure.ts';
import { isOfVersion2, offersAction } from './offered-actions.ts';
import { retryPolicy } from './retry-policy.ts';
import { bindSourceAddress } from './source-address.ts';
import { standsBehindRouter } from './double-nat.ts';
import { releaseMapping, rollBackMapping } from './ownership.ts';
import { tryAttempt, type AttemptResult } from './attempt.ts';

/** A port that is mapped, and the gateway that was asked in the end. */
export interface GrantedPort extends Omit<MappedPort, 'mapper'> {
  readonly gateway: Gateway;
}

/** The context of an attempt loop. A renewal may run two loops: the second continues with the attempts of the first. */
export interface AttemptContext extends MappingContext {
  /** The failed attempts of an earlier loop. They count, and the policy continues after them. */
  readonly failed?: readonly FailedAttempt[] | undefined;
}

/** Attempt after attempt, until one gets the port or no way is left. */
export async function attemptLoop(
  gateway: Gateway,
  options: MapPortOptions,
  { budget, ledger, startAt, failed = [], attemptsLeft = MAX_ATTEMPTS - failed.length, onStep }: AttemptContext,
): Promise<Result<GrantedPort, MapPortError>> {
  const { policy = retryPolicy, verify = true, askState = true, trustConflicts = false } = options;
  const checked = await demanded(gateway, options);
  if (checked.isErr()) {
    const { error } = checked;
    return err(error.kind === 'transport' ? notMapped('no-address', options, [], [], error) : error);
  }
  let requested = checked.value;
  const attempts = [...failed];
  const mostAttempts = failed.length + attemptsLeft;
  const stop = (code: NotMappedError['code'], told?: Told): Result<never, NotMappedError> =>
    err(notMapped(code, requested, attempts, ledger.unknown(), told));
  const looksFirst = !trustConflicts || !isOfVersion2(gateway);
  let doubtsDenials = true;
  const unknownPorts = ledger.unknown().map(({ externalPort }) => externalPort);
  let demand = demandOf(gateway, requested, options, startAt, unknownPorts);
  let current = gateway;
  let bound = await bindSourceAddress(gateway, requested.internalClient);
  let hasAsked = false;
  const askElsewhere = elsewhereOf(gateway);
  let attempt = attemptsLeft > 0 ? policy(demand, attempts) : null;
  /** The last mapping that was granted, on a gateway whose table has never listed any. */
  let unlisted: Lease | null = null;
  /** Deletes a mapping that is not wanted any more. @returns whether it is gone */
  const rollBack = async (lease: Lease): Promise<boolean> => {
    const removed = await rollBackMapping(bound, lease, budget.settling);
    ledger[removed.isOk() ? 'drop' : 'doubt'](lease);
    return removed.isOk();
  };
  const rollBackUnlisted = async (except: Lease | null): Promise<void> => {
    const earlier = unlisted;
    unlisted = null;
    if (earlier !== null && earlier.externalPort !== except?.externalPort) await rollBack(earlier);
  };
  const isAddressLost = async (): Promise<boolean> =>
    options.internalClient === undefined && (await isOwnAddress(gateway.transport, requested.internalClient)) === false;
  const finish = async (granted: Lease, verified: Verification): Promise<GrantedPort> => {
    // Without time left to ask, the mapping stands all the same, and that is what counts.
    const state = askState && !budget.isOver() ? await connectionState(current, budget.limits) : null;
    const warnings = warningsAbout(requested, granted, verified, state);
    return { requested, granted, verified, attempts, warnings, gateway: current };
  };
  while (attempt !== null) {
    if (budget.isAborted() || budget.isOver()) break;
    if (attempt.delayMs > 0) await gateway.transport.clock.sleep(attempt.delayMs);
    const asked = attempt;
    const toLease = (mapping: PortMapping): Lease => leaseOf(current, mapping, asked, requested);
    const wanted = toLease({ ...requested, externalPort: asked.externalPort, leaseSeconds: asked.leaseSeconds });
    const wasActive = ledger.isActive(wanted);
    let granted: Lease | null = null;
    const tried = await tryAttempt(
      bound,
      requested,
      asked,
      {
        verify,
        looksFirst,
        doubtsDenials,
        onRequest: (mapping) => {
          onStep?.({ kind: 'requested', attempt: asked });
          return ledger.request(toLease(mapping));
        },
        onGrant: async (mapping) => {
          granted = toLease(mapping);
          onStep?.({ kind: 'granted', lease: granted });
          await ledger.grant(granted);
        },
      },
      budget,
    );
    if (tried.kind === 'mapped') {
      const lease = toLease(tried.granted);
      if (lease.externalPort !== wanted.externalPort) ledger.refuse(wanted);
      await ledger.grant(lease);
      if (budget.isAborted()) {
        const isGone = await rollBack(lease);
        await rollBackUnlisted(lease);
        return stop(isGone ? 'aborted' : 'left-behind');
      }
      await rollBackUnlisted(lease);
      const finished = await finish(lease, tried.verified);
      if (!(await isAddressLost())) return ok(finished);
    }
    const outcome = tried.kind === 'failed' ? tried : withoutAddress(tried.granted);
    const { error, owner, left, isTruthful = false } = outcome;
    if (isTruthful) doubtsDenials = false;
    const failure: FailedAttempt = { ...asked, protocol: requested.protocol, error, owner };
    attempts.push(failure);
    onStep?.({ kind: 'failed', attempt: failure });
    if (outcome.unlisted !== undefined) {
      await rollBackUnlisted(toLease(outcome.unlisted));
      unlisted = toLease(outcome.unlisted);
      if (unlisted.externalPort !== wanted.externalPort) ledger.refuse(wanted);
    } else recordFailure(ledger, { wanted, granted, unknown: left === null ? null : toLease(left), owner, wasActive });
    if (tried.kind === 'mapped' || (await isAddressLost())) {
      const client = await nextInternalClient(gateway, () => budget.isAborted() || budget.isOver());
      const old = left === null ? null : toLease(left);
      if (client !== null) requested = { ...requested, internalClient: client };
      bound = await bindSourceAddress(current, requested.internalClient);
      if (old !== null && (await releaseMapping(bound, old, budget)).isOk()) ledger.drop(old);
      if (client === null || attempts.length >= mostAttempts) break;
      continue;
    }
    if (attempts.length >= mostAttempts) break;
    const described = current === gateway ? await askElsewhere(error, budget.limits) : null;
    if (described !== null) {
      current = described;
      bound = await bindSourceAddress(current, requested.internalClient);
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
    await rollBackUnlisted(null);
    return stop('aborted');
  }
  if (unlisted !== null) return ok(await finish(unlisted, 'unverifiable'));
  if (budget.isOver()) return stop('out-of-time');
  const behind = await standsBehindRouter(current, attempts, budget.limits);
  return behind === null ? stop('refused') : stop('double-nat', behind);
}

/** What is asked for, checked, with the defaults filled in. */
async function demanded(
  gateway: Gateway,
  options: MapPortOptions,
): Promise<Result<PortMapping, InvalidArgumentError | TransportError>> {
  const checked = checkRequest(options).andThen((one) => checkMappingKey(options).map(() => one));
  if (checked.isErr()) return err(checked.error);
  const client = await internalClientOf(gateway, options.internalClient);
  return client.map((internalClient) => ({ ...checked.value, internalClient }));
}

/** A mapping to an address that this host has lost meanwhile, as the failed attempt that it is. */
function withoutAddress(granted: PortMapping): Extract<AttemptResult, { readonly kind: 'failed' }> {
  return { kind: 'failed', error: lostAddress(granted.internalClient), owner: 'unknown', left: granted };
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
