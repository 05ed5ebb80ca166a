import { err, ok, safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, TEXT, A_TRANSPORT, OPTIONS } from '../arguments.ts';
import { checkGatewayUrl } from '../description/location-policy.ts';
import type { NoGatewayError } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { aborted } from '../abort.ts';
import type { ConnectionState } from './connection-state.ts';
import { fetchDescription, type DescribeError } from './fetch-description.ts';
import type { FetchOptions } from './fetch-document.ts';
import { gatewayWarnings } from './gateway-warnings.ts';
import { chooseGateway, probeDevice, type FoundGateway } from './select-gateway.ts';

export interface GatewayAtOptions extends FetchOptions {
  /** Let the URL's host be a name; default: an address only, so that nobody's DNS decides where this goes. */
  readonly allowHostName?: boolean | undefined;
}

export type GatewayAtError = DescribeError | NoGatewayError;

/**
 * The gateway whose device description stands at a URL, without a search: for networks that pass no multicast, and for
 * gateways that are known. As in a search, it needs a connection service at which somebody listens, and no state:
 * `state.errors` has what it answered instead.
 */
export function gatewayAt(
  transport: Transport,
  url: string,
  options: GatewayAtOptions = {},
): ResultAsync<FoundGateway, GatewayAtError> {
  return safeTry<FoundGateway, GatewayAtError>(async function* () {
    yield* checkArguments(['transport', transport, A_TRANSPORT], ['url', url, TEXT], ['options', options, OPTIONS]);
    const location = yield* checkGatewayUrl(url, options);
    const fetched = yield* fetchDescription(transport, location, options);
    const inspection = await probeDevice(transport, fetched, options);
    if (options.signal?.aborted === true) return err(aborted(location));
    const { gateway, state, rejected } = yield* chooseGateway(inspection, null);
    // Nothing was trusted unasked.
    return ok({ gateway, state: state as ConnectionState, rejected, warnings: await gatewayWarnings(gateway) });
  });
}
