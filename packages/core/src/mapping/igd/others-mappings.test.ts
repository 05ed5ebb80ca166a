/** Other hosts' mappings: never overwritten and never deleted, whatever the gateway would let anybody do. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { err } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { Transport } from '../../ports.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { Keeper } from '../keeper/keeper.ts';
import type { KeptPort } from '../keeper/kept-port.ts';
import { occupy } from '../keep-job.test-support.ts';
import { mapPort } from '../map-port.ts';
import { igdMapper } from './mapper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

/** A router that lets anybody delete anything. */
function simulated(options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 0, isSecure: false, ...options });
}

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulated(options);
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

function actions(router: SimulatedGateway): readonly string[] {
  return router.exchanges().flatMap((one) => {
    const header = one.kind === 'http' ? one.request.headers.find(([name]) => name === 'SOAPAction')?.[1] : undefined;
    return /#(\w+)/.exec(header ?? '')?.[1] ?? [];
  });
}

/** Both ways of asking take the port away from whoever has it. */
function overwrites(router: SimulatedGateway): void {
  router.inject({
    name: 'overwrites',
    row: 44,
    what: 'AddPortMapping and AddAnyPortMapping overwrite whatever is there',
    remedy: 'looks before it asks',
    on: ['AddPortMapping', 'AddAnyPortMapping'],
    hooks: () => ({
      action: (call, proceed) => {
        const { mappings } = router.machine.gateway.connection;
        mappings.remove(mappings.ofPort(Number(call.args.get('NewExternalPort')), 'UDP'));
        return proceed();
      },
    }),
  });
}

function drop(router: SimulatedGateway): void {
  const { mappings } = router.machine.gateway.connection;
  mappings.remove(mappings.all());
}

function holders(router: SimulatedGateway): readonly string[] {
  return router.mappings().map(({ externalPort, internalClient }) => `${externalPort} ${internalClient}`);
}

describe('a port that another host holds, on a version 2 gateway that lets anybody overwrite', () => {
  it('is asked for by neither action', async () => {
    const [router, gateway] = await connected();
    occupy(router, [7777]);
    overwrites(router);
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(mapped.attempts).toMatchObject([{ externalPort: 7777, error: { kind: 'conflict' }, owner: 'other' }]);
    expect(holders(router)).toContain('7777 192.168.1.66');
    expect(mapped.granted.externalPort).not.toBe(7777);
    expect((await mapPort(igdMapper(gateway), UDP)).isErr()).toBe(true);
    expect(holders(router)).toContain('7777 192.168.1.66');
  });

  it('costs one look more where the gateway keeps to the specification', async () => {
    const [router, gateway] = await connected();
    occupy(router, [7777]);
    expect((await mapPort(igdMapper(gateway), { ...UDP, port: 'any', askState: false })).isOk()).toBe(true);
    expect(actions(router).slice(2)).toEqual([
      // Who has it, and whether the gateway says so of any port.
      'GetSpecificPortMappingEntry',
      'GetSpecificPortMappingEntry',
      // The look that is new, the request, and the reading back.
      'GetSpecificPortMappingEntry',
      'AddAnyPortMapping',
      'GetSpecificPortMappingEntry',
    ]);
  });

  it('is not asked for when the look got no answer', async () => {
    const [router, gateway] = await connected();
    occupy(router, [7777]);
    overwrites(router);
    for (const on of ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry']) {
      router.inject('reset-after-request', { on });
    }
    const error = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'refused', unknownLeases: [], attempts: [{ owner: 'unknown' }, {}] });
    expect(holders(router)).toEqual(['7777 192.168.1.66']);
  });
});

