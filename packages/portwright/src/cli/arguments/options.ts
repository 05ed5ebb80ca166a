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
  {
    name: 'json',
    description: 'print only JSON, errors included; commands that keep running print one document per line',
  },
  { name: 'simulate', description: 'use a simulated router in memory; every run starts with a new one' },
];

/** Opens the least that can be meant; game servers mostly need udp, or both. */
export const DEFAULT_PROTOCOLS: readonly Protocol[] = ['TCP'];

export const PROTOCOL: OptionDeclaration = {
  name: 'protocol',
  description: 'protocol of the port (default: tcp)',
  value: { label: 'tcp|udp|both', read: readProtocols },
};

export const LEASE: OptionDeclaration = {
  name: 'lease',
  description: 'lease time, such as 30m, 1h or 7d, or seconds; 0 means permanent (default: 1h)',
  value: { label: 'time', read: readLease },
};

export const DESCRIPTION: OptionDeclaration = {
  name: 'description',
  description: "name in the router's list (default: Portwright)",
  value: { label: 'text', read: readText('--description') },
};

export const ANY: OptionDeclaration = {
  name: 'any',
  description: 'use another external port if this one is taken',
};

export const NO_VERIFY: OptionDeclaration = {
  name: 'no-verify',
  description: "trust the router's answer without reading the mapping back",
};

export const TRUST_CONFLICTS: OptionDeclaration = {
  name: 'trust-conflicts',
  description:
    'skip the check whether another computer uses the port: IGD:2 routers must refuse such a request, ' +
    'but some take the port away from that computer',
  conflicts: ['all'],
};

export const KEEP: OptionDeclaration = {
  name: 'keep',
  description:
    'keep the port open until Ctrl-C: renew it, restore it after a router restart, follow you to another network; ' +
    'keeps running if its output (a pipe) is closed',
};

export const JOURNAL: OptionDeclaration = {
  name: 'journal',
  description:
    'with --keep: record the mapping in portwright/journal/ under $XDG_STATE_HOME (default: ~/.local/state), ' +
    'so that the next run with --journal can unmap it after a crash',
};

export const ALL: OptionDeclaration = {
  name: 'all',
  description: 'open the port on every router that answers, one protocol at a time; with --ipv6, in IPv6 firewalls too',
  conflicts: ['keep', 'gateway', 'remember'],
};

export const SERVICES: OptionDeclaration = {
  name: 'services',
  description: 'show the UPnP service types (URNs) as well',
};

export const FORCE: OptionDeclaration = {
  name: 'force',
  description: 'unmap the port even if it leads to another computer',
};

export const PINHOLE_PROTOCOL: OptionDeclaration = {
  name: 'protocol',
  description: 'protocol of the port (default: tcp)',
  value: { label: 'tcp|udp', read: readProtocol },
};

export const PINHOLE_LEASE: OptionDeclaration = {
  name: 'lease',
  description: 'lease time, at most a day, such as 30m or 12h, or seconds (default: 1h)',
  value: { label: 'time', read: readPinholeLease },
};

export const CLIENT: OptionDeclaration = {
  name: 'client',
  description: "IPv6 address that the port belongs to (default: this computer's)",
  value: { label: 'ip', read: readClient },
};

export const REMOTE: OptionDeclaration = {
  name: 'remote',
  description: 'the only remote host to let in: an IPv6 address or [address]:port (default: everyone)',
  value: { label: 'ip', read: readRemote },
};

export const LOCATION: OptionDeclaration = {
  name: 'location',
  description: 'for a file: the URL that it was downloaded from',
  value: { label: 'url', read: readUrl('--location') },
};

export function timeoutOption(defaultMs: number): OptionDeclaration {
  const description = `milliseconds to wait for answers (default: ${defaultMs})`;
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
  description: "URL of the router's description; skips the search",
  value: { label: 'url', read: readUrl('--gateway') },
  conflicts: ['interface', 'ipv6', 'remember'],
};

