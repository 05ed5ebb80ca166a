/** Maps a port on a PCP or NAT-PMP server: mostly by one request, which is sent again until it is answered. */
import { err, ok, type Result } from '../../result.ts';
import type { CallOptions } from '../../call-options.ts';
import type { PortMapping } from '../../port-mapping.ts';
import { MAX_ATTEMPTS, type FailedAttempt, type MappingAttempt, type MappingPolicy } from '../attempts.ts';
import { checkRequest } from '../check-request.ts';
import { notMapped, type Told } from '../not-mapped.ts';
import type { GatewayState, MappedPort, MappingContext } from '../port-mapper.ts';
import type { Lease, MapPortError, MapPortOptions, NotMappedError } from '../types.ts';
import { warningsAbout } from '../warnings.ts';
import { askState, type Connection } from './connection.ts';
import { controlDetails, familyOf, newNonce } from './control-lease.ts';
import { doubleNatAfter } from './double-nat.ts';
import { lifetimeToAsk } from './lifetimes.ts';
import { releaseOnServer } from './release-on-server.ts';
import { attemptOnServer } from './attempt-on-server.ts';

/**
 * PREFER_FAILURE is an option that a server may refuse to know (RFC 6887, 13.2). Without it the port in the answer decides. To
 * ask for another port is the server's part (`any`), and an unanswered request was sent several times already.
 */
export const controlPolicy: MappingPolicy = ({ externalPort, leaseSeconds, description, port }, failed) => {
  const [last] = failed.slice(-1);
  const method = port === 'any' ? 'any' : 'exact';
  if (last === undefined) return { method, externalPort, leaseSeconds, description, replacing: false, delayMs: 0 };
  const isOption = last.error.kind === 'refusal' && last.error.code === 'unsupported-option';
  if (!isOption || last.method === 'any') return null;
  return { method: 'any', externalPort, leaseSeconds, description, replacing: false, delayMs: 0 };
};

/** @param known - a lease of this server to renew, or to settle: the same request gives the same mapping */
export async function mapOnServer(
  connection: Connection,
  options: MapPortOptions,
  context: MappingContext,
  known?: Lease,
): Promise<Result<Omit<MappedPort, 'mapper'>, MapPortError>> {
  const checked = checkRequest(options);
  if (checked.isErr()) return err(checked.error);
  const { budget, ledger, startAt, attemptsLeft = MAX_ATTEMPTS, onStep } = context;
  const { transport, server } = connection;
  const { policy = controlPolicy, port = 'exact', askState: asksState = true } = options;
  const { externalPort, internalPort, description, leaseSeconds } = checked.value;
  const nonce = (known && controlDetails(known)?.nonce) ?? newNonce(transport.random);
  const attempts: FailedAttempt[] = [];
  let internalClient = options.internalClient ?? known?.internalClient ?? '';
  const stop = (code: NotMappedError['code'], told?: Told): Result<never, NotMappedError> =>
    err(notMapped(code, options, attempts, ledger.unknown(), told));
  const demand = {
    externalPort: startAt ?? externalPort,
    internalPort,
    leaseSeconds: lifetimeToAsk(leaseSeconds ?? 0, familyOf(server)),
    description: description ?? '',
    port,
    otherPorts: Array.from({ length: MAX_ATTEMPTS }, () => 1024 + Math.floor(transport.random.fraction() * 64_512)),
    offersAny: true,
  };
  let attempt: MappingAttempt | null = policy(demand, attempts);
  while (attempt !== null && attempts.length < attemptsLeft && !budget.isAborted() && !budget.isOver()) {
    if (attempt.delayMs > 0) await transport.clock.sleep(attempt.delayMs);
    const asked = attempt;
    const tried = await attemptOnServer(connection, { options, mapping: checked.value, nonce, known }, asked, {
      limits: budget.limits,
      ledger,
      onRequest: () => onStep?.({ kind: 'requested', attempt: asked }),
    });
    if (tried.isErr() && tried.error.kind === 'invalid-argument') return err(tried.error);
    if (tried.isErr() && tried.error.code === 'no-address') return stop('no-address', tried.error);
    const { lease, error } = tried.isErr() ? { lease: null, error: tried.error } : tried.value;
    internalClient = lease?.internalClient ?? internalClient;
    if (lease !== null && error === null) {
      onStep?.({ kind: 'granted', lease });
      if (budget.isAborted()) return stop((await rollBack(connection, lease, context)) ? 'aborted' : 'left-behind');
      const requested: PortMapping = { ...checked.value, internalClient };
      const told = asksState && !budget.isOver() ? await stateAfter(connection, budget.limits) : null;
      const warnings = warningsAbout(requested, lease, 'unverified', told);
      return ok({ requested, granted: lease, verified: 'unverified', attempts, warnings });
    }
    // Another port than the only one that is wanted: with the nonce it is given back.
    if (lease !== null) await rollBack(connection, lease, context);
    if (error === null) break;
    const failure: FailedAttempt = { ...asked, protocol: checked.value.protocol, error, owner: 'unknown' };
    attempts.push(failure);
    onStep?.({ kind: 'failed', attempt: failure });
    attempt = policy(demand, attempts);
  }
  if (budget.isAborted()) return stop('aborted');
  if (budget.isOver()) return stop('out-of-time');
  const behind = await doubleNatAfter(connection, attempts, budget.limits);
  return behind === null ? stop('refused') : stop('double-nat', behind);
}

/** PCP has told the address with the mapping; that of a pinhole is its client's own. */
async function stateAfter(connection: Connection, limits: CallOptions): Promise<GatewayState | null> {
  if (familyOf(connection.server) === 'ipv6') return null;
  return connection.protocol.via === 'pcp' ? connection.state.state : askState(connection, limits);
}

/** @returns whether the mapping is gone */
async function rollBack(connection: Connection, lease: Lease, { budget, ledger }: MappingContext): Promise<boolean> {
  const released = await releaseOnServer(connection, lease, budget.settling);
  ledger[released.isOk() ? 'drop' : 'doubt'](lease);
  return released.isOk();
}
