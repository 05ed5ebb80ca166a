import type { ResultAsync } from '../result.ts';
import { checkArguments, TEXT, A_TRANSPORT, OPTIONS } from '../arguments.ts';
import { decodeDeviceDescription, type DeviceDescription } from '../description/device-description.ts';
import { hostIn, movedToHost, withHost } from '../description/move-host.ts';
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
  /** Through which it was fetched, and its device's next requests should go. */
  readonly queue?: Queue | undefined;
}

/**
 * Fetches and reads the device description at a URL that has been checked.
 *
 * @param named - the same URL as the device named it, if that is on another host than it was asked at
 */
export function fetchDescription(
  transport: Transport,
  location: string,
  options: FetchOptions = {},
  named: string = location,
): ResultAsync<FetchedDescription, DescribeError> {
  return checkArguments(
    ['transport', transport, A_TRANSPORT],
    ['location', location, TEXT],
    ['options', options, OPTIONS],
  )
    .asyncAndThen(() => {
      // A longer deadline is that of all later requests to the device, too.
      const queue = createQueue(deadlineFor(options.deadlineMs));
      const limits = { ...options, maxBodyBytes: MAX_DESCRIPTION_BYTES.root };
      return fetchDocument(transport, location, limits, queue).map((document) => ({ ...document, queue }));
    })
    .andThen(({ url, body, localAddress, queue }) =>
      decodeDeviceDescription(body, withHost(url, hostIn(named))).map((decoded) => ({
        description: movedToHost(decoded, url),
        localAddress,
        queue,
      })),
    );
}
