/** This host gets another address while something runs: answers to the old one are lost. */
import {
  simulateGateway,
  type ClientLink,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import { findGateway } from '../../client/find-gateway.ts';
import { ok } from '../../result.ts';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import { slow } from '../keeper/keeper.test-support.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { mapPort } from '../map-port.ts';
import { unmapPort } from '../unmap-port.ts';
import { listMappings } from './list.ts';
import { mapOnAll } from './map-on-all.ts';
import { igdMapper } from './mapper.ts';
import { addPinhole } from './pinholes.ts';
import { watchGateway } from '../watch/watch.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const [OLD, NEW] = ['192.168.1.2', '192.168.1.33'];
const OVER_IPV6 = 'http://[fe80::1%25lan0]:5000/description.xml';

interface Host {
  readonly router: SimulatedGateway;
  readonly link: ClientLink;
  readonly gateway: Gateway;
  /** Milliseconds since {@link changeAt}. */
  readonly elapsed: () => number;
  /** The address changes so many milliseconds from now; for `gapMs` there is none. */
  readonly changeAt: (ms: number, gapMs?: number) => void;
}

async function host(options: SimulateGatewayOptions = {}, url?: string): Promise<Host> {
  const link: ClientLink = { state: 'up' };
  const router = simulateGateway({
    igdVersion: 1,
    isSecure: false,
    maxSearchDelayMs: 0,
    latencyMs: 3,
    client: { link },
    ...options,
  });
  const { clock, transport, descriptionUrl } = router;
  const { gateway } = (await gatewayAt(transport, url ?? descriptionUrl))._unsafeUnwrap();
  const started = clock.now();
  const changeAt = (ms: number, gapMs = 0): void => {
    void clock.sleep(ms).then(async () => {
      link.state = 'down';
      if (gapMs > 0) await clock.sleep(gapMs);
      link.state = 'up';
      link.address = NEW;
      link.address6 = 'fd77::33';
    });
  };
  return { router, link, gateway, changeAt, elapsed: () => clock.now() - started };
}

function clients({ router }: Pick<Host, 'router'>): readonly string[] {
  return router.mappings().map(({ internalClient }) => internalClient);
}

describe('mapPort maps to the address that this host has in the end', () => {
  // One exchange takes 6 ms: the look, the request, the look after it, the status, the external address.
  it.each([
    ['before the first request arrives', 1],
    ['before the answer to the look', 4],
    ['before the request arrives', 8],
    ['before the answer to the request', 10],
    ['before it is read back', 16],
    ['before the status is read', 22],
    ['before the external address is read', 28],
  ])('%s', async (_when, ms) => {
    const here = await host();
    here.changeAt(ms);
    const mapped = (await mapPort(igdMapper(here.gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ granted: { internalClient: NEW }, verified: 'verified' });
    expect(mapped.attempts).toMatchObject([{ error: { kind: 'transport' } }]);
    expect(clients(here)).toEqual([NEW]);
  });

  it('although the network gives it one only after the request has run out of time', async () => {
    const here = await host();
    here.changeAt(10, 7_000);
    expect((await mapPort(igdMapper(here.gateway), UDP))._unsafeUnwrap().granted.internalClient).toBe(NEW);
    expect(clients(here)).toEqual([NEW]);
  });

  it('and waits five seconds for one, at most', async () => {
    const here = await host();
    here.changeAt(16, 60_000);
    const error = (await mapPort(igdMapper(here.gateway), { ...UDP, askState: false }))._unsafeUnwrapErr();
    const left = { externalPort: 7777, internalClient: OLD };
    expect(error).toMatchObject({ kind: 'not-mapped', code: 'refused', unknownLeases: [left] });
    expect(here.elapsed()).toBeLessThan(20_000);
    expect(clients(here)).toEqual([OLD]);
  });

  it('on a router that lets only the owner delete, the lease of the old one is named', async () => {
    const here = await host({ isSecure: true });
    here.changeAt(16);
    const error = (await mapPort(igdMapper(here.gateway), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'refused', unknownLeases: [{ externalPort: 7777, internalClient: OLD }] });
    expect(error).toMatchObject({ attempts: [{ error: { kind: 'transport' } }, { error: { kind: 'conflict' } }] });
  });

  it('and on another port there, if that will do', async () => {
    const here = await host({ isSecure: true });
    here.changeAt(16);
    const mapped = (await mapPort(igdMapper(here.gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(mapped.granted).toMatchObject({ internalClient: NEW });
    expect(mapped.granted.externalPort).not.toBe(7777);
  });

  it('unless the caller names one: that one is mapped', async () => {
    const here = await host();
    here.changeAt(16);
    const mapped = await mapPort(igdMapper(here.gateway), { ...UDP, internalClient: OLD, askState: false });
    expect(mapped._unsafeUnwrap()).toMatchObject({ granted: { internalClient: OLD }, attempts: [] });
  });

  it.each([10, 28])('and deletes nothing of another host that has its old address by now: %i ms', async (ms) => {
    const here = await host();
    here.changeAt(ms);
    void here.router.clock.sleep(100).then(() => {
      const { mappings } = here.router.machine.gateway.connection;
      const [ours] = mappings.all();
      mappings.remove(mappings.all());
      if (ours !== undefined) mappings.put({ ...ours, internalPort: 1, description: 'of another host' });
    });
    expect((await mapPort(igdMapper(here.gateway), UDP))._unsafeUnwrapErr()).toMatchObject({ code: 'refused' });
    expect(here.router.mappings()).toMatchObject([{ description: 'of another host' }]);
  });

  it('for TCP and UDP', async () => {
    const here = await host();
    here.changeAt(45);
    const both = await mapPort(igdMapper(here.gateway), { ...UDP, protocol: 'both' });
    expect(both.isOk()).toBe(true);
    expect(clients(here)).toHaveLength(2);
  });
});

describe('unmapPort deletes the mapping that it was asked for', () => {
  it('when the address changes before it is read', async () => {
    const here = await host();
    expect((await mapPort(igdMapper(here.gateway), UDP)).isOk()).toBe(true);
    here.changeAt(4);
    expect((await unmapPort(igdMapper(here.gateway), UDP)).isOk()).toBe(true);
    expect(clients(here)).toEqual([]);
  });

  it('also when it is given as a lease', async () => {
    const here = await host();
    const { granted } = (await mapPort(igdMapper(here.gateway), UDP))._unsafeUnwrap();
    here.changeAt(4);
    expect((await unmapPort(igdMapper(here.gateway), granted)).isOk()).toBe(true);
    expect(clients(here)).toEqual([]);
  });

  it('and no mapping to the new address, which is another one', async () => {
    const here = await host();
    const other = { ...UDP, internalClient: NEW };
    expect((await mapPort(igdMapper(here.gateway), other)).isOk()).toBe(true);
    here.changeAt(4);
    expect((await unmapPort(igdMapper(here.gateway), UDP))._unsafeUnwrapErr()).toMatchObject({ code: 'not-own' });
    expect(clients(here)).toEqual([NEW]);
  });

  it('and it waits for the new address', async () => {
    const here = await host();
    expect((await mapPort(igdMapper(here.gateway), UDP)).isOk()).toBe(true);
    here.changeAt(1, 8_000);
    expect((await unmapPort(igdMapper(here.gateway), UDP)).isOk()).toBe(true);
    expect(clients(here)).toEqual([]);
  });

  it('and it repeats nothing on a router that is silent for another reason', async () => {
    const here = await host();
    here.router.inject(slow(60_000));
    expect((await unmapPort(igdMapper(here.gateway), UDP))._unsafeUnwrapErr()).toMatchObject({ code: 'timeout' });
    expect(here.elapsed()).toBeLessThan(9_000);
  });
});

it.each([1, 4, 10, 16])('listMappings lists the whole table when the address changes after %i ms', async (ms) => {
  const here = await host({ igdVersion: 2 });
  expect((await mapPort(igdMapper(here.gateway), UDP)).isOk()).toBe(true);
  here.changeAt(ms);
  const list = (await listMappings(here.gateway))._unsafeUnwrap();
  expect(list).toMatchObject({ complete: true, mappings: [{ externalPort: 7777 }] });
});

describe('addPinhole', () => {
  const options = { protocol: 'UDP', internalPort: 7777 } as const;

  it('waits for the new address, and asks once more', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    here.changeAt(4, 10_000);
    expect((await addPinhole(here.gateway, options))._unsafeUnwrap().internalClient).toBe('fd77::33');
  });

  it('fails with the first error where no new address comes, and says that the pinhole may be open', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    here.changeAt(4, 60_000);
    const error = (await addPinhole(here.gateway, options))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'transport', code: 'timeout' });
    expect(error.hint).toMatch(/The pinhole may be open: it closes within 3600 seconds\.$/);
    expect(here.elapsed()).toBeLessThan(14_000);
  });

  it('waits for no address when it was aborted', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    here.changeAt(4, 60_000);
    const abort = createAbort();
    void here.router.clock.sleep(5_000).then(() => {
      abort.abort();
    });
    const added = await addPinhole(here.gateway, { ...options, signal: abort.signal });
    expect(added._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
    expect(here.elapsed()).toBeLessThan(5_300);
  });

  it('asks once more at most, when the address is lost again and again', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    let asked = 0;
    here.router.inject({
      name: 'by-test',
      row: 12,
      what: '',
      remedy: '',
      on: ['AddPinhole'],
      hooks: () => ({
        outcome: () => {
          asked += 1;
          here.link.address6 = `fd77::${asked + 33}`;
          return { kind: 'failure', code: 'reset', cause: 'ECONNRESET', delayMs: 0 };
        },
      }),
    });
    expect((await addPinhole(here.gateway, options)).isErr()).toBe(true);
    expect(asked).toBe(2);
  });

  it.each([1, 4])('leads to the new address when it changes after %i ms', async (ms) => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    here.changeAt(ms);
    expect((await addPinhole(here.gateway, options))._unsafeUnwrap().internalClient).toBe('fd77::33');
  });

  it('fails where the system does not say that the address is lost', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    const { list } = here.router.transport.interfaces;
    const gateway = { ...here.gateway, transport: { ...here.router.transport, interfaces: { list } } };
    here.changeAt(4);
    const added = await addPinhole(gateway, options);
    expect(added._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'timeout' });
  });

  it('fails if the caller has named the old address', async () => {
    const here = await host({ igdVersion: 2, isSecure: true }, OVER_IPV6);
    here.changeAt(4);
    const added = await addPinhole(here.gateway, { ...options, internalClient: 'fd77::2' });
    expect(added._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'timeout' });
  });
});

