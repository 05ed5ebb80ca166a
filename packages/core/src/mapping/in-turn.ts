import { ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import type { Transport } from '../ports.ts';

/** A gateway's transport, whose requests wait for its calls, and its calls for them. */
export function inTurn({ transport, queue }: Gateway): Transport {
  const { http } = transport;
  return {
    ...transport,
    http: { request: (request, options) => new ResultAsync(queue(async () => http.request(request, options))) },
  };
}
