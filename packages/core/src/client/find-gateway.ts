import { ok, safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, OPTIONS, A_TRANSPORT } from '../arguments.ts';
import type { NoGatewayError, RejectedCandidate } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { Transport } from '../ports.ts';
import { createAbort } from '../abort.ts';
import type { ConnectionState } from './connection-state.ts';
import { createDescriptionQueue } from './description-queue.ts';
import { gatewayWarnings } from './gateway-warnings.ts';
import { explainSearchFailure } from './no-gateway.ts';
import { DEFAULT_TIMEOUT_MS } from '../ssdp/search-schedule.ts';
import { deadlineFor } from './queue.ts';
import { withoutDescription } from './rejected-candidate.ts';
import { LATE_MS, search } from './search.ts';
import type { SearchAnswer, SearchError, SearchOptions } from './search-types.ts';
import { bestOf, chooseGateway, probeDevice, usableOf, type Candidate, type FoundGateway } from './select-gateway.ts';

export interface FindGatewayOptions extends SearchOptions {
  /**
   * Milliseconds for each description, and for each request for a state. Default: 8000, or `timeoutMs` if it is more. It is
   * also the default of calls to the gateway that is found.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Milliseconds to wait for a better gateway once a connected one has been validated that has a public address or is
   * this system's default router; default 100. There is no wait for one that is both: nothing better can come. For any
   * other one, the search goes on until routers have had the time to answer (MX), about 1500 ms from its start.
   */
  readonly graceMs?: number | undefined;
  /**
   * Take this system's default router as soon as it has described itself with one connection service, without asking for
   * its state: two requests less, and `state` is null then. Default: false. Any other gateway is asked as ever.
   */
  readonly trustDefaultRouter?: boolean | undefined;
  /**
   * Prefer a gateway that is reached over this family, however good another one is, and wait a second for it. Default:
   * none. IPv6 firewalls want to be asked over IPv6 (WANIPv6FirewallControl:1, 2.6.2), and some routers answer searches
   * over IPv4 alone.
   */
  readonly preferFamily?: AddressFamily | undefined;
}

/** An answer over the other family comes within MX, which is a second at first. */
const OTHER_FAMILY_MS = 1000;
/** From the start of a search. The first round of every target follows after 250 ms, and asks for answers within a second. */
const FIRST_ANSWERS_MS = 1500;
/** For the default router, which has answered the search: a slow one is worth more than another that is fast. */
const ROUTER_MS = 3000;

export type FindGatewayError = SearchError | NoGatewayError;

/**
 * Finds the gateway to use: connected with a public address before connected before any other that answers.
 *
 * A repeater may say that it is connected, too: one without a public address does not end the search, unless it is the
 * default router. Of several that are equal, the default router is taken; any other one gets a warning.
 */
export function findGateway(
  transport: Transport,
  options?: FindGatewayOptions & { readonly trustDefaultRouter?: false | undefined },
): ResultAsync<FoundGateway, FindGatewayError>;
export function findGateway(
  transport: Transport,
  options: FindGatewayOptions,
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError>;
export function findGateway(
  transport: Transport,
  options: FindGatewayOptions = {},
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return safeTry<FoundGateway<ConnectionState | null>, FindGatewayError>(async function* () {
    yield* checkArguments(['transport', transport, A_TRANSPORT], ['options', options, OPTIONS]);
    const { graceMs = 100, trustDefaultRouter = false, preferFamily } = options;
    const { deadlineMs = deadlineFor(options.timeoutMs) } = options;
    const candidates: Candidate[] = [];
    const rejected: RejectedCandidate[] = [];
    const inspections = new Map<string, Promise<void>>();
    const enough = createAbort(options.signal);
    const stop = { deadlineMs, signal: enough.signal };
    const fetchInTurn = createDescriptionQueue(transport, stop);
    const { clock } = transport;
    const started = clock.now();
    /** What the default router has answered, until it is examined. */
    const ofRouter: Promise<unknown>[] = [];
    const isTimeUp = (): boolean => clock.now() - started >= (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);

    async function waitForBetter(ms = graceMs): Promise<void> {
      await clock.sleep(ms, enough.signal);
      if (bestOf(candidates)?.isDefaultRouter !== true) {
        await Promise.race([
          Promise.all(ofRouter),
          clock.sleep(Math.max(ROUTER_MS, options.timeoutMs ?? 0), enough.signal),
        ]);
      }
      enough.abort();
    }

    /** How long to wait for a better one than a connected gateway. */
    function graceFor({ rank, isDefaultRouter, isPreferred }: Candidate): number {
      if (preferFamily !== undefined && isPreferred !== true) return OTHER_FAMILY_MS;
      if (rank === 0 || isDefaultRouter === true || isTimeUp()) return graceMs;
      return Math.max(graceMs, started + FIRST_ANSWERS_MS - clock.now());
    }

    /** @returns the best connection of the device that answered */
    async function examine(answer: SearchAnswer): Promise<Candidate | undefined> {
      const { location, from, isDefaultGateway } = answer;
      const inspected = await fetchInTurn(answer).map((fetched) =>
        probeDevice(transport, fetched, stop, trustDefaultRouter && isDefaultGateway),
      );
      if (enough.signal.aborted) {
        rejected.push({ code: 'worse', location, from, name: null, reason: 'another was found' });
        return undefined;
      }
      if (inspected.isErr()) {
        rejected.push(withoutDescription(answer, inspected.error));
        return undefined;
      }
      rejected.push(...inspected.value.rejected.map((one) => ({ ...one, from })));
      const isPreferred = preferFamily === (location.includes('[') ? 'ipv6' : 'ipv4');
      const known = { from, isPreferred, isDefaultRouter: isDefaultGateway };
      const usable = inspected.value.candidates.map((one) => ({ ...one, ...known }));
      candidates.push(...usable);
      return bestOf(usable);
    }

    async function inspect(answer: SearchAnswer): Promise<void> {
      const examined = examine(answer);
      if (answer.isDefaultGateway) ofRouter.push(examined);
      const best = await examined;
      if (best === undefined) return;
      const isFinal = best.isDefaultRouter === true && (preferFamily === undefined || best.isPreferred === true);
      if (best.rank === 0 && isFinal) enough.abort();
      else if (best.rank < 2 || isTimeUp()) await waitForBetter(graceFor(best));
    }

    const searched = await search(
      transport,
      { lateMs: LATE_MS, ...options },
      (answer) => {
        if (!inspections.has(answer.location)) inspections.set(answer.location, inspect(answer));
      },
      enough.signal,
      () => usableOf(candidates) === undefined,
    );
    // A dead responder is not waited for once there is a gateway to use.
    if (usableOf(candidates) !== undefined) await waitForBetter();
    await Promise.all(inspections.values());
    enough.abort();
    if (searched.isErr()) return explainSearchFailure(transport, options, searched.error);
    const { refused, search: facts } = searched.value;
    const chosen = yield* chooseGateway({ candidates, rejected: [...rejected, ...refused] }, facts);
    const isRouter = usableOf(candidates)?.isDefaultRouter === true;
    return ok({ ...chosen, warnings: await gatewayWarnings(chosen.gateway, isRouter) });
  });
}
