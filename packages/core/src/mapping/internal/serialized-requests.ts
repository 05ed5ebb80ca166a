import { ResultAsync } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../client/service-client.ts';
import type { Transport } from '../../ports.ts';

/**
 * A gateway's transport, whose requests wait for its calls, and its calls for them.
 *
 * @param limits - of work that has to end by a certain time, the wait included
 */
export function inTurn({ transport, queue }: Gateway, limits: CallOptions = {}): Transport {
  const { http, clock } = transport;
  return {
    ...transport,
    http: {
      request: (request, options) =>
        new ResultAsync(
          queue({
            url: request.url,
            name: `${request.method} ${request.url}`,
            // Whoever fetches a document repeats it.
            isRead: false,
            clock,
            limits,
            send: () => {
              const deadlineMs = Math.min(options.deadlineMs, limits.deadlineMs ?? Infinity);
              return http.request(request, { ...options, deadlineMs });
            },
          }),
        ),
    },
  };
}
