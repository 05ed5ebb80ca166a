import { inSubnet } from '../../addresses/ip-address.ts';
import type { AddressFamily } from '../../messages.ts';
import type { InterfaceAddress, Transport } from '../../ports.ts';

/** {@link towards} in the present list of interfaces; null if the system does not report one. */
export async function interfacesTowards(
  host: string,
  { interfaces }: Transport,
): Promise<readonly InterfaceAddress[] | null> {
  const listed = (await interfaces.list()).unwrapOr(null);
  return listed && towards(host, listed);
}

/**
 * This host's addresses in the gateway's subnet, so that a VPN or a container's bridge that comes and goes does not count
 * as another network. If the gateway is in no subnet of this host: all addresses of its family.
 */
export function towards(host: string, listed: readonly InterfaceAddress[]): readonly InterfaceAddress[] {
  const usable = usableInterfaces(listed, host.includes(':') ? 'ipv6' : 'ipv4');
  const near = usable.filter(({ address, prefixLength }) => inSubnet(host, address, prefixLength));
  return near.length > 0 ? near : usable;
}

/** All but loopback; default: of both families. */
export function usableInterfaces(
  listed: readonly InterfaceAddress[],
  family?: AddressFamily,
): readonly InterfaceAddress[] {
  return listed.filter((one) => !one.internal && (family === undefined || one.family === family));
}
