/** Why a router refuses everything: miniupnpd maps nothing while its own external address is not a public one. */
import { connectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../call-options.ts';
import type { FailedAttempt } from '../attempts.ts';

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
): Promise<{ readonly message: string; readonly hint: string } | null> {
  const isRefused = ({ error }: FailedAttempt): boolean => error.kind === 'upnp-fault' && error.code === ACTION_FAILED;
  if (attempts.length === 0 || !attempts.every(isRefused)) return null;
  const { connected, externalAddress, externalAddressClass } = await connectionState(gateway, limits);
  const refused = 'it refuses every port mapping (501 ActionFailed)';
  if (externalAddressClass === 'shared') {
    return {
      message: `your router has no public address: ${externalAddress ?? ''} is shared with other customers, and ${refused}`,
      hint: 'Ask your provider for a public IPv4 address, or open the port over IPv6.',
    };
  }
  if (externalAddressClass === 'private') {
    return {
      message: `your router stands behind another router: its address ${externalAddress ?? ''} is private, and ${refused}`,
      hint: BRIDGE,
    };
  }
  // miniupnpd gives an empty address then, and says that it is connected.
  if (!connected || externalAddress !== null) return null;
  return {
    message: `your router stands behind another router, it seems: it reports no public address, and ${refused}`,
    hint: BRIDGE,
  };
}

const BRIDGE =
  'Connect this computer to the other router, or set one of the two to bridge mode. ' +
  'If there is none in your home, ask your provider for a public IPv4 address.';
