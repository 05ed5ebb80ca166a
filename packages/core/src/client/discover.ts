import { ok, safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, OPTIONS, A_TRANSPORT } from '../arguments.ts';
import type { DeviceDescription } from '../description/device-description.ts';
import type { NoGatewayError, RejectedCandidate } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { createDescriptionQueue, type DescriptionQueue } from './description-queue.ts';
import { explainSearchFailure } from './no-gateway.ts';
import { deadlineFor } from './queue.ts';
import { withoutDescription } from './rejected-candidate.ts';
import { search } from './search.ts';
import type { SearchAnswer, SearchError, SearchOptions, SearchReport } from './search-types.ts';

export interface DiscoverOptions extends SearchOptions {
  /**
   * Milliseconds for each description, from its answer on; default 8000, or `timeoutMs` if it is more. Four are fetched at
   * a time.
   */
  readonly deadlineMs?: number | undefined;
}

/** A device that answered and described itself. It need not be a gateway. */
export interface DiscoveredDevice {
  readonly location: string;
  readonly description: DeviceDescription;
  /** The address that its description was fetched from, where the adapter knows it. */
  readonly localAddress: string | null;
  /** One for each search target that it answered to, the first that came first. */
  readonly answers: readonly SearchAnswer[];
}

export interface Discovery {
  /** In the order of their first answers. */
  readonly devices: readonly DiscoveredDevice[];
  /** Who answered and is no device that can be used, and why. */
  readonly rejected: readonly RejectedCandidate[];
  readonly report: SearchReport;
}

/**
 * Searches for as long as it is told to, and returns every device that answered with its description.
 *
 * One dead responder delays nobody: descriptions are fetched as the answers come, each with a deadline of its own.
 */
export function discover(
  transport: Transport,
  options: DiscoverOptions = {},
): ResultAsync<Discovery, SearchError | NoGatewayError> {
  return safeTry<Discovery, SearchError | NoGatewayError>(async function* () {
    yield* checkArguments(['transport', transport, A_TRANSPORT], ['options', options, OPTIONS]);
    const { deadlineMs = deadlineFor(options.timeoutMs), signal } = options;
    const found = new Map<string, { answers: SearchAnswer[]; fetched: ReturnType<DescriptionQueue> }>();
    const fetchInTurn = createDescriptionQueue(transport, { deadlineMs, signal });
    const searched = search(
      transport,
      options,
      (answer) => {
        const { location } = answer;
        const device = found.get(location) ?? { answers: [], fetched: fetchInTurn(answer) };
        device.answers.push(answer);
        found.set(location, device);
      },
      options.signal,
      () => found.size === 0,
    );
    const report = yield* searched.orElse((error) => explainSearchFailure(transport, options, error));
    const devices: DiscoveredDevice[] = [];
    const rejected = [...report.refused];
    for (const [location, { answers, fetched }] of found) {
      (await fetched).match(
        ({ description, localAddress }) => devices.push({ location, answers, description, localAddress }),
        (error) => rejected.push(...answers.slice(0, 1).map((answer) => withoutDescription(answer, error))),
      );
    }
    return ok({ devices, rejected, report });
  });
}
