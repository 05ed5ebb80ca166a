import type { ResultAsync } from '../result.ts';
import { checkArguments, TEXT, A_TRANSPORT, OPTIONS } from '../arguments.ts';
import { decodeDeviceDescription, type DeviceDescription } from '../description/device-description.ts';
import { MAX_DESCRIPTION_BYTES } from '../description/parse-description.ts';
import type { MalformedError } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { createQueue, deadlineFor, type Queue } from './queue.ts';
import { fetchDocument, type FetchError, type FetchOptions } from './fetch-document.ts';

export type DescribeError = FetchError | MalformedError;

/** A device description, and the local address that it was fetched from. */
export interface FetchedDescription {
  readonly description: DeviceDescription;
  readonly localAddress: string | null;
  /** The queue of the device's requests: the description was fetched through it. */
  readonly queue?: Queue | undefined;
}

/**
 * Fetches and reads the device description at a URL that has been checked.
 *
 * @param known - `named`: the LOCATION as the device sent it, if it names another host; default: none. `queue`: the device's
 *   queue of requests; default: a new one
 */
export function fetchDescription(
  transport: Transport,
  location: string,
  options: FetchOptions = {},
  known: { readonly named?: string | undefined; readonly queue?: Queue | undefined } = {},
): ResultAsync<FetchedDescription, DescribeError> {
  return checkArguments(
    ['transport', transport, A_TRANSPORT],
    ['location', location, TEXT],
    ['options', options, OPTIONS],
  ).asyncAndThen(() => {
    // A longer deadline applies to all later requests to the device, too.
    const { named, queue = createQueue(deadlineFor(options.deadlineMs)) } = known;
    const limits = { ...options, maxBodyBytes: MAX_DESCRIPTION_BYTES.root };
    return fetchDocument(transport, location, limits, queue).andThen(({ url, body, localAddress }) =>
      decodeDeviceDescription(body, url, named).map((description) => ({ description, localAddress, queue })),
    );
  });
}
