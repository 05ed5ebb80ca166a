import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { errAsync, okAsync } from '../../result.ts';
import type { InterfaceAddress, Transport } from '../../ports.ts';
import { onInterfacesChange, sameInterfaces } from './interface-monitor.ts';
import { watchGateway } from './watch.ts';
import { POLLING, watched } from './watch.test-support.ts';

const LAN: InterfaceAddress = {
  name: 'lan0',
  family: 'ipv4',
  address: '192.168.1.2',
  prefixLength: 24,
  internal: false,
};

describe('two lists of interfaces are the same', () => {
  it.each<readonly [string, readonly InterfaceAddress[], readonly InterfaceAddress[], boolean]>([
    ['without an interface', [], [], true],
    ['with equal addresses', [LAN], [{ ...LAN }], true],
    ['not with one more', [LAN], [LAN, LAN], false],
    ['not with one less', [LAN, LAN], [LAN], false],
    ['not with another address', [LAN], [{ ...LAN, address: '192.168.1.33' }], false],
    ['not on another interface', [LAN], [{ ...LAN, name: 'lan1' }], false],
    ['not in another subnet', [LAN], [{ ...LAN, prefixLength: 16 }], false],
  ])('%s', (_how, one, other, expected) => {
    expect(sameInterfaces(one, other)).toBe(expected);
  });
});

interface Monitored {
  readonly router: SimulatedGateway;
  readonly transport: Transport;
  reads: number;
  listed: readonly InterfaceAddress[] | null;
}

/** A transport whose list of interfaces is set by the test, and counted. */
function monitored(): Monitored {
  const router = simulateGateway();
  const scene: Monitored = {
    router,
    reads: 0,
    listed: [LAN],
    transport: {
      ...router.transport,
      interfaces: {
        list: () => {
          scene.reads += 1;
          return scene.listed === null
            ? errAsync({ kind: 'transport', code: 'not-permitted', message: 'hidden' })
            : okAsync(scene.listed);
        },
      },
    },
  };
  return scene;
}

describe('the list of interfaces', () => {
  it('is read every ten seconds, once for all, and reported when it has changed', async () => {
    const scene = monitored();
    const reports: string[] = [];
    const stops = ['a', 'b', 'c'].map((name) =>
      onInterfacesChange(scene.transport, (listed) => {
        reports.push(`${name} ${listed.map(({ address }) => address).join()}`);
      }),
    );
    const { clock } = scene.router;
    await clock.advance('10s');
    expect([scene.reads, reports.splice(0)]).toEqual([1, ['a 192.168.1.2', 'b 192.168.1.2', 'c 192.168.1.2']]);
    await clock.advance('10m');
    expect([scene.reads, reports]).toEqual([61, []]);
    scene.listed = null;
    await clock.advance('10s');
    expect(reports).toEqual([]);
    stops[1]?.();
    scene.listed = [{ ...LAN, address: '192.168.1.33' }];
    await clock.advance('10s');
    expect(reports.splice(0)).toEqual(['a 192.168.1.33', 'c 192.168.1.33']);
    expect(clock.pending).toBe(1);
    for (const stop of stops) stop();
    expect(clock.pending).toBe(0);
    await clock.advance('1m');
    expect([scene.reads, reports]).toEqual([63, []]);
  });

  it('is reported to a new listener, which may have read it when it was another one', async () => {
    const scene = monitored();
    const reports: string[] = [];
    const stopFirst = onInterfacesChange(scene.transport, () => reports.push('first'));
    await scene.router.clock.advance('15s');
    const stopSecond = onInterfacesChange(scene.transport, () => reports.push('second'));
    await scene.router.clock.advance('5s');
    expect(reports).toEqual(['first', 'first', 'second']);
    stopFirst();
    stopSecond();
    // After the last one has left, the next starts it again.
    const stopThird = onInterfacesChange(scene.transport, () => reports.push('third'));
    await scene.router.clock.advance('10s');
    stopThird();
    expect(reports.slice(3)).toEqual(['third']);
  });

  it('does not move a virtual clock', async () => {
    const scene = monitored();
    const stop = onInterfacesChange(scene.transport, () => undefined);
    const before = scene.router.clock.now();
    await scene.router.clock.sleep(1_000);
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(scene.router.clock.now() - before).toBe(1_000);
    stop();
  });

  it('is read by an ordinary sleep where the clock has no other', async () => {
    const scene = monitored();
    const { clock } = scene.router;
    const sleeps: number[] = [];
    const plain = {
      now: () => clock.now(),
      sleep: (ms: number, signal?: Parameters<typeof clock.sleep>[1]) => {
        sleeps.push(ms);
        return clock.sleepInBackground(ms, signal);
      },
    };
    const stop = onInterfacesChange({ ...scene.transport, clock: plain }, () => undefined);
    await clock.advance('20s');
    stop();
    expect(sleeps).toEqual([10_000, 10_000, 10_000]);
  });
});

describe('a change of this host’s address', () => {
  it('is reported within ten seconds', async () => {
    const { router, told } = await watched(POLLING);
    router.network.changeNetwork();
    await router.clock.advance('10s');
    expect(told).toEqual(['poll network']);
  });

  it('is reported to every watch on a transport', async () => {
    const { router, gateway, told } = await watched(POLLING);
    const second = watchGateway(gateway, POLLING);
    const kinds: string[] = [];
    second.on(({ kind }) => kinds.push(kind));
    await router.clock.advance('1m');
    router.network.changeNetwork();
    await router.clock.advance('10s');
    await second.close();
    expect([told, kinds]).toEqual([['poll network'], ['network']]);
  });
});
