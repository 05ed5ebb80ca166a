import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { errAsync, okAsync } from '../../result.ts';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { FilePort, Transport } from '../../ports.ts';
import { keepMapped } from './keep-mapped.ts';
import { Keeper } from './keeper.ts';
import { adds, follow, router, UDP } from './keeper.test-support.ts';
import { mapPort } from '../map-port.ts';
import { igdMapper } from '../igd/mapper.ts';
import { LeaseStore } from '../leases/lease-store.ts';

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
    expect(events).toEqual(['restored']);
  });

  it('is made again at once when the table was lost and nothing shows it but the announcement after a start', async () => {
    // Its uptime goes on through a restart, as on miniupnpd.
    await using gateway = router({ reports: { uptimeFormat: 'days-and-time' } });
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await gateway.clock.advance('10m');
    gateway.reboot({ httpPort: gateway.config.httpPort });
    await gateway.clock.advance('10s');
    expect(gateway.mappings()).toMatchObject([{ externalPort: 7777 }]);
  });

  it('opens no port on this host, unless events are wanted', async () => {
    await using gateway = router();
    let listeners = 0;
    const { events } = gateway.transport;
    const counted: Transport = {
      ...gateway.transport,
      events: {
        listen: (...args) => {
          listeners += 1;
          return events?.listen(...args) ?? errAsync({ kind: 'transport', code: 'failed', message: 'none' });
        },
      },
    };
    const kept = keepMapped(counted, UDP);
    await gateway.clock.advance('1h');
    await kept[Symbol.asyncDispose]();
    expect(listeners).toBe(0);
    await using other = keepMapped(counted, { ...UDP, watch: { events: true } });
    await gateway.clock.advance('1m');
    expect([other.phase, listeners]).toEqual(['mapped', 1]);
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

describe('a mapping that was there already', () => {
  it('is taken over as it stands, renewed when it is time, written down, and given back at the end', async () => {
    await using router = simulateGateway({ maxSearchDelayMs: 0 });
    const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    const kept = keeper.keep(UDP, mapped);
    expect(kept.granted).toMatchObject({ externalPort: 7777 });
    const events = follow(kept);
    await router.clock.advance('10m');
    expect([adds(router), events]).toEqual([1, []]);
    expect(file.text()).toContain('"externalPort":7777');
    await router.clock.advance('25m');
    expect([adds(router), events]).toEqual([2, ['renewed']]);
    expect((await kept.close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
    expect(file.text()).toBe('{"version":1,"leases":[]}\n');
  });

  it('is given back when it is closed at once', async () => {
    await using router = simulateGateway({ maxSearchDelayMs: 0 });
    const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway) });
    expect((await keeper.keep(UDP, mapped).close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
    await keeper.close();
  });
});

function memoryFile(): FilePort & { readonly text: () => string | null } {
  let content: string | null = null;
  return {
    read: () => okAsync(content),
    write: (text) => {
      content = text;
      return okAsync(undefined);
    },
    text: () => content,
  };
}
