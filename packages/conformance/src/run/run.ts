import type { AbortSignalLike, RandomPort, Transport } from '@portwright/core';
import {
  checkArguments,
  FLAG,
  FUNCTION,
  listOf,
  NUMBER,
  optional,
  options as optionsOf,
  TEXT,
  A_TRANSPORT,
  withFunctions,
} from '@portwright/core/internal';
import { ok, type ResultAsync, safeTry } from '@portwright/core/result';
import type { BenchOptions } from '../bench/bench.ts';
import type { Caller } from '../bench/caller.ts';
import { compareTables, entryText, readMappingTable, type TableEntry } from '../bench/mapping-table.ts';
import { keyOfEntry, nameOf } from '../bench/mappings.ts';
import { PortSource } from '../bench/ports.ts';
import { serviceUnderTest } from '../bench/service-under-test.ts';
import type { Undoing } from '../bench/undo.ts';
import { CHECKS } from '../checks/all.ts';
import { REQUIREMENTS } from '../checks/requirements.ts';
import type { Kind, Requirement } from '../checks/requirement.ts';
import { type KnownFailures, knownFailures } from './known-failures.ts';
import type { ConformanceOptions } from './options.ts';
import { type Selection, selection } from './patterns.ts';
import {
  conclude,
  type GatewayIdentity,
  type Report,
  type RunFacts,
  type TableDifference,
  verdictOn,
} from './result.ts';
import type { CheckResult } from './check-result.ts';
import { runCheck } from './run-check.ts';
import { seededRandom } from './seeded-random.ts';
import { leftInWords, outwait } from './outwait.ts';
import { NO_LEDGER } from './run-ledger.ts';
import { isConnection, leftBehind, runOf, type Sweepers, sweepMappings } from './sweep.ts';
import type { Found } from './found.ts';
import { checkTarget, findSecond, findTarget, type Target, type TargetError } from './target.ts';

/** 15 minutes. */
const LIMIT_MS = 900_000;

const OPTIONS = optionsOf({
  write: optional(FLAG),
  disruptive: optional(FLAG),
  only: optional(listOf(TEXT)),
  strict: optional(FLAG),
  knownFailures: optional(listOf(optionsOf({ id: TEXT }))),
  wanHost: optional(A_TRANSPORT),
  secondClient: optional(A_TRANSPORT),
  reboot: optional(FUNCTION),
  ledger: optional(withFunctions('a ledger of runs', 'enter', 'has')),
  seed: optional(NUMBER),
  startedAt: optional(TEXT),
  limitMs: optional(NUMBER),
  onCheck: optional(FUNCTION),
  onResult: optional(FUNCTION),
});

/**
 * Checks a gateway against the specifications, one requirement after the other.
 *
 * Without `write` nothing is changed. With it the run makes mappings of its own, on random high ports of this host and with
 * a description that names the run; it deletes them when each check is over, failed or not, and also when it is aborted.
 * Then the reads are checked once more, and the mapping table has to be as it was.
 *
 * Errors: where there is no such gateway or no description of one, or a pattern means no requirement. `aborted` where the signal came before the
 * gateway was found. A gateway that does everything wrong is no error, but a report.
 *
 * @example
 * ```ts
 * const report = await runConformance(nodeTransport(), { kind: 'search' }, { write: true });
 * ```
 */
export function runConformance(
  transport: Transport,
  target: Target,
  options: ConformanceOptions = {},
): ResultAsync<Report, TargetError> {
  return safeTry<Report, TargetError>(async function* () {
    yield* checkTarget(transport, target);
    yield* checkArguments(['options', options, OPTIONS]);
    const isWanted = yield* selection('only', options.only ?? ['*']);
    const known = yield* knownFailures(options.knownFailures ?? []);
    const found = yield* findTarget(transport, target, options.signal);
    return ok(await new Run(found, options, isWanted, known).report());
  });
}

class Run {
  readonly #found: Found;
  readonly #options: ConformanceOptions;
  readonly #isWanted: Selection;
  readonly #known: KnownFailures;
  readonly #seed: number;
  readonly #random: RandomPort;
  readonly #name: string;
  readonly #abort = new AbortController();
  readonly #results: CheckResult[] = [];
  /** What checks could not take back. */
  #left: readonly Undoing[] = [];
  /** The runs of this host that went on when this one began. */
  readonly #others = new Set<string | null>();
  #begun = 0;
  #wasAborted = false;

