import { fs } from './fs.ts';

/** A line of Linux's table of this host's IPv6 addresses. */
export interface Ipv6Entry {
  /** 32 hexadecimal digits in lower case. */
  readonly digits: string;
  /** The interface's. */
  readonly name: string;
  readonly deprecated: boolean;
  readonly temporary: boolean;
}

/** Flags of an address, from Linux's include/uapi/linux/if_addr.h. */
const IFA_F_TEMPORARY = 0x1;
const IFA_F_DEPRECATED = 0x20;

/**
 * /proc/net/if_inet6: it also has the addresses that os.networkInterfaces() leaves out, and their flags. Null on other
 * systems, and where it can't be read: there is no /proc, or no IPv6.
 */
export function ipv6Table(): readonly Ipv6Entry[] | null {
  if (process.platform !== 'linux') return null;
  try {
    return fs.readFileSync('/proc/net/if_inet6', 'latin1').split('\n').flatMap(entryOf);
  } catch {
    return null;
  }
}

/** The address, its interface's number, its prefix length, its scope, its flags, and the interface's name. */
function entryOf(line: string): readonly Ipv6Entry[] {
  const [digits = '', , , , flags = '', name = ''] = line.trim().split(/\s+/);
  const has = (flag: number): boolean => (Number.parseInt(flags, 16) & flag) !== 0;
  return name === '' ? [] : [{ digits, name, deprecated: has(IFA_F_DEPRECATED), temporary: has(IFA_F_TEMPORARY) }];
}

/** The digits of an IPv6 address as Node writes it: `fd77::2`. One with dots in it is in no table. */
export function digitsOf(address: string): string {
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('');
}
