import { inSubnet } from '../../addresses/ip-address.ts';
import type { AddressFamily } from '../../messages.ts';
import type { InterfaceAddress, Transport } from '../../ports.ts';

/**
 * This host's addresses on the gateway's network, so that a VPN or a container's bridge that comes and goes is no other
 * network; all that it has where the gateway is further away. Null where the system did not say.
 */
export async function interfacesTowards(
  host: string,
  { interfaces }: Transport,
): Promise<readonly InterfaceAddress[] | null> {
  const listed = (await interfaces.list()).unwrapOr(null);
  if (listed === null) return null;
  const usable = usableInterfaces(listed, host.includes(':') ? 'ipv6' : 'ipv4');
  const near = usable.filter(({ address, prefixLength }) => inSubnet(host, address, prefixLength));
  return near.length > 0 ? near : usable;
}

/** Those that lead out of this host; default: with the addresses of either family. */
export function usableInterfaces(
  listed: readonly InterfaceAddress[],
  family?: AddressFamily,
): readonly InterfaceAddress[] {
  return listed.filter((one) => !one.internal && (family === undefined || one.family === family));
}