it('findGateway finds a gateway on which the new address is mapped, whenever the address changes', async () => {
  for (let ms = 0; ms <= 40; ms += 1) {
    const here = await host();
    here.changeAt(ms);
    const found = await findGateway(here.router.transport);
    const mapped = await found.asyncAndThen(({ gateway }) => mapPort(igdMapper(gateway), UDP));
    expect(
      mapped.map(({ granted }) => granted.internalClient),
      `after ${ms} ms`,
    ).toEqual(ok(NEW));
  }
});

it.each([1, 1_000, 2_020])('mapOnAll maps to the new address when it changes after %i ms', async (ms) => {
  const here = await host();
  here.changeAt(ms);
  const { gateways } = (await mapOnAll(here.router.transport, UDP))._unsafeUnwrap();
  expect(gateways.map(({ result }) => result._unsafeUnwrap().granted.internalClient)).toEqual([NEW]);
  expect(clients(here)).toEqual([NEW]);
});

describe('a kept port', () => {
  // While it is mapped for the first time, and at the end of its renewals.
  it.each([7, 16, 30, 90_000, 1_800_000])('follows to the new address after %i ms', async (ms) => {
    const here = await host();
    const port = keepMapped(here.router.transport, UDP);
    here.changeAt(ms, 2_000);
    await here.router.clock.advance(ms + 120_000);
    expect(port.lease).toMatchObject({ internalClient: NEW });
    expect(clients(here)).toEqual([NEW]);
    expect((await port.close()).isOk()).toBe(true);
    expect(clients(here)).toEqual([]);
  });
});

it('a watch subscribes and listens again at the new address, within ten seconds', async () => {
  const here = await host();
  const { router, gateway } = here;
  await using watch = watchGateway(gateway, { events: true });
  const seen: string[] = [];
  watch.on(({ kind, source }) => seen.push(`${source} ${kind}`));
  await router.clock.advance('1m');
  here.changeAt(0);
  await router.clock.advance('11s');
  expect(seen).toEqual(['poll network']);
  router.changeExternalAddress('5.5.5.9');
  await router.clock.advance('1s');
  expect(seen.slice(1)).toEqual(['event externalAddress']);
  router.reboot();
  router.announce('alive');
  await router.clock.advance('5s');
  expect(seen.slice(2).length).toBeGreaterThan(0);
});
