/** The attempt loop: the arguments of the retry policy, when the loop ends, and its result. */
import type { SimulatedGateway, SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import { err, ok, okAsync } from '../../result.ts';
import { decodeJournal } from '../leases/journal-file.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import { memoryFile } from '../leases/memory-file.test-support.ts';
import { mapPort } from '../map-port.ts';
import type { MapPortError, MapPortOptions, NotMappedError } from '../types.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { MappingAttempt, MappingDemand } from '../attempts.ts';
import {
  actions,
  answering,
  connected,
  count,
  fault,
  inject,
  put,
  refuses,
  transport,
  type Asked,
} from './igd.test-support.ts';
import { detailsOf } from './igd-lease.ts';
import { igdMapper, type IgdMapper } from './mapper.ts';
import { retryPolicy } from './retry-policy.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const TRY_AGAIN = 'Try again. If that fails too, restart the router.';
const LEFT = "Delete the mapping in the router's settings, or wait until its lease expires.";

async function mapped(gateway: Gateway, options: Partial<MapPortOptions> = {}): Promise<MappedPort> {
  return (await mapPort(igdMapper(gateway), { ...UDP, ...options }))._unsafeUnwrap();
}

async function notMapped(gateway: Gateway, options: Partial<MapPortOptions> = {}): Promise<NotMappedError> {
  const error: MapPortError = (await mapPort(igdMapper(gateway), { ...UDP, ...options }))._unsafeUnwrapErr();
  if (error.kind !== 'not-mapped') throw new Error(error.message);
  return error;
}

/** The policy by default; what it was told is taken down. */
function watchedPolicy(): {
  readonly policy: NonNullable<MapPortOptions['policy']>;
  readonly demands: MappingDemand[];
} {
  const demands: MappingDemand[] = [];
  return {
    demands,
    policy: (demand, failed) => {
      demands.push(demand);
      return retryPolicy(demand, failed);
    },
  };
}

function attempt(externalPort: number, delayMs = 0): MappingAttempt {
  return { method: 'exact', externalPort, leaseSeconds: 3600, description: 'a game', replacing: false, delayMs };
}

describe('the policy is told', () => {
  it('what is wanted, with the defaults filled in', async () => {
    const [, gateway] = await connected();
    const { policy, demands } = watchedPolicy();
    await mapped(gateway, { description: undefined, policy });
    expect(demands).toMatchObject([
      {
        externalPort: 7777,
        internalPort: 7777,
        leaseSeconds: 3600,
        description: 'Portwright',
        port: 'exact',
        offersAny: false,
      },
    ]);
  });

  it.each([
    ['an empty description', { description: '' }, { description: 'Portwright' }],
    ['a blank description', { description: '  ' }, { description: 'Portwright' }],
    ['another internal port', { internalPort: 80 }, { internalPort: 80, externalPort: 7777 }],
    ['a permanent lease', { leaseSeconds: 0 }, { leaseSeconds: 0 }],
    ['any port', { port: 'any' }, { port: 'any' }],
  ] as const)('%s', async (_what, options, expected) => {
    const [, gateway] = await connected();
    const { policy, demands } = watchedPolicy();
    await mapped(gateway, { ...options, policy });
    expect(demands).toMatchObject([expected]);
  });

  it.each([
    [0, 1_024],
    [0.5, 33_280],
    [0.999_999, 65_535],
  ])('six other ports above the reserved ones: drawn with %d, %i', async (fraction, port) => {
    const [, gateway] = await connected();
    const drawn = { ...gateway, transport: { ...gateway.transport, random: { fraction: () => fraction } } };
    const { policy, demands } = watchedPolicy();
    await mapped(drawn, { policy });
    expect(demands[0]?.otherPorts).toEqual([port, port, port, port, port, port]);
  });

  it.each<readonly [string, SimulateGatewayOptions, 'exact' | 'any', readonly boolean[]]>([
    ['by version 2 from the first', { igdVersion: 2 }, 'any', [true, true]],
    [
      'by the description, after the first refusal',
      { igdVersion: undefined, persona: 'openwrt' },
      'any',
      [false, true],
    ],
    ['not by version 1', {}, 'any', [false, false]],
    ['never asked for one port alone', { igdVersion: undefined, persona: 'openwrt' }, 'exact', [false, false]],
  ])('whether the router chooses ports: %s', async (_what, options, port, offers) => {
    const [router, gateway] = await connected(options);
    put(router, { internalClient: '192.168.1.66' });
    const { policy, demands } = watchedPolicy();
    await mapPort(igdMapper(gateway), { ...UDP, port, policy }).unwrapOr(null);
    expect(demands.map(({ offersAny }) => offersAny).slice(0, 2)).toEqual(offers);
  });

  it('asks for the service’s description once', async () => {
    const [router, gateway] = await connected({ description: { hasScpds: false } });
    refuses(router, 'AddPortMapping', 718);
    const before = router.exchanges().length;
    expect((await notMapped(gateway, { port: 'any' })).attempts).toHaveLength(6);
    const requests = router.exchanges().slice(before);
    expect(requests.filter((one) => one.kind === 'http' && one.request.method === 'GET')).toHaveLength(1);
  });
});

it('an attempt waits as long as the policy says', async () => {
  const [, gateway] = await connected();
  const { clock } = gateway.transport;
  const took = async (delayMs: number): Promise<number> => {
    const started = clock.now();
    await mapped(gateway, { policy: () => attempt(7777, delayMs) });
    return clock.now() - started;
  };
  const atOnce = await took(0);
  expect((await took(700)) - atOnce).toBe(700);
});

describe('what is told of a failure', () => {
  it.each<readonly [string, CallError, Partial<NotMappedError>]>([
    [
      'a fault',
      { ...fault(606), message: 'not allowed', hint: 'Allow it.' },
      { code: 'refused', message: "can't map UDP port 7777: not allowed", hint: 'Allow it.', unknownLeases: [] },
    ],
    ['a fault without a hint', fault(606), { message: "can't map UDP port 7777: 606", hint: TRY_AGAIN }],
  ])('%s', async (_what, error, expected) => {
    const [, gateway] = await connected();
    const { gateway: refusing } = answering(gateway, ({ action }) => (action === 'AddPortMapping' ? error : undefined));
    expect(await notMapped(refusing)).toMatchObject({ kind: 'not-mapped', ...expected });
  });

  it('no attempt at all', async () => {
    const [router, gateway] = await connected();
    expect(await notMapped(gateway, { policy: () => null })).toEqual({
      kind: 'not-mapped',
      code: 'refused',
      message: "can't map UDP port 7777: no attempt was made",
      attempts: [],
      unknownLeases: [],
      hint: TRY_AGAIN,
    });
    expect(actions(router)).toEqual([]);
  });

  it('an abort, which has no hint', async () => {
    const [, gateway] = await connected();
    expect(await notMapped(gateway, { signal: { aborted: true } })).toEqual({
      kind: 'not-mapped',
      code: 'aborted',
      message: "can't map UDP port 7777: aborted",
      attempts: [],
      unknownLeases: [],
      hint: undefined,
    });
  });

  it('an end of the time', async () => {
    const [router, gateway] = await connected();
    router.inject('slow-loris');
    const { message, code, hint } = await notMapped(gateway, { budgetMs: 3_000 });
    expect([code, message]).toEqual(['out-of-time', "can't map UDP port 7777: the time limit was reached"]);
    expect(hint).toBe('Try again with more time.');
  });

  it('an end of the time before the first attempt', async () => {
    const [router, gateway] = await connected();
    const { clock } = gateway.transport;
    const policy = (): MappingAttempt => attempt(7777);
    const late = {
      ...gateway,
      transport: { ...gateway.transport, clock: { ...clock, now: jumping(clock), sleep: clock.sleep.bind(clock) } },
    };
    expect(await notMapped(late, { budgetMs: 1_000, policy })).toMatchObject({
      code: 'out-of-time',
      attempts: [],
      hint: 'Try again with more time.',
    });
    expect(actions(router)).toEqual([]);
  });

  it('a double NAT', async () => {
    const [router, gateway] = await connected({ externalAddress: '192.168.0.2' });
    refuses(router, 'AddPortMapping', 501);
    const { code, message, hint } = await notMapped(gateway);
    expect(code).toBe('double-nat');
    expect(message).toBe(
      "can't map UDP port 7777: your router stands behind another router: its address 192.168.0.2 is private, " +
        'and it refuses every port mapping (501 ActionFailed)',
    );
    expect(hint).toContain('bridge mode');
  });

  it('a computer without an IPv4 address, in either case of the protocol', async () => {
    const [router, gateway] = await connected();
    const interfaces = { ...gateway.transport.interfaces, list: () => okAsync([]), owns: () => okAsync(false) };
    const away = { ...gateway, transport: { ...gateway.transport, interfaces } };
    expect(await notMapped(away, { protocol: 'udp' })).toMatchObject({
      code: 'no-address',
      message: "can't map UDP port 7777: this computer has no address in the router's network any more",
      hint: 'Search for the router again.',
      attempts: [],
    });
    expect(actions(router)).toEqual([]);
  });

  it('ports that may still be mapped', async () => {
    const [, gateway] = await connected();
    const lost = ({ action, nth }: Asked): CallError | undefined =>
      action === 'GetSpecificPortMappingEntry' && nth % 3 === 1 ? undefined : transport('timeout');
    const { gateway: losing } = answering(gateway, lost);
    const policy: MapPortOptions['policy'] = (_demand, { length }) => (length < 2 ? attempt(7777 + length) : null);
    const error = await notMapped(losing, { policy });
    expect(error.unknownLeases.map(({ externalPort }) => externalPort)).toEqual([7777]);
    expect(error.message).toBe("can't map UDP port 7777: timeout; port 7777 may still be mapped");
    expect(error.hint).toBe(LEFT);
  });
});

/** The first look at the clock begins the budget; by the second one it is over. */
function jumping(clock: { now: () => number }): () => number {
  let looks = 0;
  return () => {
    looks += 1;
    return clock.now() + (looks === 1 ? 0 : 60_000);
  };
}

describe('an abort once the port is mapped', () => {
  /** Aborts as soon as the router has granted it. */
  async function aborted(gateway: Gateway): Promise<NotMappedError> {
    const signal = { aborted: false };
    const mapping = mapPort(igdMapper(gateway), { ...UDP, signal });
    for await (const { kind } of mapping.steps) signal.aborted ||= kind === 'granted';
    const error = (await mapping)._unsafeUnwrapErr();
    if (error.kind !== 'not-mapped') throw new Error(error.message);
    return error;
  }

  it('deletes the mapping', async () => {
    const [router, gateway] = await connected();
    const { code, unknownLeases } = await aborted(gateway);
    expect([code, unknownLeases, router.mappings()]).toEqual(['aborted', [], []]);
    expect(count(router, 'GetExternalIPAddress')).toBe(0);
  });

  it('tells of a mapping that the router does not delete', async () => {
    const [router, gateway] = await connected();
    refuses(router, 'DeletePortMapping', 606);
    const { code, message, unknownLeases, hint } = await aborted(gateway);
    expect([code, message, hint]).toEqual([
      'left-behind',
      "can't map UDP port 7777: aborted, but the router did not delete the mapping",
      LEFT,
    ]);
    expect(unknownLeases).toMatchObject([{ externalPort: 7777 }]);
    expect(router.mappings()).toHaveLength(1);
  });
});

describe('the connection’s state', () => {
  it('is asked for in the end, for the warnings', async () => {
    const [router, gateway] = await connected({ externalAddress: '192.168.0.2' });
    expect((await mapped(gateway)).warnings.map(({ code }) => code)).toEqual(['double-nat']);
    const before = router.exchanges().length;
    expect((await mapped(gateway, { askState: false })).warnings).toEqual([]);
    expect(router.exchanges().length - before).toBe(3);
  });

  it('is not asked for once the time is over', async () => {
    const [router, gateway] = await connected({ externalAddress: '192.168.0.2' });
    // The answer takes until all time for steps is over.
    router.inject(
      {
        name: 'slow',
        row: 16,
        what: 'the answer takes its time',
        remedy: 'leaves what is not needed',
        hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 797 }) }),
      },
      { on: 'AddPortMapping' },
    );
    const { warnings, verified } = await mapped(gateway, { budgetMs: 1_000 });
    expect([warnings, verified]).toEqual([[], 'verified']);
    expect(router.mappings()).toHaveLength(1);
  });
});

