import { ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import type { CallOptions } from '../client/service-client.ts';
import type { Transport } from '../ports.ts';

/**
 * A gateway's transport, whose requests wait for its calls, and its calls for them.
 *
 * @param limits - of work that has to end by a certain time, the wait included
 */
export function inTurn({ transport, queue }: Gateway, limits: CallOptions = {}): Transport {
  const { http } = transport;
  return {
    ...transport,
    http: {
      request: (request, options) =>
        new ResultAsync(
          queue(async () => {
            const deadlineMs = Math.min(options.deadlineMs, limits.deadlineMs ?? Infinity);
            return http.request(request, { ...options, deadlineMs });
          }),
        ),
    },
  };
}
