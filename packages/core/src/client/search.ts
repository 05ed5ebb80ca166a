/** The search itself: sockets, the schedule, and what comes back. What the answers are worth is for its callers. */
import { err, ok, safeTry, type Result, type ResultAsync } from '../result.ts';
import type { LateAnswer, SearchedInterface, TransportError } from '../errors.ts';
import { checkWhole } from '../invalid-argument.ts';
import type { AbortSignalLike, DatagramSocket, InterfaceAddress, Transport } from '../ports.ts';
import { encodeMSearch } from '../ssdp/encode-m-search.ts';
import { DEFAULT_TIMEOUT_MS, searchSchedule } from '../ssdp/search-schedule.ts';
import { GATEWAY_SEARCH_TARGETS } from '../ssdp/search-targets.ts';
import { aborted, createAbort } from '../abort.ts';
import { ipv4DefaultRouter } from './default-router.ts';
import { readSystem, searchFacts } from './search-facts.ts';
import { createResponseCollector, type ResponseCollector } from './response-collector.ts';
import { hearAnnouncements } from './search-announcements.ts';
import { SearchSockets, type SearchSocket } from './search-sockets.ts';
import type { SearchAnswer, SearchError, SearchOptions, SearchReport } from './search-types.ts';
import { successesOf } from './successes.ts';

/** An honest answer to the last of the searches comes within this time, even of a router that is slow. */
export const LATE_MS = 1000;

/** An honest router with several devices, such as a FRITZ!Box, names about five. */
const MAX_LOCATIONS_OF_ROUTER = 8;

/**
 * From one look at this host's interfaces to the next. An interface that comes up meanwhile is searched on for the rest of
 * the time: systems list it up to a second late.
 */
const LOOK_MS = 250;

/**
 * Searches and hands over each answer as it comes: every pair of location and search target once.
 *
 * @param over - ends the search early; with success, unless it is the caller's own signal that has aborted
 * @param isInVain - whether nothing that is of use has been found so far: late answers are then listened for
 */
