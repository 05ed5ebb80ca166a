/** The options, declared once as data: what help says, what may be given, and how it is read. */
import type { Protocol } from '@portwright/core';
import type { GatewayFlags, SearchFlags } from './requests.ts';
import { readHttpPort, readLease, readProtocols, readSeed, readText, readTimeout, readUrl } from './values.ts';

/** Everything that may be given, by the names of the options. */
export interface Flags {
  readonly json?: true;
  readonly simulate?: true;
  readonly interface?: string;
  readonly ipv6?: true;
  readonly timeout?: number;
  readonly gateway?: string;
  readonly protocol?: readonly Protocol[];
  readonly lease?: number;
  readonly description?: string;
  readonly location?: string;
  readonly list?: true;
  readonly persona?: string;
  readonly address?: string;
  readonly port?: number;
  readonly seed?: number;
}

export interface OptionDeclaration {
  readonly name: keyof Flags;
  readonly description: string;
  /** What help calls its value, and how that is read; absent for a switch. */
  readonly value?: { readonly label: string; readonly read: (text: string) => unknown };
  /** Options that mean nothing beside it. */
  readonly conflicts?: readonly (keyof Flags)[];
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

export const GATEWAY_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'gateway',
    description: 'where its description is, in place of a search',
    value: { label: 'url', read: readUrl('--gateway') },
    conflicts: ['interface', 'ipv6'],
  },
  ...SEARCH_OPTIONS,
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
  return { simulate: simulate === true, interface: name, ipv6: ipv6 === true, timeoutMs: timeout };
}

export function gatewayFlags(flags: Flags): GatewayFlags {
  return { ...searchFlags(flags), gateway: flags.gateway };
}
