/** The search itself: sockets, the schedule, and what comes back. What the answers are worth is for its callers. */
import { err, ok, safeTry, Result, type ResultAsync } from 'neverthrow';
import type { LocationPolicy } from '../description/location-policy.ts';
import type { InvalidArgumentError, RejectedCandidate, TransportError } from '../errors.ts';
import { checkWhole } from '../invalid-argument.ts';
import type { AddressFamily } from '../messages.ts';
import type { AbortSignalLike, DatagramSocket, Transport } from '../ports.ts';
import { encodeMSearch } from '../ssdp/encode-m-search.ts';
import type { SearchResponse } from '../ssdp/message.ts';
import { searchSchedule, type ScheduledSearch } from '../ssdp/search-schedule.ts';
import { aborted, createAbort } from './abort.ts';
import { createIntake, type Intake } from './search-intake.ts';
import { openSearchSockets, type SearchSocket } from './search-sockets.ts';

export interface SearchOptions {
  /** How long answers are accepted, in milliseconds; default 2000. One second has proved too short in the field. */
  readonly timeoutMs?: number | undefined;
  /** Search targets; default: those that concern a gateway. */
  readonly targets?: readonly string[] | undefined;
  /** Default: IPv4 alone. */
  readonly families?: readonly AddressFamily[] | undefined;
  /** The name or an address of the only interface to search on; default: all but loopback. */
  readonly interface?: string | undefined;
  /** The UDP port to search from; default 0, the system's choice. */
  readonly localPort?: number | undefined;
  /** The multicast TTL, 0..255; default 2 (UDA 1.1, 1.3.2). */
  readonly ttl?: number | undefined;
  /** What else than a near host's own address a LOCATION may name. */
  readonly locations?: Omit<LocationPolicy, 'responder' | 'interfaces'> | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** An answer whose LOCATION may be fetched. */
export interface SearchAnswer extends SearchResponse {
  /** The LOCATION, checked, and repaired where that was allowed. */
  readonly location: string;
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
  /** Answers beyond the limits: 8 locations of one responder, 32 in all. */
  readonly beyondLimits: number;
  /** Answers whose LOCATION must not be fetched. */
  readonly refused: readonly RejectedCandidate[];
}

export type SearchError = InvalidArgumentError | TransportError;

/**
 * Searches and hands over each answer as it comes: every pair of location and search target once.
 *
 * @param enough - ends the search early, with success
 */
export function search(
  transport: Transport,
  options: SearchOptions,
  onAnswer: (answer: SearchAnswer) => void,
  enough?: AbortSignalLike,
): ResultAsync<SearchReport, SearchError> {
  return safeTry<SearchReport, SearchError>(async function* () {
    const { clock } = transport;
    const { timeoutMs = 2000, families = ['ipv4'], signal } = options;
    yield* checkOptions(options);
    const started = clock.now();
    const [listed, router] = await Promise.all([transport.interfaces.list(), defaultGateway(transport)]);
    const interfaces = yield* listed;
    const sockets = yield* await openSearchSockets(transport, interfaces, families, options);

    const over = createAbort(signal);
    const stop = (): void => {
      over.abort();
    };
    if (enough?.aborted === true) stop();
    enough?.addEventListener('abort', stop);

    const intake = createIntake({ interfaces, router, locations: options.locations ?? {} }, onAnswer);
    const receiving = Promise.all(sockets.map(({ socket }) => receive(socket, intake)));
    const sending = sendAll(transport, scheduleOf(sockets, router, options), started, over.signal);
    await clock.sleep(timeoutMs - (clock.now() - started), over.signal);
    over.abort();
    over.release();
    enough?.removeEventListener('abort', stop);
    const sent = await sending;
    await Promise.all(sockets.map(({ socket }) => socket.close()));
    await receiving;

    if (signal?.aborted === true) return err(aborted('the search'));
    if (sent.succeeded === 0 && sent.failure !== undefined) return err(sent.failure);
    return ok(intake.report());
  });
}

function checkOptions({
  timeoutMs = 2000,
  ttl = 2,
  localPort = 0,
  targets = [],
}: SearchOptions): Result<unknown, InvalidArgumentError> {
  return checkWhole('timeoutMs', timeoutMs, 0, 3_600_000)
    .andThen(() => checkWhole('ttl', ttl, 0, 255))
    .andThen(() => checkWhole('localPort', localPort, 0, 65_535))
    .andThen(() =>
      Result.combine(targets.map((target) => encodeMSearch({ host: null, target, mx: 1, userAgent: null }))),
    );
}

/** Null as well where the adapter can't know or fails: it is a preference, nothing depends on it. */
async function defaultGateway({ interfaces }: Transport): Promise<string | null> {
  return (await interfaces.defaultGateway?.())?.unwrapOr(null) ?? null;
}

interface Sending extends ScheduledSearch {
  readonly from: SearchSocket;
}

function scheduleOf(
  sockets: readonly SearchSocket[],
  router: string | null,
  options: SearchOptions,
): readonly Sending[] {
  const { timeoutMs = 2000, targets, families = ['ipv4'] } = options;
  return sockets
    .flatMap((from) =>
      searchSchedule({
        timeoutMs,
        family: from.family,
        targets,
        unicast: router !== null && from.reaches(router) ? [router] : [],
        besideIpv4: from.family === 'ipv6' && families.includes('ipv4'),
      }).map((step) => ({ ...step, from })),
    )
    .sort((one, other) => one.atMs - other.atMs);
}

async function sendAll(
  { clock }: Transport,
  schedule: readonly Sending[],
  started: number,
  over: AbortSignalLike,
): Promise<{ readonly succeeded: number; readonly failure?: TransportError }> {
  let succeeded = 0;
  let failure: TransportError | undefined;
  for (const { atMs, target, to, mx, from } of schedule) {
    const wait = started + atMs - clock.now();
    if (wait > 0) await clock.sleep(wait, over);
    if (over.aborted) break;
    const datagram = encodeMSearch({ host: to, target, mx, userAgent: null });
    if (datagram.isErr()) continue;
    const sent = await from.socket.send(datagram.value, to);
    if (sent.isOk()) succeeded += 1;
    else failure ??= sent.error;
  }
  return failure === undefined ? { succeeded } : { succeeded, failure };
}

async function receive(socket: DatagramSocket, intake: Intake): Promise<void> {
  for await (const datagram of socket.datagrams) intake.take(datagram);
}
