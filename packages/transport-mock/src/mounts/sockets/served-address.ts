import type { NetworkInterfaceInfo } from 'node:os';
import type { GatewayConfig } from '../../gateway/gateway-options.ts';
import { canonicalAddress, familyOf, isLinkLocal, sharePrefix } from '../../network/ip-address.ts';

/** An address of the gateway's that is one of this machine's, too. */
export interface ServedAddress {
  readonly address: string;
  /** What sockets are bound to: a link-local address with its zone. */
  readonly bindAddress: string;
  /** The group in which it is found and announced (UDA 1.1, 1.2.2 and annex A.3). */
  readonly group: string;
  /** The interface of {@link group}, as Node's multicast calls spell it: an IPv4 address, or `::%` and a zone. */
  readonly multicastInterface: string;
  /** Whether a host with this address can be on the interface's link: it is in one of its subnets. */
  isNear(sender: string): boolean;
}

export type NetworkInterfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * The gateway's IPv4 address in any case (that this machine hasn't got it is found when it is bound), and those of its
 * IPv6 addresses that the same interface has.
 *
 * @param interfaceName - the interface to take; default: the one with the gateway's IPv4 address, or with its subnet
 */
export function servedAddresses(
  { lanAddress, lanAddress6, linkLocalAddress }: GatewayConfig,
  interfaces: NetworkInterfaces,
  interfaceName?: string,
): readonly ServedAddress[] {
  const name = interfaceName ?? interfaceOf(lanAddress, interfaces);
  const own = name === undefined ? [] : (interfaces[name] ?? []);
  const zone = name === undefined ? '' : zoneOf(name, own);
  const isNear = (sender: string): boolean =>
    isLinkLocal(sender) ? sender.endsWith(`%${zone}`) : own.some((one) => isInSubnet(sender, one));
  const ipv4: ServedAddress = {
    address: lanAddress,
    bindAddress: lanAddress,
    group: '239.255.255.250',
    multicastInterface: lanAddress,
    isNear,
  };
  if (lanAddress6 === null || name === undefined) return [ipv4];
  const ipv6 = (
    [
      [lanAddress6, 'FF05::C'],
      [linkLocalAddress, 'FF02::C'],
    ] as const
  )
    .filter(([address]) => own.some((one) => isSame(one.address, address)))
    .map(([address, group]): ServedAddress => ({
      address,
      bindAddress: isLinkLocal(address) ? `${address}%${zone}` : address,
      group,
      multicastInterface: `::%${zone}`,
      isNear,
    }));
  return [ipv4, ...ipv6];
}

/** All of 127.0.0.0/8 is this machine, though its interface names one address of it only. */
function interfaceOf(address: string, interfaces: NetworkInterfaces): string | undefined {
  const names = Object.keys(interfaces);
  const having = (isMeant: (one: NetworkInterfaceInfo) => boolean): string | undefined =>
    names.find((name) => interfaces[name]?.some(isMeant));
  return having((one) => isSame(one.address, address)) ?? having((one) => isInSubnet(address, one));
}

/** What follows the `%` of an address on this interface: on Windows a number, elsewhere its name. */
function zoneOf(name: string, own: readonly NetworkInterfaceInfo[]): string {
  if (process.platform !== 'win32') return name;
  return String(own.find((one) => one.family === 'IPv6' && one.scopeid !== 0)?.scopeid ?? 0);
}

function isInSubnet(address: string, { address: own, cidr }: NetworkInterfaceInfo): boolean {
  if (cidr === null || familyOf(address) !== familyOf(own)) return false;
  return sharePrefix(address, own, Number(cidr.split('/')[1]));
}

function isSame(a: string, b: string): boolean {
  return canonicalAddress(a) === canonicalAddress(b);
}
