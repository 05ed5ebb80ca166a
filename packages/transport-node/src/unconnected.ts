/** Interfaces that are there and carry nothing, on Linux: node:os lists only those that run and have an address. */
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { UnconnectedInterface } from '@portwright/core';
import { fs } from './fs.ts';

/** Where the system tells of its interfaces. */
export interface SystemFiles {
  /** A folder for each interface, as /sys/class/net. */
  readonly folder: string;
  /** The table of the interfaces in this network namespace, as /proc/net/dev. */
  readonly table: string;
}

const LINUX: SystemFiles = { folder: '/sys/class/net', table: '/proc/net/dev' };

/** IFF_UP and IFF_LOOPBACK (linux/if.h). */
const UP = 0x1;
const LOOPBACK = 0x8;

/** @param connected - the names of the interfaces that have an address */
export function unconnectedInterfaces(
  connected: ReadonlySet<string> = new Set(Object.keys(networkInterfaces())),
  { folder, table }: SystemFiles = LINUX,
): readonly UnconnectedInterface[] {
  const read = (path: string): string | null => {
    try {
      return fs.readFileSync(path, 'latin1').trim();
    } catch {
      return null;
    }
  };
  const names = [...(read(table) ?? '').matchAll(/^\s*([^\s:|]+):/gm)].map(([, name = '']) => name);
  // A folder that was mounted in another network namespace is about other interfaces.
  if (!isSame(names, foldersIn(folder))) return [];
  const has = (name: string, file: string): boolean => fs.existsSync(join(folder, name, file));
  // A bridge of containers or a VPN's tunnel is no way to the router. Where there is hardware, the rest is virtual, too.
  const outward = names.filter((name) => !has(name, 'bridge') && !has(name, 'tun_flags'));
  const hardware = outward.filter((name) => has(name, 'device'));
  return (hardware.length > 0 ? hardware : outward).flatMap((name): readonly UnconnectedInterface[] => {
    const flags = Number(read(join(folder, name, 'flags')) ?? LOOPBACK);
    if ((flags & LOOPBACK) !== 0 || connected.has(name)) return [];
    if ((flags & UP) === 0) return [{ name, reason: 'down' }];
    // Dormant is Wi-Fi that has not joined a network.
    const isLinked = read(join(folder, name, 'carrier')) === '1' && read(join(folder, name, 'operstate')) !== 'dormant';
    return [{ name, reason: isLinked ? 'no-address' : 'no-carrier' }];
  });
}

function foldersIn(folder: string): readonly string[] {
  try {
    // bonding_masters is a file among the folders.
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [] : [entry.name]));
  } catch {
    return [];
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}
