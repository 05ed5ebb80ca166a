import { safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, OPTIONS, A_TRANSPORT } from '../arguments.ts';
import type { NoGatewayError, RejectedCandidate } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { Transport } from '../ports.ts';
import { createAbort } from '../abort.ts';
import type { ConnectionState } from './connection-state.ts';
import { fetchDescription } from './fetch-description.ts';
import { explainSearchFailure } from './no-gateway.ts';
import { rejected } from './rejected.ts';
import { LATE_MS, search } from './search.ts';
import type { SearchAnswer, SearchError, SearchOptions } from './search-types.ts';
import { bestOf, chooseGateway, inspectDevice, type Candidate, type FoundGateway } from './select-gateway.ts';

export interface FindGatewayOptions extends SearchOptions {
  /**
   * Milliseconds to wait for a better gateway once a connected one has been validated; default 100. There is no wait
   * for one that is this system's default router and has a public address: nothing better can come.
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

export type FindGatewayError = SearchError | NoGatewayError;

/**
 * Finds the gateway to use: connected with a public address before connected before any other that answers.
 *
 * It returns as soon as a connected gateway has had its grace period; a search to its end is what it costs to learn that
 * there is none.
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
    const candidates: Candidate[] = [];
    const turnedDown: RejectedCandidate[] = [];
    const inspections = new Map<string, Promise<void>>();
    const enough = createAbort(options.signal);
    const stop = { signal: enough.signal };
    let searching = true;

    async function waitForBetter(ms = graceMs): Promise<void> {
      await transport.clock.sleep(ms, enough.signal);
      enough.abort();
    }

    async function inspect({ location, from, isDefaultGateway }: SearchAnswer): Promise<void> {
      const inspected = await fetchDescription(transport, location, stop).map((fetched) =>
        inspectDevice(transport, fetched, stop, trustDefaultRouter && isDefaultGateway),
      );
      if (enough.signal.aborted) {
        turnedDown.push({ code: 'worse', location, from, name: null, reason: 'another was found' });
      } else if (inspected.isErr()) {
        turnedDown.push(rejected('no-description', from, location, inspected.error));
      } else {
        turnedDown.push(...inspected.value.turnedDown.map((one) => ({ ...one, from })));
        const isPreferred = preferFamily === (location.includes('[') ? 'ipv6' : 'ipv4');
        candidates.push(...inspected.value.candidates.map((one) => ({ ...one, from, isPreferred })));
        const best = bestOf(inspected.value.candidates);
        const isFinal = preferFamily === undefined ? isDefaultGateway : isPreferred && isDefaultGateway;
        if (best?.rank === 0 && isFinal) enough.abort();
        else if (best !== undefined && (best.rank < 2 || !searching)) {
          await waitForBetter(preferFamily === undefined || isPreferred ? graceMs : OTHER_FAMILY_MS);
        }
      }
    }

    const searched = await search(
      transport,
      { lateMs: LATE_MS, ...options },
      (answer) => {
        if (!inspections.has(answer.location)) inspections.set(answer.location, inspect(answer));
      },
      enough.signal,
      () => {
        searching = false;
        return bestOf(candidates) === undefined;
      },
    );
    searching = false;
    // A dead responder is not waited for once there is a gateway to use.
    if (bestOf(candidates) !== undefined) await waitForBetter();
    await Promise.all(inspections.values());
    enough.abort();
    if (searched.isErr()) return explainSearchFailure(transport, options, searched.error);
    const { refused, search: facts } = searched.value;
    return chooseGateway({ candidates, turnedDown: [...turnedDown, ...refused] }, facts);
  });
}