export const GATEWAY_OPTIONS: readonly OptionDeclaration[] = [
  GATEWAY,
  ...SEARCH_OPTIONS,
  {
    name: 'remember',
    description:
      'try the router of the last run first, and store the one that is found: in portwright/gateway.json ' +
      'under $XDG_STATE_HOME (default: ~/.local/state)',
  },
];

/** For what has to be asked over IPv6. */
export const GATEWAY6_OPTIONS: readonly OptionDeclaration[] = [
  GATEWAY,
  ...SEARCH_OPTIONS.filter(({ name }) => name !== 'ipv6'),
];

export const SIMULATION_OPTIONS: readonly OptionDeclaration[] = [
  { name: 'list', description: 'list the personas and exit' },
  {
    name: 'persona',
    description: 'router to simulate (default: one that follows the specification)',
    value: { label: 'name', read: readText('--persona') },
    conflicts: ['list'],
  },
  {
    name: 'address',
    description:
      'address of this computer to listen on; clients on its network can find the router (default: 127.0.0.1)',
    value: { label: 'ip', read: readText('--address') },
    conflicts: ['list'],
  },
  {
    name: 'port',
    description: 'port of its HTTP server (default: as on the real router; on 127.0.0.1, any free port)',
    value: { label: 'port', read: readHttpPort },
    conflicts: ['list'],
  },
  {
    name: 'seed',
    description: 'seed of its random values (default: 1)',
    value: { label: 'number', read: readSeed },
    conflicts: ['list'],
  },
];

const SEED: OptionDeclaration = {
  name: 'seed',
  description: 'use the ports and the name of an earlier run with this seed',
  value: { label: 'number', read: readSeed },
};

export const CONFORMANCE_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'write',
    description: 'also run checks that create and delete mappings; without it, the run changes nothing',
  },
  {
    name: 'disruptive',
    description: 'also run checks that others may notice: all ports open for a moment, a restart; needs --write',
  },
  {
    name: 'only',
    description: 'run only the checks with these ids; * matches anything: wanip/*,soap/*',
    value: { label: 'ids', read: readIds },
    isRepeatable: true,
  },
  { name: 'strict', description: 'treat failed recommendations as failures' },
  {
    name: 'known-failures',
    description: 'failures to ignore, one "id | clause | reason" per line; a listed check that passes is an error',
    value: { label: 'file', read: readListFile },
    isRepeatable: true,
  },
  {
    name: 'report',
    description: 'also write a report; its name must end in .html, .json, .xml (JUnit), .tap or .txt',
    value: { label: 'file', read: readReport },
    isRepeatable: true,
  },
  { name: 'tap', description: 'print the report as TAP', conflicts: ['json'] },
  {
    name: 'list',
    description: 'list the requirements and exit',
    conflicts: ['tap', 'report', 'gateway', 'simulate'],
  },
  {
    name: 'simulate',
    description: 'check a simulated router; "portwright simulate --list" shows the names',
    value: { label: 'persona', read: readText('--simulate') },
    conflicts: ['gateway', 'interface', 'timeout', 'wanHost', 'reboot'],
  },
  { ...GATEWAY, conflicts: ['interface', 'timeout'] },
  INTERFACE,
  { ...timeoutOption(2000), description: 'milliseconds to search (default: 2000)' },
  {
    name: 'wan-host',
    description: 'computer on the WAN side of the router that runs "portwright wan-host"',
    value: { label: 'ip:port', read: readWanHost },
  },
  {
    name: 'reboot',
    description: 'shell command that restarts the router; needs --disruptive',
    value: { label: 'command', read: readText('--reboot') },
  },
  SEED,
];

export const WAN_HOST_OPTIONS: readonly OptionDeclaration[] = [
  {
    name: 'address',
    description: "this computer's IPv4 address to listen on (default: all)",
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
