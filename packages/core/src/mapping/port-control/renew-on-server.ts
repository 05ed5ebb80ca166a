/** Renews a lease on a PCP or NAT-PMP server, and finds out whether it still exists. */
import { err, ok, type Result } from '../../result.ts';
import type { CallOptions } from '../../call-options.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { Owner } from '../attempts.ts';
import type { MappedPort, RenewalContext, RenewalError } from '../port-mapper.ts';
import { attemptsOf, type Lease, type MapPortOptions } from '../types.ts';
import { mapOutcome } from './answers.ts';
import { askQuestion, askServer, openForClients, type Connection } from './connection.ts';
import { controlDetails, familyOf } from './control-lease.ts';
import { mapOnServer } from './map-on-server.ts';
import { releaseOnServer } from './release-on-server.ts';

/** The same request again, with the nonce and the port of the lease (RFC 6887, 11.2.1; RFC 6886, 3.3). */
export async function renewOnServer(
  connection: Connection,
  lease: Lease,
  options: MapPortOptions,
  context: RenewalContext,
): Promise<Result<Omit<MappedPort, 'mapper'>, RenewalError>> {
  const { ledger, budget } = context;
  const { transport, server, state } = connection;
  if ((await isOwnAddress(transport, lease.internalClient)) === false) {
    // Nothing leads to this host any more, and only the owner of the address could delete it.
    ledger.drop(lease);
    const mapped = await mapOnServer(connection, options, { ...context, startAt: lease.externalPort });
    return mapped.mapErr((error) => ({ error, isActive: false }));
  }
  const renewed = await mapOnServer(connection, options, { ...context, startAt: lease.externalPort }, lease);
  if (renewed.isOk()) return ok(renewed.value);
  const { error } = renewed;
  const last = attemptsOf(error).at(-1)?.error;
  if (last?.kind === 'refusal' && last.code === 'no-resources' && familyOf(server) === 'ipv6') {
    // pf prolongs no pinhole (miniupnp#744): it is deleted and opened again.
    const released = await releaseOnServer(connection, lease, budget.settling);
    if (released.isOk()) {
      ledger.drop(lease);
      state.forgetRefusals();
      const next = await mapOnServer(connection, options, { ...context, startAt: lease.externalPort }, lease);
      return next.mapErr((refused) => ({ error: refused, isActive: false }));
    }
  }
  if (state.hasLost(controlDetails(lease)?.run ?? -1)) ledger.drop(lease);
  // A refusal ends nothing (RFC 6887, 11.2.1): the lease goes on until its time is over.
  return err({ error, isActive: ledger.isActive(lease) && ledger.msLeft(lease) > 0 });
}

/**
 * Whether a lease still exists. A server that has restarted has none of its leases. Neither protocol can read a mapping, so an
 * IPv4 lease is renewed early: that makes it again, if it was lost, and the answer shows a restart. An IPv6 pinhole is not,
 * since some servers delete none that was renewed (miniupnpd 2.3.1).
 */
export async function inspectOnServer(connection: Connection, lease: Lease, limits: CallOptions): Promise<Owner> {
  const { state, server, protocol } = connection;
  const details = controlDetails(lease);
  if (details === null) return 'unknown';
  const isLost = (): boolean => state.hasLost(details.run);
  if (isLost()) return 'nobody';
  if (familyOf(server) === 'ipv6') {
    const answered = await askQuestion(connection, 'request', limits);
    return answered.isErr() ? 'unknown' : isLost() ? 'nobody' : 'own';
  }
  const opened = await openForClients(connection, lease.internalClient);
  const [socket] = opened.unwrapOr([]);
  if (socket === undefined) return 'unknown';
  const { externalPort, internalPort, requestedSeconds: lifetimeSeconds } = lease;
  const request = {
    protocol: lease.protocol,
    internalPort,
    externalPort,
    externalAddress: state.suggestedAddress,
    lifetimeSeconds,
    nonce: details.nonce,
    isExact: false,
  };
  const outcome = mapOutcome(protocol, request, true, await askServer(connection, socket, request, 'request', limits));
  if (isLost() || outcome.kind === 'other-port') return 'nobody';
  return outcome.kind === 'granted' ? 'own' : 'unknown';
}
