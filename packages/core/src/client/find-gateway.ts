import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { NoGatewayError, RejectedCandidate } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { createAbort } from './abort.ts';
import type { ConnectionState } from './connection-state.ts';
import { fetchDescription } from './fetch-description.ts';
import type { Gateway } from './gateway.ts';
import { rejected } from './rejected.ts';
import { search, type SearchAnswer, type SearchError, type SearchOptions } from './search.ts';
import { bestOf, inspectDevice, passedOver, type Candidate } from './select-gateway.ts';

export interface FindGatewayOptions extends SearchOptions {
  /**
   * Milliseconds to wait for a better gateway once a connected one has been validated; default 100. There is no wait
   * for one that is this system's default router and has a public address: nothing better can come.
   */
  readonly graceMs?: number | undefined;
}

/** The gateway that was chosen, and what else there was. */
export interface FoundGateway {
  readonly gateway: Gateway;
  readonly state: ConnectionState;
  readonly turnedDown: readonly RejectedCandidate[];
}

export type FindGatewayError = SearchError | NoGatewayError;

/**
 * Finds the gateway to use: connected with a public address before connected before any other that answers.
 *
 * It returns as soon as a connected gateway has had its grace period; a search to its end is what it costs to learn that
 * there is none.
 */
export function findGateway(
  transport: Transport,
  options: FindGatewayOptions = {},
): ResultAsync<FoundGateway, FindGatewayError> {
  const { graceMs = 100, ...searchOptions } = options;
  return safeTry<FoundGateway, FindGatewayError>(async function* () {
    const candidates: Candidate[] = [];
    const turnedDown: RejectedCandidate[] = [];
    /** Devices that are being asked, by location. */
    const pending = new Map<string, Promise<void>>();
    const asked = new Set<string>();
    const enough = createAbort(options.signal);
    const stop = { signal: enough.signal };
    const isOver = (): boolean => enough.signal.aborted;
    let searching = true;

    async function waitForBetter(): Promise<void> {
      await transport.clock.sleep(graceMs, enough.signal);
      enough.abort();
    }

    async function inspect({ location, isDefaultGateway }: SearchAnswer): Promise<void> {
      const fetched = await fetchDescription(transport, location, stop);
      if (isOver()) return;
      if (fetched.isErr()) {
        pending.delete(location);
        turnedDown.push(rejected(location, fetched.error));
        return;
      }
      const { best, turnedDown: lesser } = await inspectDevice(transport, fetched.value, stop);
      if (isOver()) return;
      pending.delete(location);
      turnedDown.push(...lesser);
      if (best === null) return;
      candidates.push(best);
      if (best.rank === 0 && isDefaultGateway) enough.abort();
      else if (best.rank < 2 || !searching) await waitForBetter();
    }

    const searched = await search(
      transport,
      searchOptions,
      (answer) => {
        if (asked.has(answer.location)) return;
        asked.add(answer.location);
        pending.set(answer.location, inspect(answer));
      },
      enough.signal,
    );
    searching = false;
    const outstanding = Promise.all(pending.values());
    // A dead responder is not waited for once there is a gateway to use.
    if (candidates.length > 0) await waitForBetter();
    await outstanding;
    enough.abort();
    const { received, refused } = yield* searched;
    turnedDown.push(...refused);
    for (const location of pending.keys()) {
      turnedDown.push({ location, name: null, reason: 'not heard to the end: a gateway had been found by then' });
    }
    const best = bestOf(candidates);
    if (best === null) return err(noGateway(received, turnedDown));
    const others = candidates.filter((candidate) => candidate !== best).map((candidate) => passedOver(candidate));
    return ok({ gateway: best.gateway, state: best.state, turnedDown: [...turnedDown, ...others] });
  });
}

/** The error of a search that found nothing to use. */
export function noGateway(answers: number, candidates: readonly RejectedCandidate[]): NoGatewayError {
  const silent = answers === 0;
  return {
    kind: 'no-gateway',
    code: silent ? 'no-answer' : 'none-usable',
    message: silent ? 'no device answered the search' : 'no device that answered can map ports',
    candidates,
    hint: `Switch on UPnP in the router's settings${silent ? ", and let this computer's firewall pass answers from UDP port 1900. A guest network or a VPN hides the router" : ' (it may be called IGD)'}.`,
  };
}