describe('a control URL that has moved', () => {
  it('is looked up once, and the same attempt is made there', async () => {
    const [router, gateway] = await connected();
    router.machine.configure({ description: { controlUrl: '/moved/{id}' } });
    const { policy, demands } = watchedPolicy();
    const { attempts, mapper } = await mapped(gateway, { policy, trustConflicts: false });
    const now = (mapper as IgdMapper).igd;
    expect(attempts).toMatchObject([{ externalPort: 7777, error: { code: 'http-status', status: 404 } }]);
    expect(demands).toHaveLength(1);
    expect(now).not.toBe(gateway);
    expect(now.services.connection.controlUrl).toBe('http://192.168.1.1:5000/moved/WANIPConn1');
  });

  it('is an ordinary refusal where the description has the same', async () => {
    const [router, gateway] = await connected();
    router.inject('control-url-404', { on: 'AddPortMapping' });
    const { attempts } = await notMapped(gateway);
    expect(attempts.map(({ error }) => error.code)).toEqual(['http-status', 'http-status']);
    expect(router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'GET')).toHaveLength(2);
  });
});

it('what is forgotten is no longer told as standing: another host has the port by then', async () => {
  const [router, gateway] = await connected();
  put(router, { externalPort: 2001 });
  let isLost = true;
  router.inject({
    name: 'lost',
    row: 10,
    what: 'the first request, and all that follows for a while, is lost',
    remedy: 'asks again',
    on: ['AddPortMapping', 'GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'],
    hooks: () => ({
      outcome: ({ action }, proceed) =>
        isLost && action !== null && router.exchanges().length > 3
          ? { kind: 'failure', code: 'timeout', delayMs: 0 }
          : proceed(),
    }),
  });
  const policy: MapPortOptions['policy'] = (_demand, { length }) => {
    if (length === 1) {
      isLost = false;
      put(router, { internalClient: '192.168.1.66' });
    }
    return length < 2 ? attempt(7777) : null;
  };
  const { attempts, unknownLeases } = await notMapped(gateway, { policy });
  expect(attempts.map(({ owner }) => owner)).toEqual(['unknown', 'other']);
  expect(unknownLeases).toEqual([]);
});

