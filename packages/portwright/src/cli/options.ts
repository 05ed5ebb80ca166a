/** The options, declared once as data: what help says, what may be given, and how it is read. */
import type { Protocol } from '@portwright/core';
import type { GatewayFlags, RemoteFlag, SearchFlags } from './requests.ts';
import {
  readClient,
  readHttpPort,
  readLease,
  readPinholeLease,
  readProtocol,
  readProtocols,
  readRemote,
  readSeed,
  readText,
  readTimeout,
  readUrl,
} from './values.ts';

/** Everything that may be given, by the names of the options. */
export interface Flags {
  readonly json?: true;
  readonly simulate?: true;
  readonly interface?: string;
  readonly ipv6?: true;
  readonly timeout?: number;
  readonly gateway?: string;
  readonly remember?: true;
  readonly protocol?: readonly Protocol[] | Protocol;
  readonly lease?: number;
  readonly description?: string;
  readonly any?: true;
  /** Off by `--no-verify`. */
  readonly verify?: boolean;
  readonly keep?: true;
  readonly force?: true;
  readonly client?: string;
  readonly remote?: RemoteFlag;
  readonly location?: string;
  readonly list?: true;
  readonly persona?: string;
  readonly address?: string;
  readonly port?: number;
  readonly seed?: number;
}

export interface OptionDeclaration {
  /** One that begins with `no-` switches off what is on otherwise. */
  readonly name: keyof Flags | `no-${keyof Flags}`;
  readonly description: string;
  /** What help calls its value, and how that is read; absent for a switch. */
  readonly value?: { readonly label: string; readonly read: (text: string) => unknown };
  /** Options that mean nothing beside it. */
  readonly conflicts?: readonly (keyof Flags)[];
}

/** The flag that an option sets, and whether it is a switch that sets it to false. */
export function flagOf({ name }: OptionDeclaration): { readonly flag: string; readonly isNegation: boolean } {
  const isNegation = name.startsWith('no-');
  return { flag: isNegation ? name.slice('no-'.length) : name, isNegation };
}

/** Of every command, given before its name or after it. */
export const GLOBAL_OPTIONS: readonly OptionDeclaration[] = [
  { name: 'json', description: 'print one JSON document and nothing else, errors too' },
  { name: 'simulate', description: 'on a simulated gateway, in memory; each run has a new one' },
];

/** Opens the least that can be meant; game servers mostly need udp, or both. */
export const DEFAULT_PROTOCOLS: readonly Protocol[] = ['TCP'];

export const PROTOCOL: OptionDeclaration = {
  name: 'protocol',
  description: 'default: tcp',
  value: { label: 'tcp|udp|both', read: readProtocols },
};

export const LEASE: OptionDeclaration = {
  name: 'lease',
  description: 'for how long; 0: permanently (default: 3600)',
  value: { label: 'seconds', read: readLease },
};

export const DESCRIPTION: OptionDeclaration = {
  name: 'description',
  description: "what the router's list shows (default: Portwright)",
  value: { label: 'text', read: readText('--description') },
};

export const ANY: OptionDeclaration = {
  name: 'any',
  description: 'another port outside will do where this one is taken',
};

export const NO_VERIFY: OptionDeclaration = {
  name: 'no-verify',
  description: "believe the router's yes, and do not read the mapping back",
};

export const KEEP: OptionDeclaration = {
  name: 'keep',
  description: 'renew it, map it anew when it is lost, and unmap it on Ctrl-C',
};

export const FORCE: OptionDeclaration = {
  name: 'force',
  description: 'even if it leads to another computer',
};

export const PINHOLE_PROTOCOL: OptionDeclaration = {
  name: 'protocol',
  description: 'default: tcp',
  value: { label: 'tcp|udp', read: readProtocol },
};

export const PINHOLE_LEASE: OptionDeclaration = {
  name: 'lease',
  description: 'for how long, a day at most (default: 3600)',
  value: { label: 'seconds', read: readPinholeLease },
};

export const CLIENT: OptionDeclaration = {
  name: 'client',
  description: "the IPv6 address that it leads to (default: this computer's)",
  value: { label: 'ip', read: readClient },
};

export const REMOTE: OptionDeclaration = {
  name: 'remote',
  description: 'who alone may come in: an IPv6 address, or [address]:port (default: anybody)',
  value: { label: 'ip', read: readRemote },
};

export const LOCATION: OptionDeclaration = {
  name: 'location',
  description: 'for a file: the URL that it came from',
  value: { label: 'url', read: readUrl('--location') },
};

export function timeoutOption(defaultMs: number): OptionDeclaration {
  const description = `how long to wait for answers (default: ${defaultMs})`;
  return { name: 'timeout', description, value: { label: 'ms', read: readTimeout } };
}

export const SEARCH_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'interface',
    description: 'search on this network interface only',
    value: { label: 'name', read: readText('--interface') },
  },
  { name: 'ipv6', description: 'search over IPv6 as well' },
  timeoutOption(2000),
];

const GATEWAY: OptionDeclaration = {
  name: 'gateway',
  description: 'where its description is, in place of a search',
  value: { label: 'url', read: readUrl('--gateway') },
  conflicts: ['interface', 'ipv6', 'remember'],
};

export const GATEWAY_OPTIONS: readonly OptionDeclaration[] = [
  GATEWAY,
  ...SEARCH_OPTIONS,
  {
    name: 'remember',
    description:
      'write down which gateway was found, and ask that one first the next time: in portwright/gateway.json ' +
      'below $XDG_STATE_HOME, which is ~/.local/state by default',
  },
];

/** For what has to be asked over IPv6. */
export const GATEWAY6_OPTIONS: readonly OptionDeclaration[] = [
  GATEWAY,
  ...SEARCH_OPTIONS.filter(({ name }) => name !== 'ipv6'),
];

export const SIMULATION_OPTIONS: readonly OptionDeclaration[] = [
  { name: 'list', description: 'list the personas, and serve nothing' },
  {
    name: 'persona',
    description: 'the router that it is like (default: one that does all by the book)',
    value: { label: 'name', read: readText('--persona') },
    conflicts: ['list'],
  },
  {
    name: 'address',
    description: 'of this computer, on the LAN that it is for; searches are answered there (default: 127.0.0.1)',
    value: { label: 'ip', read: readText('--address') },
    conflicts: ['list'],
  },
  {
    name: 'port',
    description: "of its HTTP server (default: the router's own; on 127.0.0.1 any free one)",
    value: { label: 'port', read: readHttpPort },
    conflicts: ['list'],
  },
  {
    name: 'seed',
    description: 'what is random about it follows from this (default: 1)',
    value: { label: 'number', read: readSeed },
    conflicts: ['list'],
  },
];

export function searchFlags({ simulate, interface: name, ipv6, timeout }: Flags): SearchFlags {
  const families = ipv6 === true ? (['ipv4', 'ipv6'] as const) : (['ipv4'] as const);
  return { simulate: simulate === true, interface: name, families, timeoutMs: timeout };
}

export function gatewayFlags(flags: Flags): GatewayFlags {
  return { ...searchFlags(flags), gateway: flags.gateway, remember: flags.remember === true };
}

/**
 * Of commands for the IPv6 firewall: the request has to come from the host, by the address, that the hole leads to
 * (WANIPv6FirewallControl:1, 2.6.2).
 */
export function gateway6Flags(flags: Flags): GatewayFlags {
  return { ...gatewayFlags(flags), families: ['ipv6'] };
}
