/** What a person can ask of the command line, after the arguments have been understood. */
import type { AddressFamily, Protocol } from '@portwright/core';

export interface SearchFlags {
  readonly simulate: boolean;
  readonly interface?: string | undefined;
  /** Which way the search goes. */
  readonly families: readonly AddressFamily[];
  readonly timeoutMs?: number | undefined;
}

export interface GatewayFlags extends SearchFlags {
  /** The URL of its description, in place of a search. */
  readonly gateway?: string | undefined;
  /** Whether the gateway that is found is written down, and asked first the next time. */
  readonly remember: boolean;
  /** The family over which it is to be asked, where it answers there. */
  readonly preferFamily?: AddressFamily | undefined;
}

export interface DiscoverRequest extends SearchFlags {
  readonly command: 'discover';
}

/** A request that starts with a gateway. */
export type GatewayRequest =
  QueryRequest | MapRequest | UnmapRequest | AddPinholeRequest | PinholeRequest | OutboundRequest | FirewallRequest;

export interface QueryRequest extends GatewayFlags {
  readonly command: 'ip' | 'status' | 'list' | 'watch';
  /** Of status: whether it shows the services by their names in UPnP. */
  readonly services?: boolean | undefined;
}

export interface FirewallRequest extends GatewayFlags {
  readonly command: 'pinhole list';
}

export interface MapRequest extends GatewayFlags {
  readonly command: 'map';
  readonly port: number;
  readonly internalPort: number;
  readonly protocols: readonly Protocol[];
  readonly leaseSeconds?: number | undefined;
  readonly description?: string | undefined;
  /** Whether another external port will do. */
  readonly any: boolean;
  /** Whether the gateway's table is read afterwards. */
  readonly verify: boolean;
  /** Whether a version 2 gateway is trusted to refuse what another host holds. */
  readonly trustConflicts: boolean;
  /** Whether to renew it until the program is interrupted. */
  readonly keep: boolean;
  /** Whether it is written down meanwhile, so that the next start can clean up after a crash. */
  readonly journal: boolean;
  /** Whether it is to be on every gateway; over IPv6, too, where that is searched. */
  readonly all: boolean;
}

export interface UnmapRequest extends GatewayFlags {
  readonly command: 'unmap';
  readonly port: number;
  readonly protocols: readonly Protocol[];
  /** Whether to delete what leads to another host. */
  readonly force: boolean;
}

export interface AddPinholeRequest extends GatewayFlags {
  readonly command: 'pinhole add';
  readonly port: number;
  readonly protocol: Protocol;
  readonly leaseSeconds?: number | undefined;
  /** The IPv6 address that it leads to. */
  readonly client?: string | undefined;
  /** Who may come in; default: anybody. */
  readonly remote?: RemoteFlag | undefined;
}

/** A remote address, and, where given, the one port of it. */
export interface RemoteFlag {
  readonly host: string;
  readonly port?: number | undefined;
}

export interface PinholeRequest extends GatewayFlags {
  readonly command: 'pinhole update' | 'pinhole delete' | 'pinhole check';
  readonly id: number;
  /** For an update. */
  readonly leaseSeconds?: number | undefined;
}

/** How long an outbound flow is remembered. */
export interface OutboundRequest extends GatewayFlags {
  readonly command: 'pinhole timeout';
  readonly protocol: Protocol;
  /** Here; default: any. */
  readonly port?: number | undefined;
  readonly client?: string | undefined;
  readonly remote?: RemoteFlag | undefined;
}

export interface DescribeRequest {
  readonly command: 'describe';
  readonly simulate: boolean;
  /** A URL, or the path of a file. */
  readonly source: string;
  /** For a file: the URL that it came from. */
  readonly location?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface DemoRequest {
  readonly command: 'demo';
}

export interface SimulateRequest {
  readonly command: 'simulate';
  /** Tells which personas there are, and does nothing else. */
  readonly list: boolean;
  readonly persona?: string | undefined;
  /** One of this computer's IPv4 addresses. */
  readonly address?: string | undefined;
  /** The TCP port of descriptions and control. */
  readonly port?: number | undefined;
  readonly seed?: number | undefined;
}

export type ReportFormat = 'html' | 'json' | 'junit' | 'tap' | 'text';

export interface ReportFile {
  readonly path: string;
  readonly format: ReportFormat;
}

/** Where `wan-host` runs. */
export interface WanHostFlag {
  readonly address: string;
  readonly port: number;
}

export interface ConformanceRequest {
  readonly command: 'conformance';
  /** A persona, in place of a gateway. */
  readonly simulate?: string | undefined;
  /** The URL of its description, in place of a search. */
  readonly gateway?: string | undefined;
  readonly interface?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Tells which requirements there are, and does nothing else. */
  readonly list: boolean;
  readonly write: boolean;
  readonly disruptive: boolean;
  /** Ids with `*` for anything. */
  readonly only: readonly string[];
  readonly strict: boolean;
  /** The paths of lists. */
  readonly knownFailures: readonly string[];
  readonly reports: readonly ReportFile[];
  /** Whether the report is printed as TAP. */
  readonly tap: boolean;
  readonly wanHost?: WanHostFlag | undefined;
  /** A command of the shell. */
  readonly reboot?: string | undefined;
  readonly seed?: number | undefined;
}

export interface WanHostRequest {
  readonly command: 'wan-host';
  /** One of this computer's IPv4 addresses. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

export type Request =
  | DiscoverRequest
  | GatewayRequest
  | DescribeRequest
  | DemoRequest
  | SimulateRequest
  | ConformanceRequest
  | WanHostRequest;