export function search(
  transport: Transport,
  options: SearchOptions,
  onAnswer: (answer: SearchAnswer) => void,
  over: AbortSignalLike | undefined = options.signal,
  isInVain: () => boolean = () => false,
): ResultAsync<SearchReport, SearchError> {
  const {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    lateMs = 0,
    families = ['ipv4'],
    localPort = 0,
    ttl = 2,
    targets = GATEWAY_SEARCH_TARGETS,
  } = options;
  const { clock, interfaces } = transport;
  const started = clock.now();
  /** This host's interfaces, and its default router, at the last look. */
  let near: readonly InterfaceAddress[] = [];
  let router: string | null = null;
  /** Search targets that the default router has answered, over IPv4: to ask it again would only keep it busy. */
  const answered = new Set<string>();
  const asked = new Set<string>();
  const locationsOfRouter = new Set<string>();

  async function look(): Promise<Result<void, TransportError>> {
    const [listed, defaultRouter] = await Promise.all([interfaces.list(), ipv4DefaultRouter(transport)]);
    if (listed.isErr()) return err(listed.error);
    near = listed.value;
    // A preference: nothing depends on it.
    router = defaultRouter;
    return ok(undefined);
  }

  /** When the search ends: an interface that comes up at the end of it has `lateMs` for an answer, while there is none. */
  let endsAt = timeoutMs;

  /** Asked anew after each wait. */
  function isOver(): boolean {
    return over?.aborted === true || clock.now() - started >= endsAt;
  }

  async function sleepUntil(ms: number): Promise<void> {
    const wait = started + ms - clock.now();
    if (wait > 0) await clock.sleep(wait, over);
  }

  /** @param fromMs - when the socket's share of the search begins */
  async function sendAll(
    { socket, family, reaches, isThere }: SearchSocket,
    fromMs: number,
  ): Promise<Result<unknown, SearchError>> {
    const unicast = router !== null && reaches(router) ? [router] : [];
    const besideIpv4 = family === 'ipv6' && families.includes('ipv4');
    const schedule = searchSchedule({ timeoutMs: endsAt - fromMs, family, targets, unicast, besideIpv4 });
    const sent: Result<void, SearchError>[] = [];
    for (const { atMs, target, mx, to } of schedule) {
      await sleepUntil(fromMs + atMs);
      if (over?.aborted === true || !isThere()) break;
      // Of many answers some are forged, and the router's own may have been lost.
      const isAnswered = answered.has(target) && locationsOfRouter.size <= MAX_LOCATIONS_OF_ROUTER;
      if (isAnswered && !to.address.includes(':')) continue;
      asked.add(target);
      const datagram = encodeMSearch({ host: to, target, mx, userAgent: null });
      sent.push(await datagram.asyncAndThen((payload) => socket.send(payload, to)));
    }
    return successesOf(sent);
  }

  async function listenOn(intake: ResponseCollector): Promise<readonly LateAnswer[]> {
    const late: LateAnswer[] = [];
    const ended = clock.now();
    const heard = createAbort(over);
    intake.endTime((answer) => {
      late.push({ ...answer, afterMs: Math.round(clock.now() - ended) });
      heard.abort();
    });
    await clock.sleep(timeoutMs + lateMs - endsAt, heard.signal);
    heard.abort();
    return late;
  }

  return safeTry<SearchReport, SearchError>(async function* () {
    yield* checkWhole('timeoutMs', timeoutMs, 0, 3_600_000);
    yield* checkWhole('lateMs', lateMs, 0, 3_600_000);
    yield* checkWhole('ttl', ttl, 0, 255);
    yield* checkWhole('localPort', localPort, 0, 65_535);
    for (const target of targets) yield* encodeMSearch({ host: null, target, mx: 1, userAgent: null });

    yield* await look();
    const policy = {
      ...options.locations,
      rewriteToResponder: options.locations?.rewriteToResponder ?? true,
      get interfaces() {
        return near;
      },
      get defaultRouter() {
        return router;
      },
    };
    const intake = createResponseCollector(policy, targets, (answer) => {
      if (answer.isDefaultGateway) {
        // An answer to what was not asked is forged, and must not keep others from being asked.
        if (asked.has(answer.target)) answered.add(answer.target);
        locationsOfRouter.add(answer.location);
      }
      onAnswer(answer);
    });
    const ended = createAbort();
    const sockets = new SearchSockets(transport, families, options.interface ?? '', { localPort, ttl });
    const receiving: Promise<void>[] = [];
    const sending: Promise<Result<unknown, SearchError>>[] = [];
    const searched: SearchedInterface[] = [];
    const begin = (opened: readonly SearchSocket[], fromMs: number): void => {
      if (fromMs > 0 && opened.length > 0 && isInVain())
        endsAt = Math.max(endsAt, Math.min(fromMs, timeoutMs) + lateMs);
      searched.push(
        ...opened.map(({ family, on }) => ({ family, name: on?.name ?? null, address: on?.address ?? null })),
      );
      receiving.push(...opened.map(({ socket }) => receive(socket, intake)));
      receiving.push(...opened.map((one) => hearAnnouncements(transport, one, intake.takeAnnouncement, ended.signal)));
      sending.push(...opened.map((one) => sendAll(one, fromMs)));
    };

    const first = await sockets.update(near);
    // An interface that has gone since it was listed is no reason to give up: it, or another, may come.
    if (first.isErr() && first.error.code !== 'no-such-interface') return err(first.error);
    begin(first.unwrapOr([]), 0);
    while (!isOver()) {
      await sleepUntil(Math.min(clock.now() - started + LOOK_MS, endsAt));
      intake.releaseHeld();
      if ((isOver() && (over?.aborted === true || !isInVain())) || (await look()).isErr()) continue;
      begin((await sockets.update(near)).unwrapOr([]), clock.now() - started);
    }
    const sent = await Promise.all(sending);
    const outcome = successesOf(sent);
    const isHeard = sent.length > 0 && outcome.isOk() && over?.aborted !== true;
    const late = isHeard && isInVain() ? await listenOn(intake) : [];
    ended.abort();
    await sockets.close();
    await Promise.all(receiving);

    if (options.signal?.aborted === true) return err(aborted('the search'));
    const missing = sockets.missing();
    if (missing !== null && (sent.length === 0 || outcome.isErr())) return err(missing);
    const report = intake.report();
    // Whoever has been found is not kept waiting for what is of use to a diagnosis alone.
    const isSilent = report.received === 0 && over?.aborted !== true;
    const system = isSilent ? await readSystem(transport) : { listed: near, defaultRouter: router, unconnected: [] };
    const facts = searchFacts(options, { interfaces: searched, late }, system);
    return outcome.map(() => ({ ...report, search: facts }));
  });
}

async function receive(socket: DatagramSocket, intake: ResponseCollector): Promise<void> {
  for await (const datagram of socket.datagrams) intake.take(datagram);
}
