/** Why a server refuses every mapping: miniupnpd maps nothing while its own external address is not a public one. */
import type { CallOptions } from '../../call-options.ts';
import type { FailedAttempt } from '../attempts.ts';
import { toldOfDoubleNat } from '../double-nat.ts';
import { NAT_PMP } from '../nat-pmp/protocol.ts';
import type { Told } from '../not-mapped.ts';
import { askState, type Connection } from './connection.ts';
import { familyOf } from './control-lease.ts';
import { ServerState } from './server-state.ts';

/** What a server says that has no public address: PCP 8 and NAT-PMP 3 (miniupnpd), PCP 7. Each may mean something else. */
const SIGNS: readonly string[] = ['no-resources', 'network-failure'];

/**
 * Whether a router stands behind another one, and what to do about that; null if that is not the reason, or nobody can tell.
 *
 * It is asked for its address only after it has refused everything so. PCP has no question for that, but most PCP servers
 * answer NAT-PMP's (RFC 6887, appendix A).
 */
export async function doubleNatAfter(
  connection: Connection,
  attempts: readonly FailedAttempt[],
  limits: CallOptions,
): Promise<Told | null> {
  const last = attempts.at(-1)?.error;
  const isSign = ({ error }: FailedAttempt): boolean => error.kind === 'refusal' && SIGNS.includes(error.code);
  if (last === undefined || familyOf(connection.server) === 'ipv6' || !attempts.every(isSign)) return null;
  const state = new ServerState(NAT_PMP, connection.transport.random);
  const asked: Connection = { ...connection, protocol: NAT_PMP, state };
  const told = await askState(asked, limits);
  return told === null ? null : toldOfDoubleNat(told, `it refuses every port mapping: ${last.message}`);
}
