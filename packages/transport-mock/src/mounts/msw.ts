/**
 * The simulated gateway as request handlers of msw 2, so that any HTTP client of a program meets it at its own address.
 * msw carries no UDP: discovery needs the memory mount or the one on sockets.
 */
import type { Header, HttpResponse as Answer } from '@portwright/core';
import { http, type HttpHandler, HttpResponse } from 'msw';
import { readHttpUrl } from '../http/http-url.ts';
import { type ClientOptions, clientOn, sourceFor } from '../network/client.ts';
import { canonicalAddress } from '../network/ip-address.ts';
import { durationOf, type HttpOutcome } from '../network/network-host.ts';
import type { MountedGateway } from './mounted-gateway.ts';

export interface GatewayHandlersOptions {
  /** The machine that the requests come from, as the gateway sees it. Default: 192.168.1.2 and fd77::2. */
  readonly client?: ClientOptions | undefined;
}

/**
 * Handlers for all that goes to one of the gateway's addresses, on whatever port: the one on which it listens answers,
 * the others refuse connections. They follow the gateway where it moves, by a reboot for example.
 *
 * A failure of the connection is a network error, the only one that msw has; its code is in `router.exchanges()`. Header
 * names arrive in the spelling and order that Fetch's Headers give them. Delays pass on the router's clock. Events can't
 * be delivered: a subscription is granted, and no NOTIFY comes. msw itself does not see programs that import `request`
 * from node:http by its name, and lets unhandled requests for `.xml` files pass.
 *
 * @example
 * ```ts
 * const router = simulateGateway();
 * const server = setupServer(...gatewayHandlers(router));
 * server.listen({ onUnhandledRequest: 'error' });
 * const description = await fetch(router.descriptionUrl);
 * ```
 */
export function gatewayHandlers(router: MountedGateway, options: GatewayHandlersOptions = {}): HttpHandler[] {
  const { host } = router.machine;
  const client = clientOn(router.network, options.client ?? {});
  const isOurs = (url: string): boolean => {
    const target = readHttpUrl(url);
    if (target === null) return false;
    const wanted = canonicalAddress(target.host);
    return host.addresses.some((address) => canonicalAddress(address) === wanted);
  };
  return [
    http.all(
      ({ request }) => isOurs(request.url),
      async ({ request }) => {
        const { method, url, signal } = request;
        const target = readHttpUrl(url);
        const source = target === null ? null : sourceFor(client, target.host);
        if (target === null || source === null) return HttpResponse.error();
        const body = new Uint8Array(await request.arrayBuffer());
        const outcome = host.http(target.port, { method, url, headers: [...request.headers], body }, source);
        await pass(router.clock, durationOf(outcome), signal);
        return signal.aborted ? HttpResponse.error() : responseOf(outcome);
      },
    ),
  ];
}

/** For ever, if it is to be: the client's own deadline ends it, and not every clock can sleep as long. */
function pass(clock: MountedGateway['clock'], ms: number, signal: AbortSignal): Promise<void> {
  if (ms !== Infinity) return ms > 0 ? clock.sleep(ms, signal) : Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

function responseOf(outcome: HttpOutcome): Response {
  if (outcome.kind === 'failure') return HttpResponse.error();
  const { status, body } = outcome.response;
  return new HttpResponse(body.length === 0 ? null : body.slice().buffer, {
    status,
    headers: headersOf(outcome.response).map(([name, value]): [string, string] => [name, value]),
  });
}

/** The body is a stream here, whose transfer is not ours to frame. */
function headersOf({ headers }: Answer): readonly Header[] {
  const isChunked = headers.some(([name]) => /^transfer-encoding$/i.test(name));
  return isChunked ? headers.filter(([name]) => !/^(?:transfer-encoding|content-length)$/i.test(name)) : headers;
}
