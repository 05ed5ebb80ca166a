import type { HttpRequest, HttpResponse, Transport } from '@portwright/core';
import type { ResultAsync } from '@portwright/core/result';
import type { Shortfall } from '../shortfall.ts';

/** A host that speaks to the gateway: the one that the suite runs on, or a second client. */
export interface Caller {
  readonly transport: Transport;
  /** Its address, as the gateway sees it. */
  readonly address: string;
}

/** Milliseconds for a request: what UDA 1.0, 3.2.2 allows a device, transmission included. */
const DEADLINE_MS = 30_000;
const MAXIMUM_BODY_BYTES = 1_048_576;

/** Sends a request. No answer is a shortfall: whatever is asked of a gateway, it has to answer. */
export function send(
  { transport, address }: Caller,
  request: HttpRequest,
  signal: AbortSignal | undefined,
): ResultAsync<HttpResponse, Shortfall> {
  const localAddress = request.url.startsWith('http://[') === address.includes(':') ? address : undefined;
  return transport.http
    .request(request, { deadlineMs: DEADLINE_MS, maxBodyBytes: MAXIMUM_BODY_BYTES, localAddress, signal })
    .mapErr(({ code, message }) => ({
      kind: code === 'aborted' ? 'inconclusive' : 'missed',
      expected: `an answer to ${request.method} ${request.url}`,
      actual: `none: ${code} (${message})`,
    }));
}