describe('closing what was lost, and is another host’s by now', () => {
  it.each([
    ['the reading is cut off', ['GetSpecificPortMappingEntry'], true],
    ['nothing can be read', ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'], false],
  ] as const)('leaves it alone where %s', async (_what, cut, isKnown) => {
    const router = simulated({ igdVersion: 1 });
    const kept = keepMapped(router.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    drop(router);
    occupy(router, [7777]);
    for (const on of cut) router.inject('reset-after-request', { on });
    expect((await kept.close()).isOk()).toBe(isKnown);
    expect(holders(router)).toEqual(['7777 192.168.1.66']);
  });

  it('leaves it alone where a gateway denies it, and its table does not', async () => {
    const router = simulated({ igdVersion: 1 });
    const kept = keepMapped(router.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    drop(router);
    occupy(router, [7777]);
    denies(router);
    expect((await kept.close()).isOk()).toBe(true);
    expect(holders(router)).toEqual(['7777 192.168.1.66']);
  });
});

it('a gateway that lets nothing be read gets its mapping back: it has granted it, and the lease lasts', async () => {
  const omittedActions = ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'];
  const router = simulated({ igdVersion: 1, leasePolicy: 'permanent-only', omittedActions });
  const kept = keepMapped(router.transport, UDP);
  expect((await kept.settled()).isOk()).toBe(true);
  expect(router.mappings()).toHaveLength(1);
  expect((await kept.close()).isOk()).toBe(true);
  expect(router.mappings()).toEqual([]);
});

describe('a gateway that refuses to tell, and has given the port to another host after a restart', () => {
  async function restarted(port: 'exact' | 'any'): Promise<readonly [SimulatedGateway, KeptPort]> {
    const omittedActions = ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'];
    const router = simulated({ igdVersion: 1, omittedActions });
    const kept = keepMapped(router.transport, { ...UDP, port, leaseSeconds: 86_400 });
    expect((await kept.settled()).isOk()).toBe(true);
    await router.clock.advance('10m');
    router.reboot();
    drop(router);
    occupy(router, [7777]);
    await router.clock.advance('20m');
    return [router, kept];
  }

  it('is believed when it refuses the renewal: the mapping is lost, and the other host’s is not deleted', async () => {
    const [router, kept] = await restarted('exact');
    expect([kept.phase, kept.error?.kind]).toEqual(['lost', 'not-mapped']);
    expect((await kept.close())._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 401 });
    expect(holders(router)).toEqual(['7777 192.168.1.66']);
  });

  it('may give another port, and the first one is named all the same', async () => {
    const [router, kept] = await restarted('any');
    expect(kept.phase).toBe('mapped');
    expect(kept.granted?.externalPort).not.toBe(7777);
    expect((await kept.close()).isErr()).toBe(true);
    expect(holders(router)).toEqual(['7777 192.168.1.66']);
  });
});

function denies(router: SimulatedGateway): void {
  router.inject({
    name: 'denies',
    row: 41,
    what: 'GetSpecificPortMappingEntry answers 714 for every port',
    remedy: 'reads the table',
    on: ['GetSpecificPortMappingEntry'],
    hooks: () => ({ action: () => err({ code: 714, description: 'NoSuchEntryInArray' }) }),
  });
}

describe('after this host has got another address', () => {
  /** A machine whose address can change. */
  function moving(router: SimulatedGateway): { readonly transport: Transport; move(): void } {
    const { network, transport: before } = router;
    const after = network.transport({ address: '192.168.1.3', address6: null, linkLocalAddress: 'fe80::3' });
    let now = before;
    return {
      transport: {
        ...before,
        http: { request: (request, options) => now.http.request(request, options) },
        datagram: { open: (options) => now.datagram.open(options) },
        interfaces: {
          list: () => now.interfaces.list(),
          defaultRouters: () => before.interfaces.defaultRouters?.() ?? before.interfaces.list().map(() => []),
        },
      },
      move: () => {
        now = after;
      },
    };
  }

  it.each(['any', 'permanent-only'] as const)('its mapping to the earlier one is deleted: %s', async (leasePolicy) => {
    const router = simulated({ igdVersion: 1, leasePolicy });
    const { transport, move } = moving(router);
    const kept = keepMapped(transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await router.clock.advance('10m');
    move();
    await router.clock.advance('5m');
    expect(holders(router)).toEqual(['7777 192.168.1.3']);
    expect((await kept.close()).isOk()).toBe(true);
  });

  it.each([
    ['exact', 'lost', ['7777 192.168.1.2']],
    ['any', 'mapped', ['7777 192.168.1.2', expect.stringContaining(' 192.168.1.3')]],
  ] as const)('what the gateway does not delete for it is told, and named by close: %s', async (port, phase, held) => {
    const router = simulated({ igdVersion: 1, isSecure: true });
    const { transport, move } = moving(router);
    const keeper = new Keeper(transport);
    const kept = keeper.keep({ ...UDP, port });
    expect((await kept.settled()).isOk()).toBe(true);
    const events: string[] = [];
    kept.on(({ kind }) => events.push(kind));
    await router.clock.advance('10m');
    move();
    await router.clock.advance('5m');
    expect(holders(router)).toEqual(held);
    expect([kept.phase, events]).toEqual([phase, [phase === 'lost' ? 'lost' : 'moved']]);
    expect(await keeper.close()).toMatchObject([{ lease: { externalPort: 7777, internalClient: '192.168.1.2' } }]);
    expect(holders(router)).toEqual(['7777 192.168.1.2']);
  });

  it('another machine that has the earlier one by now keeps what it has mapped with the same program', async () => {
    const router = simulated({ igdVersion: 1 });
    const { transport, move } = moving(router);
    const kept = keepMapped(transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await router.clock.advance('10m');
    move();
    router.machine.gateway.connection.mappings.put({
      remoteHost: '',
      externalPort: 7777,
      protocol: 'UDP',
      internalPort: 7777,
      internalClient: '192.168.1.2',
      isEnabled: true,
      description: 'a game',
      expiresAt: router.clock.now() + 3_600_000,
    });
    await router.clock.advance('5m');
    expect(holders(router)).toEqual(['7777 192.168.1.2']);
    expect((await kept.close()).isOk()).toBe(true);
    expect(holders(router)).toEqual(['7777 192.168.1.2']);
  });
});
