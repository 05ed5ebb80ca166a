/** What a person can ask of the command line, after the arguments have been understood. */
import type { Protocol } from '@portwright/core';

export interface SearchFlags {
  readonly simulate: boolean;
  readonly interface?: string | undefined;
  readonly ipv6: boolean;
  readonly timeoutMs?: number | undefined;
}

export interface GatewayFlags extends SearchFlags {
  /** The URL of its description, in place of a search. */
  readonly gateway?: string | undefined;
}

export interface DiscoverRequest extends SearchFlags {
  readonly command: 'discover';
}

/** A request that starts with a gateway. */
export type GatewayRequest = QueryRequest | MapRequest | UnmapRequest;

export interface QueryRequest extends GatewayFlags {
  readonly command: 'ip' | 'status' | 'list';
}

export interface MapRequest extends GatewayFlags {
  readonly command: 'map';
  readonly port: number;
  readonly internalPort: number;
  readonly protocols: readonly Protocol[];
  readonly leaseSeconds?: number | undefined;
  readonly description?: string | undefined;
}

export interface UnmapRequest extends GatewayFlags {
  readonly command: 'unmap';
  readonly port: number;
  readonly protocols: readonly Protocol[];
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

export type Request = DiscoverRequest | GatewayRequest | DescribeRequest | DemoRequest | SimulateRequest;
