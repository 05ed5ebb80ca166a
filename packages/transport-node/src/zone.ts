import type { NetworkInterfaceInfo } from 'node:os';

/**
 * What follows the `%` of a link-local address on this interface: a number on Windows, elsewhere its name. Undefined if
 * there is no such interface, or no IPv6 on it.
 *
 * @param addresses the interface's, as os.networkInterfaces() lists them
 */
export function zoneOf(name: string, addresses: readonly NetworkInterfaceInfo[]): string | undefined {
  const ipv6 = addresses.filter((address) => address.family === 'IPv6');
  if (process.platform !== 'win32') return ipv6.length === 0 ? undefined : name;
  const scope = ipv6.find((address) => address.scopeid !== 0)?.scopeid;
  return scope === undefined ? undefined : String(scope);
}
