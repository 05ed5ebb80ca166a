/** Events of a gateway (GENA; UDA 1.1, chapter 4): subscribed to, checked, renewed and given back. */
import type { Header, HttpRequest } from '../../messages.ts';
import { quietHost, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { watchGateway } from './watch.ts';
import { EVENTS, genaRequests, mapElsewhere, POLLING, watched, type Watched } from './watch.test-support.ts';

/** The latest event that the gateway has sent, as it was. */
function lastEvent({ router }: Watched): HttpRequest {
  const event = router.exchanges().findLast(({ kind }) => kind === 'event');
  if (event?.kind !== 'event') throw new Error('no event was sent');
  return event.request;
}

/** Sends an event by hand; the status that it was answered with. */
async function send({ router }: Watched, request: HttpRequest, from = '192.168.1.1'): Promise<number | string> {
  const outcome = await router.network.request(request, from);
  return outcome?.kind === 'response' ? outcome.response.status : (outcome?.code ?? 'nobody');
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = request.headers.filter(([other]) => other !== name);
  return { ...request, headers: [...others, [name, value] satisfies Header] };
}

/** The next event, by hand: the external address is another one. */
function forged(request: HttpRequest, seq: number, address = '6.6.6.6'): HttpRequest {
  const body =
    '<?xml version="1.0"?><e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property>' +
    `<ExternalIPAddress>${address}</ExternalIPAddress></e:property></e:propertyset>`;
  return withHeader({ ...request, body: new TextEncoder().encode(body) }, 'SEQ', `${seq}`);
}

describe('what is told by events', () => {
  it('is not what there is at first', async () => {
    const at = await watched(EVENTS);
    await mapElsewhere(at, 5000);
    const late = await watched(EVENTS, { network: at.router.network, lanAddress: '192.168.1.9', seed: 7 });
    expect([at.told, late.told]).toEqual([['event mappings 1'], []]);
    expect(genaRequests(at)).toEqual(['SUBSCRIBE 200']);
  });

  it.each<readonly [string, (at: Watched) => void | Promise<void>, readonly string[]]>([
    [
      'another external address',
      ({ router }) => {
        router.changeExternalAddress('5.5.5.9');
      },
      ['event externalAddress 5.5.5.9 public'],
    ],
    [
      'a line that is down',
      ({ router }) => {
        router.setWanLink(false);
      },
      ['event externalAddress null invalid', 'event connection Disconnected false'],
    ],
    ['a mapping of another client', (at) => mapElsewhere(at, 5000), ['event mappings 1']],
    [
      'mappings that were dropped',
      async (at) => {
        await mapElsewhere(at, 5000);
        at.router.inject('mappings-dropped');
      },
      ['event mappings 1', 'event mappings 0'],
    ],
  ])('is %s, at once', async (_what, change, expected) => {
    const at = await watched(EVENTS);
    await change(at);
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(expected);
    await at.router.clock.advance('2h');
    expect(at.told.slice(expected.length).filter((one) => !one.startsWith('event mappings'))).toEqual([]);
  });

  it('is a mapping for a mapping: as many entries, another SystemUpdateID', async () => {
    const at = await watched(EVENTS);
    await mapElsewhere(at, 5000);
    await mapElsewhere(at, 5000);
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['event mappings 1', 'event mappings 1']);
  });

  it('is a restart, when a subscription was lost: at its renewal, a quarter of an hour later', async () => {
    const { router, told } = await watched(EVENTS, { reports: { uptimeFormat: 'days-and-time' } });
    router.reboot({ httpPort: 5000 });
    await router.clock.advance('13m');
    expect(told).toEqual([]);
    await router.clock.advance('2m');
    expect(told).toEqual(['event restarted']);
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200', 'RENEW 412', 'SUBSCRIBE 200']);
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('1s');
    expect(told).toEqual(['event restarted', 'event externalAddress 5.5.5.9 public']);
  });
});

