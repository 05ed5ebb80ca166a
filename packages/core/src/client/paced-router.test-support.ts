import { err, ok, ResultAsync, type Result } from '../result.ts';
import type { TransportError } from '../errors.ts';
import type { HttpResponse } from '../messages.ts';
import type { Transport } from '../ports.ts';

/** How a router turns down a connection that comes too soon. */
export type TurnDown = 'reset' | 'truncated' | 'refused' | '500' | '503';

export interface SentRequest {
  readonly atMs: number;
  /** The action, or the method of any other request. */
  readonly what: string;
  readonly isServed: boolean;
}

/**
 * A transport to a router that turns down each connection within `gapMs` of the last one, as
 * go-ethereum's maintainers and others have met.
 *
 * @param sent - takes down each request
 */
export function paced(transport: Transport, gapMs: number, how: TurnDown, sent: SentRequest[] = []): Transport {
  const { clock, http } = transport;
  let last = -Infinity;
  return {
    ...transport,
    http: {
      request: (request, options) => {
        const isServed = clock.now() - last >= gapMs;
        last = clock.now();
        const action = request.headers.find(([name]) => name === 'SOAPAction')?.[1].replace(/.*#|"/g, '');
        sent.push({ atMs: last, what: action ?? request.method, isServed });
        return isServed ? http.request(request, options) : new ResultAsync(turnDown(transport, how));
      },
    },
  };
}

async function turnDown({ clock }: Transport, how: TurnDown): Promise<Result<HttpResponse, TransportError>> {
  await clock.sleep(1);
  if (how === '500' || how === '503') return ok({ status: Number(how), headers: [], body: new Uint8Array() });
  return err({ kind: 'transport', code: how, message: `the connection was ${how}` });
}
