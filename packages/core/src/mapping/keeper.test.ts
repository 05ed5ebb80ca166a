import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { keepMapped } from './keep-mapped.ts';
import { Keeper } from './keeper.ts';
import type { KeptMapping } from './kept-mapping.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

function router(options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 0, ...options });
}

function follow(mapping: KeptMapping): string[] {
  const kinds: string[] = [];
  mapping.on((event) => kinds.push(event.kind === 'externalAddress' ? `${event.kind} ${event.address}` : event.kind));
  return kinds;
}

function adds(of: SimulatedGateway): number {
  return of.exchanges().filter((one) => {
    return one.kind === 'http' && one.request.headers.some(([, value]) => value.endsWith('#AddPortMapping"'));
  }).length;
}

describe('a mapping that is kept', () => {
  it('stands, is renewed at half of its lease for a day, and is gone when it is closed', async () => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, UDP);
    const events = follow(kept);
    expect((await kept.settled())._unsafeUnwrap()).toMatchObject({ externalPort: 7777, leaseSeconds: 3600 });
    for (let hour = 0; hour < 24; hour += 1) {
      await gateway.clock.advance('1h');
      expect(gateway.mappings()).toHaveLength(1);
    }
    expect(events[0]).toBe('mapped');
    const renewals = events.slice(1);
    expect(new Set(renewals)).toEqual(new Set(['renewed']));
    // Every 27 to 30 minutes.
    expect(renewals.length).toBeGreaterThanOrEqual(47);
    expect(renewals.length).toBeLessThanOrEqual(54);
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toEqual([]);
    await gateway.clock.advance('3h');
    expect(gateway.mappings()).toEqual([]);
  });

  it('is made again after a reboot that moved the control port, without a call', async () => {
    await using gateway = router();
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    await gateway.clock.advance('10m');
    gateway.reboot();
    expect(gateway.mappings()).toEqual([]);
    await gateway.clock.advance('5m');
    expect(gateway.mappings()).toMatchObject([{ externalPort: 7777, internalClient: '192.168.1.2' }]);
    expect(events).toEqual(['renewed']);
  });

  it('is made again when the table was lost and the port stayed, seen by the uptime', async () => {
    await using gateway = router();
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await gateway.clock.advance('10m');
    gateway.reboot({ httpPort: gateway.config.httpPort });
    await gateway.clock.advance('3m');
    expect(gateway.mappings()).toHaveLength(1);
  });

  it('tells of another external address', async () => {
    await using gateway = router();
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    gateway.changeExternalAddress('5.5.5.99');
    await gateway.clock.advance('3m');
    expect(events).toEqual(['externalAddress 5.5.5.99']);
  });

  it('is lost while there is no gateway, asks less and less often, and moves to the next one', async () => {
    const gateway = router();
    const { network, transport, clock } = gateway;
    await using kept = keepMapped(transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    await gateway.close();
    await clock.advance('12h');
    expect(events).toEqual(['lost']);
    expect(kept.phase).toBe('lost');
    await using second = router({ network, uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500', seed: 2 });
    await clock.advance('40m');
    expect(second.mappings()).toHaveLength(1);
    expect(events.slice(0, 2)).toEqual(['lost', 'moved']);
  });

  it('is left alone by its close when another host holds the port by then', async () => {
    await using gateway = router({ isSecure: false });
    const kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const { mappings } = gateway.machine.gateway.connection;
    mappings.remove(mappings.all());
    mappings.put({
      remoteHost: '',
      externalPort: 7777,
      protocol: 'UDP',
      internalPort: 7777,
      internalClient: '192.168.1.66',
      isEnabled: true,
      description: '',
      expiresAt: Infinity,
    });
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toMatchObject([{ internalClient: '192.168.1.66' }]);
  });

  it('can be iterated, and the iteration ends with it', async () => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, UDP);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { kind } of kept) seen.push(kind);
    })();
    expect((await kept.settled()).isOk()).toBe(true);
    await gateway.clock.advance('31m');
    await kept[Symbol.asyncDispose]();
    await reading;
    expect(seen).toEqual(['mapped', 'renewed']);
  });

  it('says why it could not be had, and goes on trying, never twice a second', async () => {
    await using gateway = router({ capacity: 0, recordedExchanges: 10_000 });
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled())._unsafeUnwrapErr()).toMatchObject({ kind: 'not-mapped', code: 'refused' });
    await gateway.clock.advance('24h');
    // 5 s, 10 s, 20 s ... half an hour: about 9 on the way there, and two an hour from then on.
    expect(adds(gateway)).toBeLessThan(70);
    expect(adds(gateway)).toBeGreaterThan(40);
  });
});

it('one keeper looks after many mappings, and closes them all', async () => {
  await using gateway = router();
  const keeper = new Keeper(gateway.transport);
  const kept = Array.from({ length: 20 }, (_, index) => keeper.keep({ ...UDP, externalPort: 7000 + index }));
  for (const one of kept) expect((await one.settled()).isOk()).toBe(true);
  expect(gateway.mappings()).toHaveLength(20);
  await gateway.clock.advance('6h');
  expect(gateway.mappings()).toHaveLength(20);
  await keeper.close();
  expect(gateway.mappings()).toEqual([]);
});
