/** Why a router refuses everything: miniupnpd maps nothing while its own external address is not a public one. */
import { connectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../call-options.ts';
import type { FailedAttempt } from '../attempts.ts';
import { toldOfDoubleNat } from '../double-nat.ts';
import type { Told } from '../not-mapped.ts';

/** ActionFailed: it says nothing else. */
const ACTION_FAILED = 501;

/**
 * Whether a router stands behind another one, and what to do about that; null where that is not the reason.
 *
 * It is asked for its address only after it has refused everything with 501.
 */
export async function standsBehindRouter(
  gateway: Gateway,
  attempts: readonly FailedAttempt[],
  limits: CallOptions,
): Promise<Told | null> {
  const isRefused = ({ error }: FailedAttempt): boolean => error.kind === 'upnp-fault' && error.code === ACTION_FAILED;
  if (attempts.length === 0 || !attempts.every(isRefused)) return null;
  const state = await connectionState(gateway, limits);
  const told = toldOfDoubleNat(state, 'it refuses every port mapping (501 ActionFailed)');
  // miniupnpd gives an empty address then, and says that it is connected.
  return state.connected || state.externalAddress !== null ? told : null;
}
