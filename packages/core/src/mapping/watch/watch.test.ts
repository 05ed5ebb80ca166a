/** A gateway that is looked at now and then, and what is told whichever way it was noticed. */
import { deadHost, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { watchGateway } from './watch.ts';
import { withoutState } from '../keep-job.test-support.ts';
import { ANNOUNCEMENTS, EVENTS, genaRequests, POLLING, watched } from './watch.test-support.ts';

function asked(router: SimulatedGateway): number {
  return router.exchanges().filter(({ kind }) => kind === 'http').length;
}

describe('by looking alone', () => {
  it('is asked for two things every two minutes, and tells nothing while nothing changes', async () => {
    const { router, told, watch } = await watched(POLLING);
    expect(watch.state).toMatchObject({ connected: true, externalAddress: '5.5.5.1' });
    const before = asked(router);
    await router.clock.advance('1h');
    expect(asked(router) - before).toBe(60);
    expect(told).toEqual([]);
    expect(genaRequests({ router })).toEqual([]);
  });

  it.each<readonly [string, (router: SimulatedGateway) => void, readonly string[]]>([
    [
      'another external address',
      (router) => {
        router.changeExternalAddress('5.5.5.9');
      },
      ['poll externalAddress 5.5.5.9 public'],
    ],
    [
      'an external address behind a second router',
      (router) => {
        router.changeExternalAddress('192.168.0.7');
      },
      ['poll externalAddress 192.168.0.7 private'],
    ],
    [
      'an external address that is none',
      (router) => {
        router.changeExternalAddress('<script>');
      },
      ['poll externalAddress null invalid'],
    ],
    [
      'a line that is down',
      (router) => {
        router.setWanLink(false);
      },
      ['poll externalAddress null invalid', 'poll connection Disconnected false'],
    ],
    [
      'a restart on the same port',
      (router) => {
        router.reboot({ httpPort: 5000 });
      },
      ['poll restarted'],
    ],
    [
      'a restart on another port: where it was, nothing answers',
      (router) => {
        router.reboot();
      },
      ['poll gone'],
    ],
    [
      'another network',
      (router) => {
        router.network.changeNetwork();
      },
      ['poll network', 'poll gone'],
    ],
  ])('tells of %s once', async (_what, change, expected) => {
    const { router, told } = await watched(POLLING);
    await router.clock.advance('10m');
    change(router);
    await router.clock.advance('1h');
    expect(told).toEqual(expected);
  });

  it('tells of a line that comes back, once, and of no restart', async () => {
    const { router, told } = await watched(POLLING);
    router.setWanLink(false);
    await router.clock.advance('1h');
    router.setWanLink(true);
    await router.clock.advance('1h');
    expect(told).toEqual([
      'poll externalAddress null invalid',
      'poll connection Disconnected false',
      'poll externalAddress 5.5.5.1 public',
      'poll connection Connected true',
    ]);
  });

  it('takes a gateway for gone after two looks, and says that it was restarted when it is back', async () => {
    const { router, told } = await watched(POLLING);
    const leave = router.network.attach(deadHost('192.168.1.1'));
    await router.clock.advance('1h');
    expect(told).toEqual(['poll gone']);
    leave();
    router.network.attach(router.machine.host);
    await router.clock.advance('1h');
    expect(told).toEqual(['poll gone', 'poll restarted']);
  });

  it('asks twice before it believes that a gateway is gone', async () => {
    const { router, told } = await watched(POLLING);
    router.inject('control-refuses-connections', { times: 2 });
    await router.clock.advance('1h');
    expect(told).toEqual([]);
  });

  it('keeps what it knows while an action fails', async () => {
    const { router, told, watch } = await watched(POLLING);
    const fault = router.inject('http-500-without-fault', { on: 'GetExternalIPAddress' });
    await router.clock.advance('1h');
    fault.remove();
    router.inject('http-500-without-fault', { on: 'GetStatusInfo' });
    await router.clock.advance('1h');
    expect(told).toEqual([]);
    expect(watch.state).toMatchObject({ status: 'Connected', externalAddress: '5.5.5.1' });
  });

  it.each(['http-500-without-fault', 'reset-after-request', 'slow-loris'] as const)(
    'does not take a gateway for gone that does not tell its state: %s',
    async (fault) => {
      const { router, told } = await watched(POLLING);
      withoutState(router, fault);
      await router.clock.advance('1h');
      expect(told).toEqual([]);
      router.network.attach(deadHost('192.168.1.1'));
      await router.clock.advance('1h');
      expect(told).toEqual(['poll gone']);
    },
  );

  it('takes a gateway for gone whose description names another control URL', async () => {
    const { router, told } = await watched(POLLING);
    router.machine.configure({ description: { controlUrl: '/moved/{id}' } });
    await router.clock.advance('1h');
    expect(told).toEqual(['poll gone']);
  });

  it('does not take a VPN that comes up for another network', async () => {
    const otherInterfaces = [
      { name: 'lan1', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const,
    ];
    const { router, told } = await watched(POLLING, { client: { otherInterfaces } });
    otherInterfaces.pop();
    await router.clock.advance('1h');
    expect(told).toEqual([]);
  });
});

describe('an odd uptime', () => {
  it('that is a text tells of no restart', async () => {
    const { router, told } = await watched(POLLING, { reports: { uptimeFormat: 'days-and-time' } });
    await router.clock.advance('1d');
    expect(told).toEqual([]);
  });

  it('that runs backwards once is one restart', async () => {
    const { router, told } = await watched(POLLING, { reports: { uptimeAhead: 100_000 } });
    await router.clock.advance('1h');
    router.machine.configure({ reports: { uptimeAhead: 0 } });
    await router.clock.advance('1d');
    expect(told).toEqual(['poll restarted']);
  });
});

it.each([
  ['polling', POLLING],
  ['events', EVENTS],
  ['announcements', ANNOUNCEMENTS],
  ['all of it', {}],
])('leaves nothing behind that was watched by %s', async (_how, options) => {
  const { router, watch } = await watched(options);
  expect(router.clock.pending).toBeGreaterThan(0);
  await watch.close();
  await watch.close();
  expect(router.clock.pending).toBe(0);
  const before = router.exchanges().length;
  router.announce('alive');
  router.changeExternalAddress('5.5.5.9');
  await router.clock.advance('1d');
  expect(router.exchanges()).toHaveLength(before);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('can be closed after %i ms, in the middle of its first requests', async (ms) => {
  const { router, gateway, watch } = await watched(POLLING);
  await watch.close();
  const short = watchGateway(gateway);
  await router.clock.advance(ms);
  await short.close();
  // The gateway may still be about to send its first event.
  await router.clock.advance('1s');
  expect(router.clock.pending).toBe(0);
});

it('is closed within a second where nobody answers any more', async () => {
  const { router, watch } = await watched({});
  router.network.attach(deadHost('192.168.1.1'));
  watch.checkNow();
  await router.clock.sleep(100);
  const before = router.clock.now();
  await watch.close();
  expect(router.clock.now() - before).toBeLessThanOrEqual(1000);
});

it('is iterated until it is closed', async () => {
  const { router, watch } = await watched(POLLING);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { kind } of watch) seen.push(kind);
  })();
  router.changeExternalAddress('5.5.5.9');
  await router.clock.advance('3m');
  await watch.close();
  await reading;
  expect(seen).toEqual(['externalAddress']);
});
