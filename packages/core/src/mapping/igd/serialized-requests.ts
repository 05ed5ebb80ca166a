import { ResultAsync } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../call-options.ts';
import type { Transport } from '../../ports.ts';

/**
 * The gateway's transport, with every HTTP request in the gateway's queue. Cheap routers fail on two requests at once.
 *
 * @param limits - read when the request's turn comes, so that the wait counts
 */
export function serializeRequests({ transport, queue }: Gateway, limits: CallOptions = {}): Transport {
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
