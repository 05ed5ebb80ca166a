/** Runs the contract without any test framework: what comes out is data. */
import type { ClockPort, Transport } from '@portwright/core';
import {
  assertArguments,
  listOf,
  OBJECT,
  oneOf,
  optional,
  options as optionsOf,
  withFunctions,
} from '@portwright/core/internal';
import type { Shortfall } from '../shortfall.ts';
import { openBench } from './bench.ts';
import { CLOCK } from './clock.ts';
import type { ContractCase, ContractClause, PortName, PortOf, Steps } from './contract-case.ts';
import { DATAGRAM_CONNECTED } from './datagram-connected.ts';
import { DATAGRAM_MULTICAST } from './datagram-multicast.ts';
import { DATAGRAM_SENDING } from './datagram-sending.ts';
import { DATAGRAM_SOCKETS } from './datagram-sockets.ts';
import { DEFAULT_ROUTERS } from './default-routers.ts';
import { EVENTS } from './events.ts';
import { within } from './expectations.ts';
import { HTTP_CONNECTIONS } from './http-connections.ts';
import { HTTP_DEVIATIONS } from './http-deviations.ts';
import { HTTP_FAILURES } from './http-failures.ts';
import { HTTP_REQUESTS } from './http-requests.ts';
import { HTTP_RESPONSES } from './http-responses.ts';
import { INTERFACES } from './interfaces.ts';
import type { Peer } from './peer.ts';
import { RANDOM } from './random.ts';
import { slicedClock } from './sliced-clock.ts';

/** Milliseconds for a case, in slices: less than what test frameworks allow by default. */
const CASE_LIMIT_MS = 4500;
/** Milliseconds to clear away. */
const CLEARING_MS = 400;

/** A transport, or a part of one, and the other end. */
export interface TransportSubject {
  /** The ports to be checked. */
  readonly ports: Partial<Transport>;
  readonly peer: Peer;
  /** The time of the cases. For ports on real sockets a real one, for a simulated network its own. */
  readonly clock: ClockPort;
  /** What the transport can't do, by the case's id, with the reason: these cases are skipped. */
  readonly cannot?: Readonly<Record<string, string>> | undefined;
}

export interface CaseResult {
  readonly id: string;
  /**
   * `failed`: the port did something else than it promises. `inconclusive`: the peer, or what the case builds on, was not
   * there. `skipped`: the subject or its peer has said that it can't.
   */
  readonly verdict: 'passed' | 'failed' | 'inconclusive' | 'skipped';
  /** With `skipped`: why. */
  readonly reason?: string;
  /** With `failed` and `inconclusive`: what should have been, and what was. */
  readonly expected?: string;
  readonly actual?: string;
}

type Cases = { readonly [Name in PortName]: readonly ContractCase<PortOf<Name>>[] };

const CASES: Cases = {
  http: [...HTTP_REQUESTS, ...HTTP_RESPONSES, ...HTTP_DEVIATIONS, ...HTTP_FAILURES, ...HTTP_CONNECTIONS],
  datagram: [...DATAGRAM_SENDING, ...DATAGRAM_SOCKETS, ...DATAGRAM_CONNECTED, ...DATAGRAM_MULTICAST],
  interfaces: [...INTERFACES, ...DEFAULT_ROUTERS],
  clock: CLOCK,
  random: RANDOM,
  events: EVENTS,
};

/** Every port that has a contract, in the order in which they are checked. */
export const PORT_NAMES: readonly PortName[] = ['http', 'datagram', 'interfaces', 'clock', 'random', 'events'];

/** Every case, as data. */
export const CONTRACT: readonly ContractClause[] = PORT_NAMES.flatMap((name): readonly ContractClause[] => CASES[name]);

const SUBJECT = optionsOf({
  ports: OBJECT,
  peer: optionsOf({ lacks: OBJECT }),
  clock: withFunctions('a clock', 'now', 'sleep'),
  cannot: optional(OBJECT),
});

/** @throws PortwrightException (`invalid-argument`) for what is no subject */
export function assertSubject(subject: TransportSubject): void {
  assertArguments(['subject', subject, SUBJECT]);
}

/** A case that is bound to its subject. */
export interface BoundCase extends ContractClause {
  /** Why it is skipped; null: it is not. */
  readonly skipped: string | null;
  /** Never rejects. */
  readonly run: () => Promise<CaseResult>;
}

