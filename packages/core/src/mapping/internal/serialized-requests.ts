import { err, ResultAsync, type Result } from '../../result.ts';
import { aborted } from '../../abort.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallOptions } from '../../client/service-client.ts';
import type { TransportError } from '../../errors.ts';
import type { HttpResponse } from '../../messages.ts';
import type { Transport } from '../../ports.ts';

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
          queue<Result<HttpResponse, TransportError>>(async () => {
            // Only now, as for a call: who shares a time with others has less of it after the wait, or none.
            if (limits.signal?.aborted === true) return err(aborted(request.url));
            const deadlineMs = Math.min(options.deadlineMs, limits.deadlineMs ?? Infinity);
            return http.request(request, { ...options, deadlineMs });
          }),
        ),
    },
  };
}
