/** For which addresses of this host ports are opened. Pure. */
import { classifyAddress } from '../../addresses/address-class.ts';
import { parseIpAddress } from '../../addresses/ip-address.ts';
import type { InterfaceAddress } from '../../ports.ts';
import type { ControlServer } from './port-control.ts';

/** Addresses that no packet from the Internet reaches. The networks for examples, which labs use, are not among them. */
const UNREACHABLE: readonly string[] = ['private', 'link-local', 'loopback', 'multicast', 'unspecified', 'invalid'];

/**
 * This host's global IPv6 addresses on the interface towards a server, without those that end soon: a deprecated one may
 * end within hours (RFC 4862, 5.5.4), a temporary one within days (RFC 8981), and the pinhole leads nowhere then. Each needs
 * a request from itself (miniupnp#731). Temporary ones alone are better than none.
 */
export function globalAddresses(listed: readonly InterfaceAddress[], server: ControlServer): readonly string[] {
  const zone = parseIpAddress(server.address)?.zone ?? server.name;
  const usable = listed.filter(
    ({ address, family, name, internal, deprecated, zone: ownZone = name }) =>
      family === 'ipv6' &&
      !internal &&
      deprecated !== true &&
      (zone === undefined || zone === name || zone === ownZone) &&
      !UNREACHABLE.includes(classifyAddress(address)),
  );
  const stable = usable.filter(({ temporary }) => temporary !== true);
  return (stable.length > 0 ? stable : usable).map(({ address }) => address);
}
