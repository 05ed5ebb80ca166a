/** What a search is asked for, and what it gives. */
import type { LocationPolicy } from '../description/location-policy.ts';
import type { InvalidArgumentError, RejectedCandidate, SearchFacts, TransportError } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { AbortSignalLike } from '../ports.ts';
import type { SearchResponse } from '../ssdp/message.ts';

export interface SearchOptions {
  /**
   * How long answers are accepted, in milliseconds; default 2000. One second has proved too short in the field. Each request
   * to what answered has this time, too, if it is more than 8000.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How long to listen on where nobody has answered in time, in milliseconds: it tells a slow router from a silent one.
   * The first late answer ends it. Default: 1000 where nothing is found otherwise ({@link findGateway}), else 0.
   */
  readonly lateMs?: number | undefined;
  /** Search targets; default: those that concern a gateway. */
  readonly targets?: readonly string[] | undefined;
  /** Default: IPv4 alone. */
  readonly families?: readonly AddressFamily[] | undefined;
  /** The name or an address of the only interface to search on; default and empty: all but loopback. */
  readonly interface?: string | undefined;
  /** The UDP port to search from; default 0, the system's choice. */
  readonly localPort?: number | undefined;
  /** The multicast TTL, 0..255; default 2 (UDA 1.1, 1.3.2). */
  readonly ttl?: number | undefined;
  /**
   * Which descriptions are fetched. Default: those of hosts in this host's subnets and of the default router, at port 80,
   * 443 or from 1024 on; if a LOCATION names another host than the responder, the responder is asked.
   */
  readonly locations?: Omit<LocationPolicy, 'responder' | 'interfaces' | 'defaultRouter'> | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** An answer whose LOCATION may be fetched; or an announcement that came while answers were awaited. */
export interface SearchAnswer extends Omit<SearchResponse, 'kind'> {
  readonly kind: 'response' | 'alive';
  /** The LOCATION, checked. If it names another host than the responder, the same URL on the responder. */
  readonly location: string;
  /** The LOCATION as it was sent. */
  readonly named: string;
  /** The responder, with its zone if it is link-local. */
  readonly from: string;
  /** True if the responder is this system's default router. */
  readonly isDefaultGateway: boolean;
}

/** What came of a search besides the answers. */
export interface SearchReport {
  /** Answers that were understood, repetitions and refused ones included. */
  readonly received: number;
  /** Datagrams that were no answers. */
  readonly malformed: number;
  /**
   * Answers beyond the limits: 16 locations of one responder, 32 of all but the default router. The newest of them are held,
   * and come one after another: 4 each second of the default router, and 4 of all others, up to 40 locations of each.
   */
  readonly beyondLimits: number;
  /** Answers that can't be read, or whose LOCATION must not be fetched. */
  readonly refused: readonly RejectedCandidate[];
  /** Where it went, and what it could not use. */
  readonly search: SearchFacts;
}

export type SearchError = InvalidArgumentError | TransportError;
