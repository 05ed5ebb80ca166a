import { err, ResultAsync, type Result } from '../../result.ts';
import { aborted } from '../../abort.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../client/service-client.ts';
import type { TransportError } from '../../errors.ts';
import type { HttpResponse } from '../../messages.ts';
import type { Transport } from '../../ports.ts';

/**
 * The gateway's transport, with every HTTP request in the gateway's queue. Cheap routers fail on two requests at once.
 *
 * @param limits - read when the request's turn comes, so that the wait counts
 */
export function serializeRequests({ transport, queue }: Gateway, limits: CallOptions = {}): Transport {
  const { http } = transport;
  return {
    ...transport,
    http: {
      request: (request, options) =>
        new ResultAsync(
          queue<Result<HttpResponse, TransportError>>(async () => {
            // The wait may have used up the time that is shared with other requests.
            if (limits.signal?.aborted === true) return err(aborted(request.url));
            const deadlineMs = Math.min(options.deadlineMs, limits.deadlineMs ?? Infinity);
            return http.request(request, { ...options, deadlineMs });
          }),
        ),
    },
  };
}
