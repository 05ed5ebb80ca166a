/** `mapPort` for TCP and UDP together. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { InvalidArgumentError } from '../errors.ts';
import { err, ok } from '../result.ts';
import { gatewayAt } from '../client/gateway-at.ts';
import { igdMapper, type IgdMapper } from './igd/mapper.ts';
import { occupy } from './keep-job.test-support.ts';
import { memoryFile } from './leases/memory-file.test-support.ts';
import { LeaseStore } from './leases/lease-store.ts';
import { fakeMapper, leaseOf, mappedPort } from './fake-mapper.test-support.ts';
import { mapPort, type MapBothOptions } from './map-port.ts';
import type { PortMapper } from './port-mapper.ts';
import { attemptsOf, type NotMappedError } from './types.ts';

const BOTH = { externalPort: 7777, protocol: 'both', description: 'a game' } as const;

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, IgdMapper]> {
  const router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, igdMapper(gateway)];
}

/** `TCP 7777 192.168.1.2:7777` for each mapping of the router. */
function table(router: SimulatedGateway): readonly string[] {
  return router
    .mappings()
    .map(
      ({ protocol, externalPort, internalClient, internalPort }) =>
        `${protocol} ${externalPort} ${internalClient}:${internalPort}`,
    )
    .sort();
}

/** Refuses an action for one protocol. */
function refuse(router: SimulatedGateway, action: string, protocol: string): void {
  router.inject({
    name: `no ${action}`,
    row: 44,
    what: 'one protocol is refused',
    remedy: 'maps neither',
    on: [action],
    hooks: () => ({
      action: (call, proceed) =>
        call.args.get('NewProtocol') === protocol
          ? err({ code: 606, description: 'Action not authorized' })
          : proceed(),
    }),
  });
}

describe('both protocols', () => {
  it('get the same port', async () => {
    const [router, mapper] = await connected();
    const { externalPort, leases, ports } = (await mapPort(mapper, BOTH))._unsafeUnwrap();
    expect(externalPort).toBe(7777);
    expect(leases).toMatchObject([
      { protocol: 'TCP', externalPort: 7777, internalClient: '192.168.1.2', internalPort: 7777 },
      { protocol: 'UDP', externalPort: 7777, internalClient: '192.168.1.2', internalPort: 7777 },
    ]);
    expect(ports.map(({ granted }) => granted)).toEqual(leases);
    expect(ports).toMatchObject([
      { requested: { protocol: 'TCP', description: 'a game' }, verified: 'verified', attempts: [], warnings: [] },
      { requested: { protocol: 'UDP', description: 'a game' }, verified: 'verified', attempts: [], warnings: [] },
    ]);
    expect(table(router)).toEqual(['TCP 7777 192.168.1.2:7777', 'UDP 7777 192.168.1.2:7777']);
  });

  it('may lead to another internal port', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, { ...BOTH, internalPort: 8888 })).isOk()).toBe(true);
    expect(table(router)).toEqual(['TCP 7777 192.168.1.2:8888', 'UDP 7777 192.168.1.2:8888']);
  });

  it.each(['BOTH', 'Both'])('may be written %s', async (protocol) => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, { ...BOTH, protocol } as MapBothOptions))._unsafeUnwrap()).toMatchObject({
      externalPort: 7777,
    });
    expect(router.mappings()).toHaveLength(2);
  });

  it('tell their steps as they happen', async () => {
    const [, mapper] = await connected();
    const mapping = mapPort(mapper, BOTH);
    const told: string[] = [];
    for await (const step of mapping.steps) {
      told.push(step.kind === 'granted' ? `granted ${step.lease.protocol}` : step.kind);
    }
    expect(told).toEqual(['requested', 'granted TCP', 'requested', 'granted UDP']);
    expect((await mapping).isOk()).toBe(true);
  });

  it.each(['TCP', 'UDP'] as const)('are not mapped where another host has the %s port', async (protocol) => {
    const [router, mapper] = await connected();
    occupy(router, [7777], protocol);
    const before = table(router);
    expect((await mapPort(mapper, BOTH))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-mapped',
      code: 'refused',
      attempts: [{ protocol, error: { kind: 'conflict' } }],
      unknownLeases: [],
    });
    expect(table(router)).toEqual(before);
  });

  it.each(['TCP', 'UDP'])('are not mapped where the router refuses %s', async (protocol) => {
    const [router, mapper] = await connected();
    refuse(router, 'AddPortMapping', protocol);
    expect((await mapPort(mapper, BOTH)).isErr()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('move to another port together where that will do', async () => {
    const [router, mapper] = await connected({ igdVersion: 1 });
    occupy(router, [7777], 'UDP');
    const { externalPort, leases } = (await mapPort(mapper, { ...BOTH, port: 'any' }))._unsafeUnwrap();
    expect(externalPort).not.toBe(7777);
    expect(leases.map((lease) => [lease.externalPort, lease.internalPort])).toEqual([
      [externalPort, 7777],
      [externalPort, 7777],
    ]);
    expect(router.mappings()).toHaveLength(3);
  });

  it('name the mapping that the router did not delete again', async () => {
    const [router, mapper] = await connected();
    refuse(router, 'AddPortMapping', 'UDP');
    refuse(router, 'DeletePortMapping', 'TCP');
    const error = (await mapPort(mapper, BOTH))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'not-mapped',
      code: 'left-behind',
      unknownLeases: [{ protocol: 'TCP', externalPort: 7777 }],
    });
    expect(error.message).toMatch(/TCP port 7777 is still mapped/);
    expect(router.mappings()).toMatchObject([{ protocol: 'TCP' }]);
  });

  it('are in the ledger, and in its file, as long as they are mapped', async () => {
    const [router, mapper] = await connected();
    const file = memoryFile();
    expect((await mapPort(mapper, { ...BOTH, leases: new LeaseStore({ file }) })).isOk()).toBe(true);
    expect(file.text).toMatch(/"TCP"[^]*"UDP"/);

    const [other, refusing] = await connected();
    refuse(other, 'AddPortMapping', 'UDP');
    const empty = memoryFile();
    expect((await mapPort(refusing, { ...BOTH, leases: new LeaseStore({ file: empty }) })).isErr()).toBe(true);
    expect(empty.text).not.toMatch(/TCP|UDP/);
    expect(router.mappings()).toHaveLength(2);
  });

  it.each([
    ['SCTP', /protocol must be TCP, UDP or both, not "SCTP"/],
    ['', /protocol must be TCP, UDP or both, not ""/],
    [undefined, /protocol must be TCP, UDP or both, not undefined/],
    [['TCP', 'UDP'], /protocol must be TCP, UDP or both, not a list/],
  ])('are what the protocol %j is not', async (protocol, message) => {
    const [router, mapper] = await connected();
    const before = router.exchanges().length;
    const error = (await mapPort(mapper, { ...BOTH, protocol } as unknown as MapBothOptions))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'invalid-argument', argument: 'protocol' });
    expect(error.message).toMatch(message);
    expect(router.exchanges()).toHaveLength(before);
  });
});