/** The cases of one port, bound to a subject; none where it does not have the port. */
export function bindCases(name: PortName, subject: TransportSubject): readonly BoundCase[] {
  assertArguments(['name', name, oneOf(...PORT_NAMES)]);
  assertSubject(subject);
  const { ports } = subject;
  switch (name) {
    case 'http':
      return bind(CASES.http, ports.http, subject);
    case 'datagram':
      return bind(CASES.datagram, ports.datagram, subject);
    case 'interfaces':
      return bind(CASES.interfaces, ports.interfaces, subject);
    case 'clock':
      return bind(CASES.clock, ports.clock, subject);
    case 'random':
      return bind(CASES.random, ports.random, subject);
    case 'events':
      return bind(CASES.events, ports.events, subject);
  }
}

function bind<Port>(
  cases: readonly ContractCase<Port>[],
  port: Port | undefined,
  subject: TransportSubject,
): readonly BoundCase[] {
  if (port === undefined) return [];
  return cases.map((one) => {
    const skipped = reasonToSkip(one, subject);
    const run = (): Promise<CaseResult> =>
      skipped === null
        ? runCase(one.id, (bench) => one.check(port, bench), subject)
        : Promise.resolve({ id: one.id, verdict: 'skipped', reason: skipped });
    return { id: one.id, what: one.what, clause: one.clause, needs: one.needs, skipped, run };
  });
}

/** What a subject says that it can't do, and that no case is about: a word that was misspelled, or a case that is gone. */
export function strayExcuses({ cannot = {} }: TransportSubject): readonly string[] {
  return Object.keys(cannot).filter((id) => !CONTRACT.some((one) => one.id === id));
}

/**
 * Checks every port that the subject has, or those that are named, one case after another.
 *
 * @throws PortwrightException (`invalid-argument`) for what is no subject; nothing else makes it reject
 *
 * @example
 * ```ts
 * const results = await checkTransport({ ports: nodeTransport(), peer: nodePeer(), clock: nodeClock() });
 * const failed = results.filter(({ verdict }) => verdict === 'failed');
 * ```
 */
export async function checkTransport(
  subject: TransportSubject,
  ports: readonly PortName[] = PORT_NAMES,
): Promise<readonly CaseResult[]> {
  assertSubject(subject);
  assertArguments(['ports', ports, listOf(oneOf(...PORT_NAMES))]);
  const results: CaseResult[] = strayExcuses(subject).map((id) => ({
    id,
    verdict: 'failed',
    expected: 'a case of the contract',
    actual: 'there is none with this id',
  }));
  for (const one of ports.flatMap((name) => bindCases(name, subject))) results.push(await one.run());
  return results;
}

function reasonToSkip({ id, needs }: ContractClause, { cannot = {}, peer }: TransportSubject): string | null {
  const lack = needs.find((ability) => peer.lacks[ability] !== undefined);
  return cannot[id] ?? (lack === undefined ? null : (peer.lacks[lack] ?? null));
}

async function runCase(
  id: string,
  check: (bench: ReturnType<typeof openBench>['bench']) => Steps,
  { peer, clock: bare }: TransportSubject,
): Promise<CaseResult> {
  const clock = slicedClock(bare);
  const { bench, clear } = openBench(peer, clock);
  const performed = await within(clock, CASE_LIMIT_MS, 'an end', perform(check(bench)));
  const shortfall = performed.isOk() ? performed.value : performed.error;
  // What can't be closed must not keep the others waiting.
  const cleared = new AbortController();
  const clearing = clear().then(() => {
    cleared.abort();
  });
  await Promise.race([clearing, clock.sleep(CLEARING_MS, cleared.signal)]);
  if (shortfall === null) return { id, verdict: 'passed' };
  const { kind, expected, actual } = shortfall;
  return { id, verdict: kind === 'missed' ? 'failed' : 'inconclusive', expected, actual };
}

async function perform(steps: Steps): Promise<Shortfall | null> {
  try {
    const { done, value } = await steps.next();
    if (done === true) return null;
    // It ends here, with whatever it has in `finally`.
    await steps.return();
    return value.error;
  } catch (error) {
    const actual = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { kind: 'missed', expected: 'a Result: nothing throws or rejects', actual };
  }
}
