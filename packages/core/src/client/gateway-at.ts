import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import { checkGatewayUrl } from '../description/location-policy.ts';
import type { NoGatewayError } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { fetchDescription, type DescribeError } from './fetch-description.ts';
import type { FetchOptions } from './fetch-document.ts';
import { noGateway, type FoundGateway } from './find-gateway.ts';
import { inspectDevice } from './select-gateway.ts';

export interface GatewayAtOptions extends FetchOptions {
  /** Let the URL's host be a name; default: an address only, so that nobody's DNS decides where this goes. */
  readonly allowHostName?: boolean | undefined;
}

export type GatewayAtError = DescribeError | NoGatewayError;

/**
 * The gateway whose device description stands at a URL, without a search: for networks that pass no multicast, and for
 * gateways that are known.
 */
export function gatewayAt(
  transport: Transport,
  url: string,
  { allowHostName = false, ...options }: GatewayAtOptions = {},
): ResultAsync<FoundGateway, GatewayAtError> {
  return safeTry<FoundGateway, GatewayAtError>(async function* () {
    const location = yield* checkGatewayUrl(url, { allowHostName });
    const fetched = yield* fetchDescription(transport, location, options);
    const { best, turnedDown } = await inspectDevice(transport, fetched, options);
    if (best === null) return err(noGateway(1, turnedDown));
    return ok({ gateway: best.gateway, state: best.state, turnedDown });
  });
}