  constructor(found: Found, options: ConformanceOptions, isWanted: Selection, known: KnownFailures) {
    this.#found = found;
    this.#options = options;
    this.#isWanted = isWanted;
    this.#known = known;
    this.#seed = options.seed ?? whole32(found.self.transport.random);
    this.#random = seededRandom(this.#seed);
    this.#name = whole32(this.#random).toString(16).padStart(8, '0');
  }

  async report(): Promise<Report> {
    const forget = follow(this.#options.signal, this.#abort);
    const { self } = this.#found;
    const { write = false, secondClient, wanHost, reboot, ledger = NO_LEDGER } = this.#options;
    const second = await findSecond(this.#found, secondClient);
    const sweepers = { ...this.#found, second };
    const maySweep = write && !this.#abort.signal.aborted;
    const swept = maySweep ? (await sweepMappings(sweepers, leftBehind(sweepers, ledger))).deleted : [];
    const leave = write ? await ledger.enter(this.#name) : null;
    const before = await this.#table();
    for (const run of new Set(before.entries.map(runOf))) {
      if (run !== null && (await ledger.has(run))) this.#others.add(run);
    }
    const bench: BenchOptions = {
      ...this.#found,
      second,
      wanHost: wanHost ?? null,
      reboot: reboot ?? null,
      run: this.#name,
      random: this.#random,
      ports: new PortSource(
        this.#random,
        before.entries.map(({ externalPort }) => externalPort),
      ),
      signal: this.#abort.signal,
    };
    const end = self.transport.clock.now() + (this.#options.limitMs ?? LIMIT_MS);
    await this.#checkAll('read', bench, end);
    await this.#checkAll('write', bench, end);
    if (write) await this.#checkAll('read', bench, end, true);
    if (write) await this.#cleanUp(sweepers);
    const compared = write ? await this.#compare(before, second) : { table: null, uncompared: 'unwritten' as const };
    // What others may feel comes last, so that it has no part in what is compared.
    await this.#checkAll('disruptive', bench, end);
    await outwait(this.#left, self.transport.clock, this.#abort.signal);
    const leftovers = write ? await this.#cleanUp(sweepers) : [];
    await leave?.();
    forget();
    return conclude({
      ...this.#facts(),
      results: this.#results,
      ...compared,
      swept,
      leftovers,
      wasAborted: this.#wasAborted,
    });
  }

  #facts(): RunFacts {
    const { location, description } = this.#found.subject;
    const { write = false, disruptive = false, strict = false, only = null, startedAt = null } = this.#options;
    return {
      run: this.#name,
      location,
      device: description === null ? null : identityOf(description.device),
      startedAt,
      seed: this.#seed,
      write,
      disruptive,
      strict,
      only,
    };
  }

  async #compare(before: WholeTable, second: Caller | null): Promise<Pick<Report, 'table' | 'uncompared'>> {
    if (!before.isWhole) return { table: null, uncompared: 'unreadable' };
    // Once more, where it can't be read: an answer that got lost is no gateway's mistake.
    for (let tries = 0; tries < 2; tries += 1) {
      const after = await this.#table();
      if (after.isWhole) return { table: this.#difference(before, after, second), uncompared: null };
    }
    return { table: null, uncompared: 'lost' };
  }

  #difference(before: WholeTable, after: WholeTable, second: Caller | null): TableDifference {
    const { missing: gone, extra } = compareTables(before.entries, after.entries);
    // What another run of this host had made when this one began, it takes back itself.
    const missing = gone.filter((entry) => !this.#others.has(runOf(entry)));
    const asking = [this.#found.self.address, second?.address];
    const isOurs = (entry: TableEntry): boolean => {
      const run = runOf(entry);
      return run === null ? asking.includes(entry.internalClient) : run === this.#name;
    };
    return { missing, extra: extra.filter(isOurs), others: extra.filter((entry) => !isOurs(entry)) };
  }

  /** What the checks could not take back is tried again, in every way. @returns what is left then */
  async #cleanUp(sweepers: Sweepers): Promise<readonly string[]> {
    const isOwn = (entry: TableEntry): boolean => runOf(entry) === this.#name;
    const { left: entries } = await sweepMappings(sweepers, (entry) => Promise.resolve(isOwn(entry)));
    const { clock } = this.#found.self.transport;
    const left: Undoing[] = [];
    for (const entry of this.#left) if (!(await entry.undo())) left.push(entry);
    this.#left = left;
    // The table has the last word: there are gateways that say that they deleted, and did not.
    const named = new Set(entries.map((entry) => nameOf(keyOfEntry(entry))));
    const others = left.filter(({ what }) => !named.has(what)).map((entry) => leftInWords(entry, clock));
    return [...others, ...entries.map((entry) => `a mapping of ${entryText(entry)}`)];
  }

  async #checkAll(kind: Kind, bench: BenchOptions, end: number, isRepeated = false): Promise<void> {
    for (const requirement of isRepeated ? this.#repeated() : this.#wanted()) {
      if (requirement.kind !== kind) continue;
      this.#wasAborted ||= this.#abort.signal.aborted || bench.self.transport.clock.now() >= end;
      if (this.#wasAborted) return;
      await this.#check(requirement, bench, isRepeated);
    }
  }

  #wanted(): readonly Requirement[] {
    const wanted = REQUIREMENTS.filter(({ id }) => this.#isWanted(id));
    const reboots = ({ needs = [] }: Requirement): boolean => needs.includes('reboot');
    // At the very end: there are gateways that have other URLs after it.
    return [...wanted.filter((one) => !reboots(one)), ...wanted.filter(reboots)];
  }

  /** What is checked again after the writes, as far as is known by now. */
  #repeated(): readonly Requirement[] {
    const skipped = new Set(
      this.#results.filter(({ verdict }) => verdict === 'skip').map((result) => result.requirement),
    );
    return this.#wanted().filter((requirement) => requirement.kind === 'read' && !skipped.has(requirement));
  }

  async #check(requirement: Requirement, bench: BenchOptions, isRepeated: boolean): Promise<void> {
    const check = CHECKS[requirement.id]?.check;
    if (check === undefined) return;
    const { write = false, disruptive = false, strict = false, onCheck, onResult } = this.#options;
    const { clock } = bench.self.transport;
    this.#begun += 1;
    const total = this.#wanted().length + (write ? this.#repeated().length : 0);
    onCheck?.({ requirement, isRepeated, number: this.#begun, total });
    const began = clock.now();
    const { shortfall, exchanges, left } = await runCheck(requirement, check, bench, { write, disruptive });
    this.#left = [...this.#left, ...left];
    // What was cut off has no verdict.
    this.#wasAborted ||= this.#abort.signal.aborted && shortfall !== null;
    if (this.#wasAborted) return;
    const about = {
      requirement,
      known: this.#known(requirement.id),
      isRepeated,
      durationMs: clock.now() - began,
    };
    const result: CheckResult =
      shortfall === null
        ? { ...about, verdict: 'pass' }
        : {
            ...about,
            verdict: verdictOn(shortfall, requirement, strict),
            expected: shortfall.expected,
            actual: shortfall.actual,
            exchanges,
          };
    this.#results.push(result);
    onResult?.(result);
  }

  /** The mapping tables of all connections, one after the other. */
  async #table(): Promise<WholeTable> {
    const { subject, self } = this.#found;
    const entries: TableEntry[] = [];
    // PCP and NAT-PMP tell no table.
    let isWhole = subject.isUpnp;
    for (const service of subject.services.filter(isConnection)) {
      const bound = serviceUnderTest(service, self, () => undefined);
      const table = bound.isOk() ? await readMappingTable(bound.value) : null;
      entries.push(...(table?.entries ?? []));
      isWhole &&= ENDINGS.includes(table?.end?.code ?? null);
    }
    return { entries, isWhole };
  }
}

/** What gateways answer behind the last entry: 713 as they should, and what else is known of them. */
const ENDINGS: readonly (number | null)[] = [713, 714, 402];

interface WholeTable {
  readonly entries: readonly TableEntry[];
  readonly isWhole: boolean;
}

function whole32(random: RandomPort): number {
  return Math.floor(random.fraction() * 2 ** 32);
}

function identityOf({ friendlyName, manufacturer, modelName, modelNumber }: GatewayIdentity): GatewayIdentity {
  return { friendlyName, manufacturer, modelName, modelNumber };
}

/** Aborts with another signal. @returns what ends that */
function follow(signal: AbortSignalLike | undefined, controller: AbortController): () => void {
  const abort = (): void => {
    controller.abort();
  };
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  return () => {
    signal?.removeEventListener('abort', abort);
  };
}
