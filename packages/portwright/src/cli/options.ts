/** The options, declared once as data: what help says, what may be given, and how it is read. */
import type { Protocol } from '@portwright/core';
import type { Flags, OptionDeclaration } from './option-declaration.ts';
import type { GatewayFlags, SearchFlags } from './requests.ts';
import {
  readAddress,
  readClient,
  readHttpPort,
  readIds,
  readLease,
  readListFile,
  readPinholeLease,
  readProtocol,
  readProtocols,
  readRemote,
  readReport,
  readSeed,
  readText,
  readTimeout,
  readUrl,
  readWanHost,
} from './values.ts';

/** Of every command, given before its name or after it. */
export const GLOBAL_OPTIONS: readonly OptionDeclaration[] = [
  { name: 'json', description: 'print JSON and nothing else, errors too: a document, or one a line while it goes on' },
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
  description: 'for how long: 30m, 1h, 7d, or seconds; 0: permanently (default: 1h)',
  value: { label: 'time', read: readLease },
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

export const TRUST_CONFLICTS: OptionDeclaration = {
  name: 'trust-conflicts',
  description:
    'do not look first who has the port: a version 2 router has to refuse one of another computer; ' +
    'one that does not takes it away from there',
  conflicts: ['all'],
};

export const KEEP: OptionDeclaration = {
  name: 'keep',
  description: 'renew it, map it anew when it is lost, and unmap it on Ctrl-C; goes on when nobody reads',
};

export const JOURNAL: OptionDeclaration = {
  name: 'journal',
  description:
    'with --keep: write it down, and unmap at the next start with --journal what a crash has left; in ' +
    'portwright/journal/ below $XDG_STATE_HOME, a file for each process',
};

export const ALL: OptionDeclaration = {
  name: 'all',
  description: 'on every gateway that answers, one protocol at a time; with --ipv6 in their IPv6 firewalls, too',
  conflicts: ['keep', 'gateway', 'remember'],
};

export const SERVICES: OptionDeclaration = {
  name: 'services',
  description: 'show the UPnP service types (URNs) as well',
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
  description: 'for how long, a day at most: 30m, 12h, or seconds (default: 1h)',
  value: { label: 'time', read: readPinholeLease },
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

const INTERFACE: OptionDeclaration = {
  name: 'interface',
  description: 'search on this network interface only',
  value: { label: 'name', read: readText('--interface') },
};

export const SEARCH_OPTIONS: readonly OptionDeclaration[] = [
  INTERFACE,
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

const SEED: OptionDeclaration = {
  name: 'seed',
  description: 'the same ports and the same name as in a run before',
  value: { label: 'number', read: readSeed },
};

export const CONFORMANCE_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'write',
    description: 'make mappings as well, and delete them; without it, nothing is changed',
  },
  {
    name: 'disruptive',
    description: 'what others may feel as well: all ports open for a moment, a reboot; with --write',
  },
  {
    name: 'only',
    description: 'the requirements with these ids, * for anything: wanip/*,soap/*',
    value: { label: 'ids', read: readIds },
    isRepeatable: true,
  },
  { name: 'strict', description: 'what is only recommended counts too' },
  {
    name: 'known-failures',
    description: 'failures that do not count, "id | clause | reason" on each line; one that passes is an error',
    value: { label: 'file', read: readListFile },
    isRepeatable: true,
  },
  {
    name: 'report',
    description: 'write a report there as well; by its ending .html, .json, .xml (JUnit), .tap or .txt',
    value: { label: 'file', read: readReport },
    isRepeatable: true,
  },
  { name: 'tap', description: 'print the report as TAP', conflicts: ['json'] },
  {
    name: 'list',
    description: 'list the requirements, and check nothing',
    conflicts: ['tap', 'report', 'gateway', 'simulate'],
  },
  {
    name: 'simulate',
    description: 'check a simulated gateway that is like this router (portwright simulate --list)',
    value: { label: 'persona', read: readText('--simulate') },
    conflicts: ['gateway', 'interface', 'timeout', 'wanHost', 'reboot'],
  },
  { ...GATEWAY, conflicts: ['interface', 'timeout'] },
  INTERFACE,
  { ...timeoutOption(2000), description: 'how long to search (default: 2000)' },
  {
    name: 'wan-host',
    description: "a computer on the gateway's other side where portwright wan-host runs",
    value: { label: 'ip:port', read: readWanHost },
  },
  {
    name: 'reboot',
    description: 'what to run to have the gateway start anew; with --disruptive',
    value: { label: 'command', read: readText('--reboot') },
  },
  SEED,
];

export const WAN_HOST_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'address',
    description: 'of this computer, to listen on (default: all that it has)',
    value: { label: 'ip', read: readAddress },
  },
  {
    name: 'port',
    description: 'TCP port to listen on (default: 4719)',
    value: { label: 'port', read: readHttpPort },
  },
];

export function searchFlags({ simulate, interface: name, ipv6, timeout }: Flags): SearchFlags {
  const families = ipv6 === true ? (['ipv4', 'ipv6'] as const) : (['ipv4'] as const);
  return { simulate: simulate !== undefined, interface: name, families, timeoutMs: timeout };
}

export function gatewayFlags(flags: Flags): GatewayFlags {
  return { ...searchFlags(flags), gateway: flags.gateway, remember: flags.remember === true };
}

/**
 * Of commands for the IPv6 firewall: the request has to come from the host, by the address, that the hole leads to
 * (WANIPv6FirewallControl:1, 2.6.2). A router that answers searches over IPv4 alone is asked there.
 */
export function gateway6Flags(flags: Flags): GatewayFlags {
  return { ...gatewayFlags(flags), families: ['ipv4', 'ipv6'], preferFamily: 'ipv6' };
}
