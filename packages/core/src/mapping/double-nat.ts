/** What a person is told whose router stands behind another one. */
import type { Told } from './not-mapped.ts';
import type { GatewayState } from './port-mapper.ts';

const BRIDGE =
  'Connect this computer to the other router, or set one of the two to bridge mode. ' +
  'If there is none in your home, ask your provider for a public IPv4 address.';

/**
 * Whether a router that refuses every mapping has no public address; null if that is not the reason.
 *
 * @param refused - how it refuses, such as `it refuses every port mapping (501 ActionFailed)`
 */
export function toldOfDoubleNat(
  { externalAddress = null, externalAddressClass }: GatewayState,
  refused: string,
): Told | null {
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
  if (externalAddress !== null) return null;
  // miniupnpd gives no address then.
  return {
    message: `your router stands behind another router, it seems: it reports no public address, and ${refused}`,
    hint: BRIDGE,
  };
}
