import { endianness, networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import type { DefaultRouter, InterfaceAddress, InterfacesPort, TransportError } from '@portwright/core';
import { err, ok, okAsync, ResultAsync } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { fs } from './fs.ts';
import { digitsOf, ipv6Table, type Ipv6Entry } from './ipv6-table.ts';
import { ownsAddress } from './own-address.ts';
import { ipv4DefaultRouters, ipv6DefaultRouters } from './route-table.ts';
import { fromSystem } from './transport-error.ts';
import { unconnectedInterfaces } from './unconnected.ts';
import { zoneOf } from './zone.ts';

/**
 * The system's interfaces, by os.networkInterfaces(): those that are up and running. `owns` asks the system itself, by
 * binding a UDP socket to the address. The default routers are known on Linux only, from /proc/net/route and
 * /proc/net/ipv6_route: elsewhere it would take a child process, which no library should start unasked. For the same
 * reason, only Linux tells which IPv6 addresses are deprecated or temporary, in /proc/net/if_inet6.
 */
export function nodeInterfaces(): InterfacesPort {
  return {
    list: () => new ResultAsync(Promise.resolve(list())),
    owns: (address) => new ResultAsync(ownsAddress(address, zones)),
    ...(process.platform === 'linux'
      ? {
          defaultRouters: () => okAsync(defaultRouters()),
          unconnected: () => okAsync(unconnectedInterfaces()),
        }
      : {}),
  };
}

function list(): Result<readonly InterfaceAddress[], TransportError> {
  try {
    const table = ipv6Table() ?? [];
    const listed = Object.entries(networkInterfaces());
    return ok(listed.flatMap(([name, addresses = []]) => addressesOf(name, addresses, table)));
  } catch (error) {
    // Android 13 and later keep the list from programs.
    return err(fromSystem(error, 'listing the interfaces'));
  }
}

function zones(): readonly string[] {
  const listed = list().unwrapOr([]);
  return [...new Set(listed.flatMap(({ zone }) => zone ?? []))];
}

function addressesOf(
  name: string,
  addresses: readonly NetworkInterfaceInfo[],
  table: readonly Ipv6Entry[],
): InterfaceAddress[] {
  const zone = zoneOf(name, addresses);
  return addresses.map(({ family, address, cidr, internal }) => ({
    name,
    family: family === 'IPv6' ? 'ipv6' : 'ipv4',
    address,
    prefixLength: prefixLength(cidr, family),
    internal,
    ...(family === 'IPv6' && zone !== undefined ? { zone } : {}),
    ...(family === 'IPv6' ? lifetimeIn(table, name, address) : {}),
  }));
}

/** Empty where the table does not have the address. */
function lifetimeIn(
  table: readonly Ipv6Entry[],
  name: string,
  address: string,
): Pick<InterfaceAddress, 'deprecated' | 'temporary'> {
  const digits = digitsOf(address);
  const found = table.find((one) => one.name === name && one.digits === digits);
  return found === undefined ? {} : { deprecated: found.deprecated, temporary: found.temporary };
}

/** Node gives no CIDR where the mask has holes; then the address stands for itself alone. */
function prefixLength(cidr: string | null, family: string): number {
  if (cidr === null) return family === 'IPv6' ? 128 : 32;
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

function defaultRouters(): readonly DefaultRouter[] {
  return [
    ...ipv4DefaultRouters(routeTable('/proc/net/route'), endianness()),
    ...ipv6DefaultRouters(routeTable('/proc/net/ipv6_route')),
  ];
}

/** Empty where there is none: a container without /proc, or a system without IPv6. */
function routeTable(path: string): string {
  try {
    // The kernel writes it on the spot, within microseconds; the detour by the thread pool, which a busy machine makes
    // tens of milliseconds long, is what the first search would wait for.
    return fs.readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