describe('a subscription', () => {
  it('is renewed at half of its time, and given back in the end', async () => {
    const { router, told, watch } = await watched(EVENTS);
    await router.clock.advance('13m');
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200']);
    await router.clock.advance('2h');
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200', ...Array<string>(8).fill('RENEW 200')]);
    await watch.close();
    expect(genaRequests({ router }).at(-1)).toBe('UNSUBSCRIBE 200');
    expect(router.machine.gateway.subscriptions.size).toBe(0);
    expect(told).toEqual([]);
  });

  it('for a second is not renewed twice a second, and is no restart each time', async () => {
    const { router, told } = await watched(EVENTS, { subscriptionSeconds: [1, 1] });
    await router.clock.advance('1h');
    expect(genaRequests({ router }).filter((one) => one === 'RENEW 412')).toHaveLength(40);
    expect(told).toEqual([]);
  });

  it('outlives a renewal that was lost', async () => {
    const { router, told } = await watched(EVENTS);
    router.inject('reset-after-request', { on: 'event', nth: 1 });
    await router.clock.advance('20m');
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200', 'RENEW reset', 'RENEW 200']);
    expect(told).toEqual([]);
  });

  it('is done without where the gateway refuses it: it is looked at', async () => {
    const { router, told } = await watched(EVENTS, { subscriptionCapacity: 0 });
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('2m');
    expect(told).toEqual(['poll externalAddress 5.5.5.9 public']);
  });

  it.each([
    ['none', null],
    ['one on another host', 'http://192.168.1.66:80/event'],
  ])('is not asked for where the event URL is %s', async (_what, eventSubUrl) => {
    const { router, gateway, watch } = await watched(POLLING);
    await watch.close();
    const asked: string[] = [];
    const host = quietHost('192.168.1.66');
    router.network.attach({
      ...host,
      http: (port, request, from) => {
        asked.push(request.method);
        return host.http(port, request, from);
      },
    });
    const { services } = gateway;
    const connectionService = { ...services.connectionService, eventSubUrl };
    const misled = watchGateway({ ...gateway, services: { ...services, connectionService } }, EVENTS);
    const kinds: string[] = [];
    misled.on(({ source, kind }) => kinds.push(`${source} ${kind}`));
    await router.clock.advance('1m');
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('2m');
    await misled.close();
    expect([kinds, asked, genaRequests({ router })]).toEqual([['poll externalAddress'], [], []]);
  });
});

describe('an event message', () => {
  it.each<readonly [string, (next: HttpRequest) => HttpRequest, string, number | string]>([
    ['from another host', (next) => next, '192.168.1.66', 412],
    ['with another SID', (next) => withHeader(next, 'SID', 'uuid:guessed'), '192.168.1.1', 412],
    [
      'without a SID',
      (next) => ({ ...next, headers: next.headers.filter(([name]) => name !== 'SID') }),
      '192.168.1.1',
      412,
    ],
    ['on another path', (next) => ({ ...next, url: next.url.replace(/\/\w+$/, '/events') }), '192.168.1.1', 404],
    ['that is none', (next) => ({ ...next, method: 'POST' }), '192.168.1.1', 405],
    ['with a DOCTYPE', (next) => ({ ...next, body: new TextEncoder().encode('<!DOCTYPE a><a/>') }), '192.168.1.1', 400],
  ])('%s is refused, and tells nothing', async (_what, forge, from, status) => {
    const at = await watched(EVENTS);
    expect(await send(at, forge(forged(lastEvent(at), 1)), from)).toBe(status);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual([]);
  });

  it('that is right is taken', async () => {
    const at = await watched(EVENTS);
    expect(await send(at, forged(lastEvent(at), 1))).toBe(200);
    expect(at.told).toEqual(['event externalAddress 6.6.6.6 public']);
  });

  it('that comes twice is told once', async () => {
    const at = await watched(EVENTS);
    at.router.changeExternalAddress('5.5.5.9');
    await at.router.clock.advance('1s');
    expect(await send(at, lastEvent(at))).toBe(200);
    expect(at.told).toEqual(['event externalAddress 5.5.5.9 public']);
  });

  it('that was missed leads to a look', async () => {
    const at = await watched(EVENTS);
    const asked = (): number => controlRequests(at.router);
    const before = asked();
    expect(await send(at, forged(lastEvent(at), 1, '5.5.5.1'))).toBe(200);
    await at.router.clock.advance('1s');
    expect(asked() - before).toBe(0);
    expect(await send(at, forged(lastEvent(at), 3, '5.5.5.1'))).toBe(200);
    await at.router.clock.advance('1s');
    expect(asked() - before).toBe(2);
  });
});

function controlRequests(router: SimulatedGateway): number {
  return router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'POST').length;
}