/** The table lists nothing. @returns a function that makes it list everything again */
function hidden(router: SimulatedGateway): () => void {
  let isHidden = true;
  for (const action of ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry']) {
    inject(router, action, (_call, proceed) => (isHidden ? err({ code: 714, description: '' }) : proceed()));
  }
  return () => {
    isHidden = false;
  };
}

describe('a router whose table has never listed anything', () => {
  it('keeps the last of several grants, and gives the earlier ones back', async () => {
    const [router, gateway] = await connected();
    hidden(router);
    const policy: MapPortOptions['policy'] = (_demand, { length }) => (length < 3 ? attempt(7777 + length) : null);
    const { granted, verified, warnings } = await mapped(gateway, { policy });
    const { asked } = detailsOf(granted);
    expect([granted.externalPort, verified, asked.externalPort]).toEqual([7779, 'unverifiable', 7779]);
    expect(warnings.map(({ code }) => code)).toEqual(['altered-port', 'unverifiable']);
    expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([7779]);
  });

  it('gives a grant back when another attempt is verified', async () => {
    const [router, gateway] = await connected();
    const show = hidden(router);
    const policy: MapPortOptions['policy'] = (_demand, { length }) => {
      if (length === 1) show();
      return length < 2 ? attempt(7777 + length) : null;
    };
    const { granted, verified } = await mapped(gateway, { policy });
    expect([granted.externalPort, verified]).toEqual([7778, 'verified']);
    expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([7778]);
  });

  it('tells of a grant that it does not give back', async () => {
    const [router, gateway] = await connected();
    hidden(router);
    refuses(router, 'DeletePortMapping', 606);
    const signal = { aborted: false };
    const policy: MapPortOptions['policy'] = (_demand, { length }) => {
      signal.aborted = length === 2;
      return attempt(7777 + length);
    };
    const { code, unknownLeases } = await notMapped(gateway, { policy, signal });
    expect([code, unknownLeases.map(({ externalPort }) => externalPort)]).toEqual(['aborted', [7777, 7778]]);
  });
});