describe('a mapper of which every port is half taken', () => {
  /** Grants TCP, and refuses UDP. */
  function halfTaken(release: PortMapper['release'] = () => Promise.resolve(ok(undefined))): {
    readonly mapper: PortMapper;
    readonly asked: readonly string[];
  } {
    const asked: string[] = [];
    const mapper = fakeMapper({
      release: (lease, options) => {
        asked.push(`release ${lease.protocol} ${lease.externalPort}, fresh: ${String(options.isFresh)}`);
        return release(lease, options);
      },
      map: async (request, { startAt = 0, attemptsLeft, ledger }) => {
        const { protocol, port = 'exact', askState = true } = request;
        asked.push(`${protocol} ${startAt} ${port}, ${attemptsLeft ?? 0} left${askState ? ', with the state' : ''}`);
        const lease = leaseOf({ protocol: protocol === 'TCP' ? 'TCP' : 'UDP', externalPort: startAt });
        if (protocol === 'UDP') return err(REFUSED);
        await ledger.grant(lease);
        return ok(mappedPort(lease, mapper));
      },
    });
    return { mapper, asked };
  }

  const ATTEMPT = { method: 'exact', externalPort: 7777, leaseSeconds: 3600, description: '' } as const;
  const REFUSED: NotMappedError = {
    kind: 'not-mapped',
    code: 'refused',
    message: 'refused',
    attempts: [
      {
        ...ATTEMPT,
        replacing: false,
        delayMs: 0,
        protocol: 'UDP',
        owner: 'nobody',
        error: { kind: 'transport', code: 'timeout', message: 'no answer' },
      },
    ],
    unknownLeases: [],
  };

  it('is asked for one port alone where it has to be that one', async () => {
    const { mapper, asked } = halfTaken();
    expect((await mapPort(mapper, BOTH))._unsafeUnwrapErr()).toEqual(REFUSED);
    expect(asked).toEqual([
      'TCP 7777 exact, 6 left',
      'UDP 7777 exact, 5 left, with the state',
      'release TCP 7777, fresh: true',
    ]);
  });

  it('is asked six times where any port will do', async () => {
    const { mapper, asked } = halfTaken();
    const error = (await mapPort(mapper, { ...BOTH, port: 'any' }))._unsafeUnwrapErr();
    expect(attemptsOf(error)).toHaveLength(3);
    // Of 64512 ports from 1024 on, the one in the middle.
    const rounds = [
      [7777, 6],
      [33_280, 4],
      [33_280, 2],
    ] as const;
    expect(asked).toEqual(
      rounds.flatMap(([port, left]) => [
        `TCP ${port} any, ${left} left`,
        `UDP ${port} exact, ${left - 1} left, with the state`,
        `release TCP ${port}, fresh: true`,
      ]),
    );
  });

  it('leaves a wrong argument as it is, though TCP is still mapped', async () => {
    const wrong = { kind: 'invalid-argument', code: 'out-of-range', message: 'wrong' } as const;
    const { mapper } = halfTaken(() => Promise.resolve(err({ kind: 'transport', code: 'timeout', message: 'silent' })));
    const both: PortMapper = {
      ...mapper,
      map: (request, context) =>
        request.protocol === 'UDP'
          ? Promise.resolve(err(wrong as InvalidArgumentError))
          : mapper.map(request, context).then((mapped) => mapped.map((one) => ({ ...one, mapper: both }))),
    };
    expect((await mapPort(both, BOTH))._unsafeUnwrapErr()).toEqual(wrong);
    expect(attemptsOf(wrong as InvalidArgumentError)).toEqual([]);
  });
});
