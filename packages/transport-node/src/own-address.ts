import type { TransportError } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { digitsOf, ipv6Table } from './ipv6-table.ts';
import { fromSystem } from './transport-error.ts';

/** The discard port (RFC 863). Connecting a UDP socket sends nothing. */
const DISCARD_PORT = 9;

/** Addresses of no single host that a socket can be bound to; a socket can't be connected to other broadcast addresses. */
const SHARED = /^(?:0\.0\.0\.0|255\.255\.255\.255|2(?:2[4-9]|3\d)\..*|::|ff..:.*)$/;

/** The answers to a bind where no interface has the address. EINVAL: there is no interface with that zone. */
const NOT_HERE: readonly unknown[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'];

/**
 * The answers to a connect for a broadcast address (EACCES), and for another host's address where the system lets
 * programs bind to any (Linux with ip_nonlocal_bind).
 */
const NOBODY_HERE: readonly unknown[] = ['EACCES', 'ENETUNREACH', 'EHOSTUNREACH'];

/**
 * Whether this host has an address, by what the system lets a socket do with it. os.networkInterfaces() can't tell: it
 * lists only interfaces that are running, and Linux says so up to a second after an interface has come up.
 *
 * IPv6 on Linux is read from the kernel's table: a new address can't be bound to while it is checked for duplicates.
 *
 * @param zones of this system's interfaces, for a link-local address without one
 */
export async function ownsAddress(
  address: string,
  zones: () => readonly string[],
): Promise<Result<boolean, TransportError>> {
  const [bare = '', zone] = address.split('%', 2);
  const plain = canonical(bare);
  if (plain === null || SHARED.test(plain)) return ok(false);
  if (!plain.includes(':')) return zone === undefined ? bound(plain) : ok(false);
  const listed = inKernelTable(plain, zone);
  if (listed !== null) return ok(listed);
  if (zone !== undefined || !/^fe[89ab]/.test(plain)) return bound(address);
  for (const one of zones()) {
    const answer = await bound(`${plain}%${one}`);
    if (answer.isErr() || answer.value) return answer;
  }
  return ok(false);
}

/** The system's own spelling; of an IPv4-mapped address, the IPv4 address in it. Null for what is no address. */
function canonical(address: string): string | null {
  // Loaded now: with it comes a good part of Node, and most runs never ask.
  const { isIP, SocketAddress } = process.getBuiltinModule('node:net');
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : null;
  const text = new SocketAddress({ family: 'ipv6', address }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1] ?? text;
}

/** Null without a table. */
function inKernelTable(address: string, zone: string | undefined): boolean | null {
  const digits = digitsOf(address);
  return ipv6Table()?.some((one) => one.digits === digits && (zone === undefined || zone === one.name)) ?? null;
}

function bound(address: string): Promise<Result<boolean, TransportError>> {
  const family = address.includes(':') ? 6 : 4;
  return new Promise((resolve) => {
    let isBound = false;
    const settle = (error: unknown): void => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
      const isNo = (isBound ? NOBODY_HERE : NOT_HERE).includes(code);
      resolve(error && !isNo ? err(fromSystem(error, `binding to ${address}`)) : ok(!error));
    };
    try {
      const socket = process.getBuiltinModule('node:dgram').createSocket({
        type: `udp${family}`,
        lookup: (name, _options, callback) => {
          callback(null, name, family);
        },
      });
      const end = (error?: unknown): void => {
        settle(error);
        socket.close();
      };
      socket.once('error', end);
      socket.once('listening', () => {
        isBound = true;
        socket.connect(DISCARD_PORT, address, end);
      });
      // Exclusive, or a worker of node:cluster would ask its primary.
      socket.bind({ address, port: 0, exclusive: true });
    } catch (error) {
      settle(error);
    }
  });
}
