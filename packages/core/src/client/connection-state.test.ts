/** Routers that tell nothing of their state: each is used as long as somebody listens at its control URL. */
import { simulateGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import type { TransportError, TransportErrorCode } from '../errors.ts';
import type { HttpResponse } from '../messages.ts';
import type { Transport } from '../ports.ts';
import { errAsync, okAsync, type ResultAsync } from '../result.ts';
import { mapOnAll } from '../mapping/igd/map-on-all.ts';
import { findGateway } from './find-gateway.ts';
import { gatewayAt } from './gateway-at.ts';

type Answer = ResultAsync<HttpResponse, TransportError>;

function failure(code: TransportErrorCode): () => Answer {
  return () => errAsync({ kind: 'transport', code, message: code });
}

function answer(status: number, body = ''): () => Answer {
  return () => okAsync({ status, headers: [], body: encodeUtf8(body), localAddress: '192.168.1.2' });
}

const STATE = /#(?:GetStatusInfo|GetExternalIPAddress)"/;

/** A transport to a router whose answers to some of the control requests are others. */
function answering(
  reply: (url: string, action: string) => Answer,
  wanted = STATE,
  options: SimulateGatewayOptions = {},
) {
  const router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const { http } = router.transport;
  const transport: Transport = {
    ...router.transport,
    http: {
      request: (request, limits) => {
        const action = request.headers.find(([name]) => name === 'SOAPAction')?.[1] ?? '';
        return wanted.test(action) ? reply(request.url, action) : http.request(request, limits);
      },
    },
  };
  return { router, transport };
}

const SILENT: readonly (readonly [string, () => Answer])[] = [
  ['a bare 500', answer(500)],
  ['a bare 404', answer(404)],
  ['a web page', answer(200, '<html><body>Login</body></html>')],
  ['nothing', answer(200)],
  ['what is not HTTP', failure('not-http')],
  ['a reset', failure('reset')],
  ['a part', failure('truncated')],
  ['silence', failure('timeout')],
];

describe('a router that answers questions about its state with', () => {
  it.each(SILENT)('%s is used, by its URL and by a search', async (_what, reply) => {
    const { router, transport } = answering(reply);
    const byUrl = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    const bySearch = (await findGateway(transport))._unsafeUnwrap();
    for (const { gateway, state, rejected, warnings } of [byUrl, bySearch]) {
      expect(gateway.description.location).toBe(router.descriptionUrl);
      expect(state).toMatchObject({ status: null, connected: false, externalAddress: null, errors: [{}, {}] });
      expect([rejected, warnings]).toEqual([[], []]);
    }
    const { gateways } = (await mapOnAll(transport, { externalPort: 7777, protocol: 'TCP' }))._unsafeUnwrap();
    expect(gateways.map(({ result }) => result.isOk())).toEqual([true]);
  });

  it.each(['refused', 'unreachable', 'not-permitted'] as const)('%s is not', async (code) => {
    const { router, transport } = answering(failure(code), /./);
    for (const found of [await gatewayAt(transport, router.descriptionUrl), await findGateway(transport)]) {
      expect(found._unsafeUnwrapErr()).toMatchObject({ code: 'none-usable', candidates: [{ code: 'no-control' }] });
    }
  });

  it('one answer and no more is used', async () => {
    const { router, transport } = answering((_url, action) =>
      failure(action.includes('GetStatusInfo') ? 'timeout' : 'refused')(),
    );
    expect((await gatewayAt(transport, router.descriptionUrl)).isOk()).toBe(true);
  });

  it('a 403 ends no search early, and makes none longer', async () => {
    const { router, transport } = answering(answer(403));
    const started = router.clock.now();
    expect((await findGateway(transport)).isOk()).toBe(true);
    // A search that has found nothing goes on for another second.
    expect(router.clock.now() - started).toBeGreaterThanOrEqual(2_000);
    expect(router.clock.now() - started).toBeLessThan(2_500);
  });

  it('a bare 500 comes after any other one', async () => {
    const { router, transport } = answering(answer(500));
    const { network } = router;
    const better = simulateGateway({
      network,
      lanAddress: '192.168.1.9',
      linkLocalAddress: 'fe80::9',
      uuid: '00000000-0000-0000-0000-000000000009',
      maxSearchDelayMs: 0,
      isWanUp: false,
    });
    // Only the default router is silent.
    const { http } = transport;
    const mixed: Transport = {
      ...transport,
      http: {
        request: (request, limits) =>
          (request.url.includes('192.168.1.9') ? router.transport.http : http).request(request, limits),
      },
    };
    const { gateway, rejected } = (await findGateway(mixed))._unsafeUnwrap();
    expect(gateway.description.location).toBe(better.descriptionUrl);
    expect(rejected).toMatchObject([{ code: 'no-control', location: router.descriptionUrl }]);
  });
});

describe('a URLBase with another port, of a router without a state,', () => {
  const urlBase = 'http://{address}:9/';

  it.each([
    ['is used where somebody listens', answer(500), '9'],
    ['is not where nobody does', failure('refused'), '5000'],
  ])('%s', async (_what, atBase, port) => {
    const reply = (url: string): Answer => (url.includes(':9/') ? atBase : answer(500))();
    const { router, transport } = answering(reply, STATE, { description: { urlBase } });
    const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    expect(gateway.services.connection.controlUrl).toMatch(`http://192.168.1.1:${port}/`);
  });
});
