import type { Protocol } from '@portwright/core';
import type { MapPortError, MappedPort } from '@portwright/core/mapping';
import type { Result } from '@portwright/core/result';
import type { MapperRequest } from '../../arguments/options.ts';

export interface MapRequest extends MapperRequest {
  readonly command: 'map';
  readonly port: number;
  readonly internalPort: number;
  readonly protocols: readonly Protocol[];
  readonly leaseSeconds?: number | undefined;
  readonly description?: string | undefined;
  /** Another external port will do. */
  readonly any: boolean;
  /** The mapping is read back. */
  readonly verify: boolean;
  /** A version 2 gateway is trusted to refuse a port of another host. */
  readonly trustConflicts: boolean;
  /** The mapping is kept until the program is interrupted. */
  readonly keep: boolean;
  /** The mapping is recorded meanwhile, so that the next start can clean up after a crash. */
  readonly journal: boolean;
  /** The port is mapped on every gateway, and in IPv6 firewalls where those are searched. */
  readonly all: boolean;
}

/** The datagrams of a search are sent within its first seconds. A router that starts later hears the next search. */
const LONGEST_SEARCH_MS = 10_000;

/** How long one search of `--keep` takes. @param timeoutMs - for all of them */
export function longestSearch(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : Math.min(timeoutMs, LONGEST_SEARCH_MS);
}

/** For each answer, if a search is shorter than the time that was given. */
export function answerLimit(timeoutMs = 0): number | undefined {
  return timeoutMs > LONGEST_SEARCH_MS ? timeoutMs : undefined;
}

/** The mappings of all protocols, or why there are none. */
export type Mapped = Result<readonly MappedPort[], MapPortError>;
