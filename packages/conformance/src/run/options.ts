import type { AbortSignalLike, Transport } from '@portwright/core';
import type { KnownFailure } from './known-failures.ts';
import type { CheckResult } from './check-result.ts';
import type { RunLedger } from './run-ledger.ts';
import type { Requirement } from '../checks/requirement.ts';

/** A check that begins. */
export interface Begun {
  readonly requirement: Requirement;
  /** Whether it is a read that is checked again after the writes. */
  readonly isRepeated: boolean;
  /** From 1. */
  readonly number: number;
  /** Of all checks of the run. It gets smaller where reads are not repeated, since they don't concern the gateway. */
  readonly total: number;
}

export interface ConformanceOptions {
  /** Allows checks that make mappings of their own, and delete them. Default: false, and the run changes nothing. */
  readonly write?: boolean | undefined;
  /** Allows checks that others may feel while they last. Only with `write`. Default: false. */
  readonly disruptive?: boolean | undefined;
  /** Which requirements, as ids with `*` for anything: `ssdp/*`. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** Whether a missed should, may or rule of the suite's own is a failure, and not a warning. Default: false. */
  readonly strict?: boolean | undefined;
  /** What this gateway is known to miss: a failure of these does not count, and a pass is an error. Default: nothing. */
  readonly knownFailures?: readonly KnownFailure[] | undefined;
  /** A host on the gateway's WAN side. Default: none, and what needs one is skipped. */
  readonly wanHost?: Transport | undefined;
  /** Another host on the gateway's LAN. Default: another address of this host on the same subnet, where it has one. */
  readonly secondClient?: Transport | undefined;
  /** Turns the gateway off and on; it may take a while to come up again. Default: nobody does. */
  readonly reboot?: (() => Promise<void>) | undefined;
  /** Knows the runs of this host that go on beside this one: what they have mapped is theirs. Default: none does. */
  readonly ledger?: RunLedger | undefined;
  /** Ends the run. What it has made is taken back first. */
  readonly signal?: AbortSignalLike | undefined;
  /** Of the run's ports and name, 0 to 4294967295: the same run once more. Default: the transport's randomness. */
  readonly seed?: number | undefined;
  /** When the run begins, for its report: an ISO 8601 date and time, say. A transport's clock knows no date. */
  readonly startedAt?: string | undefined;
  /** Milliseconds for all checks, above which no further one is begun. Default: 15 minutes. */
  readonly limitMs?: number | undefined;
  /** Is told of each check as it begins. */
  readonly onCheck?: ((check: Begun) => void) | undefined;
  /** Is told of each result as it comes. */
  readonly onResult?: ((result: CheckResult) => void) | undefined;
}
