/** What `map --keep` does between two tries, and what it leaves behind if there is no further one. */
import { isOn, listenForMappers, jitteredDelay } from '@portwright/core/internal';
import type { Lease } from '@portwright/core/mapping';
import { isInterruption, type Problem } from '../../errors/problem.ts';
import type { Outcome } from '../../output/outcome.ts';
import type { MapRun } from './map-run.ts';
import { waitOrEnd } from './wait-or-end.ts';
import { nameOf, stillMapped } from './still-mapped.ts';

/** A search costs little, and whoever waits for a port wants it soon. */
const LONGEST_PAUSE_MS = 30_000;
/** From one try to the next, whatever was announced meanwhile: any host can announce a router. */
const SHORTEST_PAUSE_MS = 4_000;

/** Continues with another try. @param timeoutMs - for its search */
type TryAgain = (timeoutMs: number | undefined) => Promise<Outcome>;

export class Retries {
  readonly #run: MapRun;
  readonly #startedAt: number;
  #failures = 0;
  /** What the user was told. */
  #reason = '';
  /** A router announced itself, or this computer changed its network. */
  #isAnnounced = false;
  #wake: () => void = () => undefined;
  #stopListening: (() => Promise<void>) | null = null;
  /** What failed tries may have left on routers, each once. */
  readonly #left = new Map<string, Lease>();

  constructor(run: MapRun, startedAt: number) {
    this.#run = run;
    this.#startedAt = startedAt;
  }

  /** The outcome after a try that failed: it waits and tries again, or the run ends. */
  async after(problem: Problem, tryAgain: TryAgain): Promise<Outcome> {
    if (problem.kind === 'not-mapped') for (const lease of problem.unknownLeases) this.#left.set(keyOf(lease), lease);
    if (waitOrEnd(problem, this.#circumstances()) === 'end') return this.#end(problem);
    this.#failures += 1;
    const retryInMs = Math.min(
      jitteredDelay(this.#failures, this.#run.transport.random),
      LONGEST_PAUSE_MS,
      this.#msLeft() ?? Infinity,
    );
    const isTold = this.#reason === reasonOf(problem);
    this.#reason = reasonOf(problem);
    return {
      json: {},
      text: () => '',
      waiting: isTold ? undefined : { problem, retryInMs },
      afterwards: async () => {
        await this.#pause(retryInMs);
        const { isInterrupted, isTimedOut } = this.#circumstances();
        if (isInterrupted) return this.#end(INTERRUPTED);
        if (isTimedOut) return this.#end(problem);
        return tryAgain(this.#msLeft() ?? this.#run.request.timeoutMs);
      },
    };
  }

  /** Stops waiting for signs of a router. */
  async close(): Promise<void> {
    const stop = this.#stopListening;
    this.#stopListening = null;
    await stop?.();
  }

  /** Unmaps what failed tries may have left. @param problem - what the run ends with, if anything */
  async release(problem: Problem | undefined): Promise<Problem | undefined> {
    let ended = problem;
    const { mapper, leases, context } = this.#run;
    for (const lease of this.#unreleased()) {
      const isGone = mapper !== null && isOn(lease, mapper) && (await mapper.cleanUp(lease)) !== 'failed';
      if (isGone) leases.remove(lease);
      else ended = stillMapped(context.host.invocation, lease, NOT_DELETED, ended);
    }
    this.#left.clear();
    await leases.written();
    return ended;
  }

  /** Without what is mapped now: that has its own end. */
  #unreleased(): readonly Lease[] {
    const kept = this.#run.mapped.map(({ granted }) => keyOf(granted));
    return [...this.#left].flatMap(([key, lease]) => (kept.includes(key) ? [] : [lease]));
  }

  async #end(problem: Problem): Promise<Outcome> {
    await this.close();
    const left = this.#unreleased();
    const end = async (): Promise<Outcome> => {
      const unreleased = await this.release(undefined);
      const isHidden = unreleased !== undefined && !isInterruption(problem);
      return {
        json: {},
        text: () => '',
        warnings: isHidden ? [`${unreleased.message}. ${unreleased.hint ?? ''}`] : [],
        problem: isHidden ? problem : (unreleased ?? problem),
      };
    };
    if (left.length === 0) return end();
    // The router may answer late, so say what is going on.
    const ports = left.map(nameOf).join(' and ');
    const notice = `Unmapping ${ports}, in case it is mapped (press Ctrl-C again to leave it) ...`;
    return { json: {}, text: () => '', warnings: [notice], afterwards: end };
  }

  #circumstances(): { readonly isInterrupted: boolean; readonly isTimedOut: boolean } {
    return { isInterrupted: this.#run.context.host.signal.aborted, isTimedOut: this.#msLeft() === 0 };
  }

  /** Whole milliseconds of `--timeout` that are left to find the first router; null: without a limit. */
  #msLeft(): number | null {
    const { mapper, request, transport } = this.#run;
    if (request.timeoutMs === undefined || mapper !== null) return null;
    return Math.max(0, Math.ceil(this.#startedAt + request.timeoutMs - transport.clock.now()));
  }

  /** Ends early at a sign of a router or a network, and at Ctrl-C. */
  async #pause(ms: number): Promise<void> {
    const { context, transport } = this.#run;
    const { signal } = context.host;
    this.#stopListening ??= this.#listen();
    await transport.clock.sleep(Math.min(ms, SHORTEST_PAUSE_MS), signal);
    if (ms > SHORTEST_PAUSE_MS && !this.#isAnnounced && !signal.aborted) {
      const waking = new AbortController();
      this.#wake = () => {
        waking.abort();
      };
      signal.addEventListener('abort', this.#wake);
      await transport.clock.sleep(ms - SHORTEST_PAUSE_MS, waking.signal);
      signal.removeEventListener('abort', this.#wake);
    }
    if (this.#isAnnounced) this.#failures = 0;
    this.#isAnnounced = false;
  }

  #listen(): () => Promise<void> {
    const onSign = (): void => {
      this.#isAnnounced = true;
      this.#wake();
    };
    return listenForMappers(this.#run.transport, {
      announcements: true,
      udn: this.#run.mapper?.gateway.id ?? null,
      onAlive: onSign,
      onNetwork: onSign,
    });
  }
}

const INTERRUPTED: Problem = { kind: 'transport', code: 'aborted', message: 'the wait for the router was aborted' };

const NOT_DELETED = { kind: 'transport', code: 'failed', message: 'the router did not delete it' } as const;

/** The same reason is told once, whatever its details. */
function reasonOf(problem: Problem): string {
  const last = problem.kind === 'not-mapped' ? problem.attempts.at(-1)?.error : undefined;
  return [problem.kind, problem.code, last?.kind, last?.code].join(' ');
}

function keyOf({ via, gateway, protocol, externalPort }: Lease): string {
  return `${via} ${gateway} ${protocol} ${externalPort}`;
}