describe('a grant on another port than the requested one leaves in the journal', () => {
  /** AddAnyPortMapping answers with port 2001. @param isMapped - whether it has mapped that port */
  async function choosing(isMapped: boolean): Promise<readonly [SimulatedGateway, Gateway]> {
    const [router, gateway] = await connected({ igdVersion: 2 });
    inject(router, 'AddAnyPortMapping', () => {
      if (isMapped) put(router, { externalPort: 2001 });
      return ok({ NewReservedPort: 2001 });
    });
    return [router, gateway];
  }

  const policy: MapPortOptions['policy'] = (_demand, { length }) =>
    length === 0 ? { ...attempt(7777), method: 'any' } : length === 1 ? attempt(7778) : null;

  async function portsInJournal(gateway: Gateway): Promise<readonly number[]> {
    const file = memoryFile();
    const leases = new LeaseStore({ file });
    expect((await mapPort(igdMapper(gateway), { ...UDP, policy, leases })).isOk()).toBe(true);
    await leases.written();
    return decodeJournal(file.text ?? '').entries.map(({ externalPort }) => externalPort);
  }

  it('the granted port alone', async () => {
    const [, gateway] = await choosing(true);
    expect(await portsInJournal(gateway)).toEqual([2001]);
  });

  it('the next port, if the table denies the grant', async () => {
    const [router, gateway] = await choosing(false);
    put(router, { externalPort: 80, internalClient: '192.168.1.66' });
    expect(await portsInJournal(gateway)).toEqual([7778]);
  });

  it('the next port, if the table has never listed anything', async () => {
    const [router, gateway] = await choosing(true);
    hidden(router);
    expect(await portsInJournal(gateway)).toEqual([7778]);
  });
});

describe('before anything is sent', () => {
  it.each([
    ['internalPort', { internalPort: 0 }],
    ['leaseSeconds', { leaseSeconds: 4_294_967_296 }],
    ['leaseSeconds', { leaseSeconds: 1.5 }],
    ['budgetMs', { budgetMs: -1 }],
    ['budgetMs', { budgetMs: Number.NaN }],
    ['protocol', { protocol: 'SCTP' }],
    ['options', null],
  ])('a wrong %s is refused: %j', async (argument, wrong) => {
    const [router, gateway] = await connected();
    const options = wrong === null ? null : { ...UDP, ...wrong };
    expect((await mapPort(igdMapper(gateway), options as never))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      argument,
    });
    expect(actions(router)).toEqual([]);
  });

  it('a wrong budget is told in words', async () => {
    const [, gateway] = await connected();
    const { message } = (await mapPort(igdMapper(gateway), { ...UDP, budgetMs: 0 }))._unsafeUnwrapErr();
    expect(message).toBe('budgetMs must be more than 0, not 0');
  });
});
