/** What a request may have left on a gateway: found out, taken back, or told; and never more than one mapping. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { err } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { Keeper } from '../keeper/keeper.ts';
import { occupy } from '../keep-job.test-support.ts';
import { mapPort } from '../map-port.ts';
import { memoryFile } from './memory-file.test-support.ts';
import { unmapPort } from '../unmap-port.ts';
import { igdMapper } from '../igd/mapper.ts';
import { decodeJournal } from './journal-file.ts';
import { LeaseStore } from './lease-store.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const READING = ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'] as const;

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ igdVersion: 1, maxSearchDelayMs: 0, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

/** Answers to these actions take so long; they are carried out at once. */
function slow(router: SimulatedGateway, on: readonly string[], delayMs: number): void {
  router.inject({
    name: 'slow',
    row: 12,
    what: 'answers take their time',
    remedy: 'one budget for all of it',
    on,
    hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs }) }),
  });
}

describe('a gateway that denies every mapping when it is asked for one', () => {
  async function denying(): Promise<readonly [SimulatedGateway, Gateway]> {
    const [router, gateway] = await connected({ recordedExchanges: 10_000 });
    router.inject({
      name: 'denies',
      row: 41,
      what: 'GetSpecificPortMappingEntry answers 714 for every port',
      remedy: 'reads the table',
      on: ['GetSpecificPortMappingEntry'],
      hooks: () => ({ action: () => err({ code: 714, description: 'NoSuchEntryInArray' }) }),
    });
    return [router, gateway];
  }

  it('is found out by its table', async () => {
    const [router, gateway] = await denying();
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [], granted: { externalPort: 7777 } });
    expect(router.mappings()).toHaveLength(1);
    expect((await unmapPort(igdMapper(gateway), UDP)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('holds one mapping after three hours of keeping it, and none after it was closed', async () => {
    const [router] = await denying();
    const kept = keepMapped(router.transport, { ...UDP, port: 'any', leaseSeconds: 86_400 });
    expect((await kept.settled()).isOk()).toBe(true);
    await router.clock.advance('3h');
    expect(router.mappings()).toHaveLength(1);
    expect((await kept.close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('has one mapping in the end where its table hides everything, and it is told as unverifiable', async () => {
    const [router, gateway] = await denying();
    router.inject({
      name: 'hides',
      row: 48,
      what: 'the listing is empty',
      remedy: 'takes back what it can’t see',
      on: ['GetGenericPortMappingEntry'],
      hooks: () => ({ action: () => err({ code: 713, description: 'SpecifiedArrayIndexInvalid' }) }),
    });
    const { granted, verified } = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(verified).toBe('unverifiable');
    expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([granted.externalPort]);
  });
});

describe('an outcome that nobody knows', () => {
  function cutOff(router: SimulatedGateway): () => void {
    const faults = ['AddPortMapping', ...READING].map((on) =>
      // The looks before the request are answered.
      router.inject('reset-after-request', on === 'AddPortMapping' ? { on } : { on, after: '10ms' }),
    );
    return () => {
      for (const fault of faults) fault.remove();
    };
  }

  it('is told: what may stand', async () => {
    const [router, gateway] = await connected({ leasePolicy: 'permanent-only', latencyMs: 3 });
    cutOff(router);
    const error = (await mapPort(igdMapper(gateway), { ...UDP, leaseSeconds: 0 }))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      code: 'refused',
      unknownLeases: [{ externalPort: 7777, internalClient: '192.168.1.2' }],
    });
    expect(error.message).toContain('port 7777 may still be mapped');
    expect(router.mappings()).toHaveLength(1);
  });

  it('is remembered: in the journal, and for closing', async () => {
    const [router, gateway] = await connected({ leasePolicy: 'permanent-only', latencyMs: 3 });
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    const mend = cutOff(router);
    const kept = keeper.keep({ ...UDP, leaseSeconds: 0 });
    // The reads are repeated, until it is clear that no pause helps them.
    expect((await kept.settled())._unsafeUnwrapErr()).toMatchObject({ kind: 'not-mapped', code: 'refused' });
    expect(router.mappings()).toHaveLength(1);
    expect(decodeJournal(file.text).entries).toMatchObject([{ externalPort: 7777 }]);
    mend();
    expect((await kept.close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
    expect(decodeJournal(file.text).entries).toEqual([]);
  });

  it('is told of as a first success when it turns out well', async () => {
    const [router, gateway] = await connected({ latencyMs: 3 });
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway) });
    const mend = cutOff(router);
    const kept = keeper.keep(UDP);
    const events: string[] = [];
    kept.on(({ kind }) => events.push(kind));
    expect((await kept.settled()).isErr()).toBe(true);
    mend();
    await router.clock.advance('5m');
    expect(events).toEqual(['lost', 'mapped']);
    await keeper.close();
    expect(router.mappings()).toEqual([]);
  });
});

describe('a mapping that could not be taken back', () => {
  const reset = { kind: 'failure', code: 'reset', cause: 'ECONNRESET', delayMs: 5 } as const;

  /** Answers to these actions are lost. @param isOn - from when on */
  function lose(router: SimulatedGateway, on: readonly string[], isOn = () => true): { remove(): void } {
    return router.inject({
      name: 'loses answers',
      row: 12,
      what: 'what is asked for is done, and the answer is lost',
      remedy: 'tells what may stand',
      on,
      hooks: () => ({
        outcome: (_context, proceed) => {
          const answer = proceed();
          return isOn() ? reset : answer;
        },
      }),
    });
  }

  function deletesNothing(router: SimulatedGateway): { remove(): void } {
    return router.inject('not-authorized-606', { on: 'DeletePortMapping' });
  }

  async function granted(router: SimulatedGateway): Promise<void> {
    while (router.mappings().length === 0) await router.clock.sleep(20);
  }

  it('when it was closed under way is named by close, and stays in the journal', async () => {
    const [router, gateway] = await connected({ leasePolicy: 'permanent-only' });
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    slow(router, ['AddPortMapping'], 2_000);
    deletesNothing(router);
    const kept = keeper.keep({ ...UDP, leaseSeconds: 0 });
    await granted(router);
    const left = await keeper.close();
    expect(left).toMatchObject([{ lease: { externalPort: 7777 }, error: { kind: 'upnp-fault', code: 606 } }]);
    expect((await kept.close()).isErr()).toBe(true);
    expect(router.mappings()).toHaveLength(1);
    expect(decodeJournal(file.text).entries).toMatchObject([{ externalPort: 7777 }]);
  });

  it('when another port was asked for is given back by close with the rest', async () => {
    const [router, gateway] = await connected({ leasePolicy: 'permanent-only' });
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    const kept = keeper.keep({ ...UDP, port: 'any', leaseSeconds: 0 });
    expect((await kept.settled()).isOk()).toBe(true);
    const { mappings } = router.machine.gateway.connection;
    mappings.remove(mappings.all());
    occupy(router, [7777]);
    const own = (): readonly number[] =>
      router.mappings().flatMap(({ description, externalPort }) => (description === 'a game' ? [externalPort] : []));
    const faults = [lose(router, ['AddPortMapping']), lose(router, READING, () => own().length > 0)];
    await router.clock.advance('3h');
    // It is sought again where it may stand, and nowhere else.
    expect(own()).toHaveLength(1);
    expect(kept.phase).toBe('lost');
    for (const fault of faults) fault.remove();
    expect(await keeper.close()).toEqual([]);
    expect(own()).toEqual([]);
    expect(decodeJournal(file.text).entries).toEqual([]);
  });
});

describe('a budget that ends under the request', () => {
  it('leaves time to find out that the mapping stands', async () => {
    const [router, gateway] = await connected();
    slow(router, ['AddPortMapping'], 2_500);
    const started = router.clock.now();
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, leaseSeconds: 0, budgetMs: 2_000 }))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', granted: { externalPort: 7777 } });
    expect(router.clock.now() - started).toBeLessThanOrEqual(2_000);
  });

  it('tells what may stand where that is not answered either', async () => {
    const [router, gateway] = await connected();
    slow(router, ['AddPortMapping'], 2_500);
    router.inject(
      {
        name: 'deaf',
        row: 12,
        what: 'no more answers after the first half second',
        remedy: 'tells what may stand',
        on: ['control'],
        hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 9_000 }) }),
      },
      { on: 'GetSpecificPortMappingEntry', after: '500ms' },
    );
    const started = router.clock.now();
    const error = (await mapPort(igdMapper(gateway), { ...UDP, leaseSeconds: 0, budgetMs: 2_000 }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'out-of-time', unknownLeases: [{ externalPort: 7777 }] });
    expect(router.clock.now() - started).toBeLessThanOrEqual(2_000);
  });

  it('tells of nothing that was not sent', async () => {
    const [router, gateway] = await connected();
    slow(router, ['GetSpecificPortMappingEntry'], 1_800);
    const error = (await mapPort(igdMapper(gateway), { ...UDP, budgetMs: 2_000 }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'out-of-time', unknownLeases: [] });
    expect(router.mappings()).toEqual([]);
  });
});

it('the journal has another port that was granted before that is read back', async () => {
  const [router, gateway] = await connected({ igdVersion: 2 });
  occupy(router, [7777]);
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  let seen: { readonly inJournal: unknown; readonly own: readonly number[] } | null = null;
  router.inject({
    name: 'a look',
    row: 41,
    what: 'what is in the journal at the first reading after the grant',
    remedy: 'writes it down with the grant',
    on: ['GetSpecificPortMappingEntry'],
    hooks: () => ({
      action: (_call, proceed) => {
        const own = router
          .mappings()
          .flatMap(({ description, externalPort }) => (description === 'a game' ? externalPort : []));
        if (own.length > 0) seen ??= { inJournal: decodeJournal(file.text).entries, own };
        return proceed();
      },
    }),
  });
  const kept = keeper.keep({ ...UDP, port: 'any' });
  const { externalPort } = (await kept.settled())._unsafeUnwrap();
  expect(seen).toMatchObject({ own: [externalPort], inJournal: [{ externalPort }] });
  expect(decodeJournal(file.text).entries).toMatchObject([{ externalPort }]);
  await keeper.close();
  expect(decodeJournal(file.text).entries).toEqual([]);
});
