/** Options and parameters that several commands share. A command's own stand in its file. */
import type { AddressFamily, Protocol } from '@portwright/core';
import type { Via } from '@portwright/core/mapping';
import type { Flags, Option, Parameter } from './option.ts';
import { readNumber, readPortNumber, readProtocols, readRouterUrl, readText, readUrl, readVia } from './values.ts';

/** Every command has these, before its name or after it. */
export const GLOBAL_OPTIONS: readonly [Option<'json', true>, Option<'simulate', true>] = [
  {
    name: 'json',
    description: 'print only JSON, errors included; commands that keep running print one document per line',
  },
  { name: 'simulate', description: 'use a simulated router in memory; every run starts with a new one' },
];

export const PORT: Parameter<number> = {
  name: 'port',
  description: 'external port, 1 to 65535',
  read: readPortNumber('the port'),
};

export const PROTOCOL: Option<'protocol', readonly Protocol[]> = {
  name: 'protocol',
  description: 'protocol of the port (default: tcp)',
  value: { label: 'tcp|udp|both', read: readProtocols },
};

/** Opens no more than the user must have meant. Game servers mostly need udp, or both. */
export const DEFAULT_PROTOCOLS: readonly Protocol[] = ['TCP'];

/** An hour. */
const MAX_TIMEOUT_MS = 3_600_000;

export function timeoutOption(
  defaultMs: number,
  description = 'milliseconds to wait for answers',
): Option<'timeout', number> {
  return {
    name: 'timeout',
    description: `${description} (default: ${defaultMs})`,
    value: { label: 'ms', read: readNumber('--timeout', 1, MAX_TIMEOUT_MS, ' of milliseconds') },
  };
}

export function seedOption(description: string): Option<'seed', number> {
  return {
    name: 'seed',
    description,
    value: { label: 'number', read: readNumber('--seed', 0, 4_294_967_295) },
  };
}

export const INTERFACE: Option<'interface', string> = {
  name: 'interface',
  description: 'search on this network interface only',
  value: { label: 'name', read: readText('--interface') },
};

const IPV6: Option<'ipv6', true> = { name: 'ipv6', description: 'search over IPv6 as well' };

const ANY_LOCATION: Option<'any-location', true> = {
  name: 'any-location',
  description: 'also use descriptions outside of this network, and at ports below 1024',
};

/** Each request to the router has this time, too, if it is more than the library's 8 s. */
const SEARCH_TIMEOUT = timeoutOption(2000, 'milliseconds to wait for answers; pass more for a slow router');

type SearchOption = typeof INTERFACE | typeof IPV6 | typeof ANY_LOCATION | typeof SEARCH_TIMEOUT;

export const SEARCH_OPTIONS: readonly SearchOption[] = [INTERFACE, IPV6, ANY_LOCATION, SEARCH_TIMEOUT];

export const GATEWAY: Option<'gateway', string> = {
  name: 'gateway',
  description: "URL of the router's description; skips the search",
  value: { label: 'url', read: readUrl('--gateway') },
  conflicts: ['interface', 'ipv6', 'any-location', 'remember'],
};

const REMEMBER: Option<'remember', true> = {
  name: 'remember',
  description:
    'try the router of the last run first, and store the one that is found: in portwright/gateway.json ' +
    'under $XDG_STATE_HOME (default: ~/.local/state)',
};

type GatewayOption = SearchOption | typeof GATEWAY | typeof REMEMBER;

export const GATEWAY_OPTIONS: readonly GatewayOption[] = [GATEWAY, ...SEARCH_OPTIONS, REMEMBER];

const ROUTER: Option<'gateway', string> = {
  name: 'gateway',
  description: 'the router: URL of its description, pcp://ADDRESS or nat-pmp://ADDRESS; skips the search',
  value: { label: 'url', read: readRouterUrl('--gateway') },
  conflicts: ['interface', 'ipv6', 'any-location', 'remember', 'via'],
};

const VIA: Option<'via', readonly Via[]> = {
  name: 'via',
  description: 'protocols to open ports by, the preferred one first (default: upnp,pcp,nat-pmp)',
  value: { label: 'list', read: readVia },
};

type MapperOption = SearchOption | typeof ROUTER | typeof REMEMBER | typeof VIA;

/** For commands that work by any protocol. The others are for UPnP alone. */
export const MAPPER_OPTIONS: readonly MapperOption[] = [ROUTER, ...SEARCH_OPTIONS, REMEMBER, VIA];

/** What a search needs to know. */
export interface SearchRequest {
  readonly simulate: boolean;
  readonly interface?: string | undefined;
  /** The search uses these. */
  readonly families: readonly AddressFamily[];
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for each answer; default: `timeoutMs`, and 8000 at least. */
  readonly deadlineMs?: number | undefined;
  /** Descriptions outside of this network, and at any port, are used as well. */
  readonly anyLocation?: boolean | undefined;
}

/** What the choice of a gateway needs to know. */
export interface GatewayRequest extends SearchRequest {
  /** The URL of the gateway's description. It replaces the search. */
  readonly gateway?: string | undefined;
  /** The gateway of the last run is asked first, and the one that is found is stored. */
  readonly remember: boolean;
  /** A gateway that answers over both families is asked over this one. */
  readonly preferFamily?: AddressFamily | undefined;
}

/** The same by any protocol: `gateway` may also be the address of a server. */
export interface MapperRequest extends GatewayRequest {
  /** The preferred one first. */
  readonly via?: readonly Via[] | undefined;
}

type Globals = Flags<(typeof GLOBAL_OPTIONS)[number]>;

export function searchRequest({
  simulate,
  interface: name,
  ipv6,
  anyLocation,
  timeout,
}: Globals & Flags<SearchOption>): SearchRequest {
  const families = ipv6 === true ? (['ipv4', 'ipv6'] as const) : (['ipv4'] as const);
  return { simulate: simulate !== undefined, interface: name, families, timeoutMs: timeout, anyLocation };
}

export function gatewayRequest(flags: Globals & Flags<GatewayOption>): GatewayRequest {
  return { ...searchRequest(flags), gateway: flags.gateway, remember: flags.remember === true };
}

export function mapperRequest(flags: Globals & Flags<MapperOption>): MapperRequest {
  return { ...gatewayRequest(flags), via: flags.via };
}
