import type { ClockPort } from '@portwright/core';
import { Bench, type BenchOptions } from '../bench/bench.ts';
import type { Caller } from '../bench/caller.ts';
import type { Undoing } from '../bench/undo.ts';
import { type Case, perform } from '../checks/case.ts';
import type { Kind, Permissions, Requirement } from '../checks/requirement.ts';
import type { Shortfall } from '../shortfall.ts';
import { recorded, WireLog, type WireRecord } from '../wire/wire-record.ts';
import type { DescribedService } from '../bench/subject.ts';
import { isConnection } from './sweep.ts';
import { checkApplicability } from './applicability.ts';

/** Milliseconds for a check. */
const LIMITS_MS: Readonly<Record<Kind, number>> = { read: 60_000, write: 180_000, disruptive: 300_000 };
/** Milliseconds in which a check ends that was told to. */
const GRACE_MS = 5_000;
/** A long wait in pieces, each of which passes by itself on a virtual clock. */
const SLICE_MS = 20_000;

/** What came of one check. */
export interface Checked {
  /** Null: passed. */
  readonly shortfall: Shortfall | null;
  readonly exchanges: readonly WireRecord[];
  /** What could not be taken back. */
  readonly left: readonly Undoing[];
}

/** Performs a check within its time, and takes back what it has made. */
export async function runCheck(
  requirement: Requirement,
  check: Case,
  options: BenchOptions,
  permissions: Permissions,
): Promise<Checked> {
  const log = new WireLog();
  const record = (caller: Caller): Caller => ({ ...caller, transport: recorded(caller.transport, log) });
  const { self, second, wanHost, signal } = options;
  const { clock } = self.transport;
  const timeUp = new AbortController();
  const recording: BenchOptions = {
    ...options,
    connection: connectionFor(requirement, options),
    self: record(self),
    second: second === null ? null : record(second),
    wanHost: wanHost === null ? null : recorded(wanHost, log),
    signal: AbortSignal.any([signal, timeUp.signal]),
  };
  const bench = new Bench(recording, permissions);
  const applicable = checkApplicability(requirement, bench, permissions);
  if (applicable.isErr()) return { shortfall: applicable.error, exchanges: [], left: [] };
  const limitMs = LIMITS_MS[requirement.kind];
  const done = new AbortController();
  const late: Shortfall = {
    kind: 'inconclusive',
    expected: `an end within ${limitMs / 1_000} seconds`,
    actual: 'none',
  };
  const expiry = waitLong(clock, limitMs, done.signal).then(async () => {
    if (!done.signal.aborted) timeUp.abort();
    await clock.sleep(GRACE_MS, done.signal);
    return late;
  });
  const performed = await Promise.race([perform(check, bench).catch(broken), expiry]);
  const shortfall = timeUp.signal.aborted ? late : performed;
  done.abort();
  const left = await bench.close();
  return { shortfall, exchanges: log.all(), left };
}

/** What a gateway sends must not end the run, whatever the check makes of it. */
function broken(thrown: unknown): Shortfall {
  return {
    kind: 'inconclusive',
    expected: 'a check that completes',
    actual: `an internal error in the check: ${String(thrown)}`,
  };
}

/** The connection under test, unless the requirement is about another one that the gateway has. */
function connectionFor(
  { appliesTo = [] }: Requirement,
  { connection, subject }: BenchOptions,
): DescribedService | null {
  const isMeant = ({ name, version }: DescribedService): boolean => appliesTo.includes(`${name}:${version}`);
  if (connection === null || isMeant(connection)) return connection;
  return subject.services.find((service) => isConnection(service) && isMeant(service)) ?? connection;
}

async function waitLong(clock: ClockPort, ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal.aborted; left -= SLICE_MS)
    await clock.sleep(Math.min(left, SLICE_MS), signal);
}
