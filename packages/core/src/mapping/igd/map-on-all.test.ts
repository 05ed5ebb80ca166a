import { simulateGateway, type FaultDefinition, type SimulatedGateway } from '@portwright/transport-mock';
import { okAsync } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../ports.ts';
import { mapOnAll, type MapOnAllOptions } from './map-on-all.ts';
import { deletePinhole } from './pinholes.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const SECOND = { lanAddress: '192.168.1.254', lanAddress6: null, uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' };

/** Two on one network; of both the firewall is closed to any but the host that speaks for itself. */
function sideBySide(second = {}): readonly [SimulatedGateway, SimulatedGateway] {
  const one = simulateGateway({ maxSearchDelayMs: 0, isSecure: true });
  return [one, simulateGateway({ network: one.network, maxSearchDelayMs: 0, ...SECOND, ...second })];
}

/** Two networks, and this host on both: on the second without IPv6, unless it is given an address there. */
function twoLines(address6: string | null = null): readonly [Transport, SimulatedGateway, SimulatedGateway] {
  const near = simulateGateway({ maxSearchDelayMs: 0, isSecure: true });
  const far = simulateGateway({
    clock: near.clock,
    maxSearchDelayMs: 0,
    isSecure: true,
    uuid: SECOND.uuid,
    lanAddress: '10.0.0.1',
    lanAddress6: 'fe80::a',
    client: { address: '10.0.0.2', address6, linkLocalAddress: 'fe80::b', interfaceName: 'lan1' },
  });
  const byUrl = (url: string): Transport => (/^http:\/\/(10\.|\[fe80::a)/.test(url) ? far : near).transport;
  const transport: Transport = {
    ...near.transport,
    http: { request: (request, options) => byUrl(request.url).http.request(request, options) },
    datagram: {
      open: (options) => (options.multicastInterface?.name === 'lan1' ? far : near).transport.datagram.open(options),
    },
    interfaces: {
      list: () =>
        near.transport.interfaces
          .list()
          .andThen((one) => far.transport.interfaces.list().map((other) => [...one, ...other.slice(1)])),
      defaultRouters: () => okAsync([{ name: 'lan0', family: 'ipv4', address: '192.168.1.1' }] as const),
    },
  };
  return [transport, near, far];
}

async function onAll(transport: Transport, options: Partial<MapOnAllOptions> = {}) {
  const all = (await mapOnAll(transport, { ...UDP, ...options }))._unsafeUnwrap();
  return all.gateways.map(({ gateway, result, pinhole }) => ({
    at: gateway.description.location.split('/')[2],
    mapped: result.match(
      ({ granted }) => `${granted.internalClient}:${granted.internalPort}`,
      ({ code }) => code,
    ),
    pinhole:
      pinhole?.result.match(
        ({ internalClient, internalPort, leaseSeconds }) => `${internalClient} ${internalPort} ${leaseSeconds}`,
        ({ code }) => code,
      ) ?? null,
  }));
}

function holes(router: SimulatedGateway): number {
  return router.machine.gateway.firewall.pinholes.size;
}

/** Does something whenever an action is called. */
function whenCalled(then: () => void): FaultDefinition & { readonly name: string } {
  const hooks: FaultDefinition['hooks'] = () => ({
    action: (_call, proceed) => {
      const result = proceed();
      then();
      return result;
    },
  });
  return { name: 'when called', row: 0, what: '', remedy: '', hooks };
}

describe('on two interfaces', () => {
  it('maps to the address of each', async () => {
    const [transport, near, far] = twoLines();
    expect(await onAll(transport)).toEqual([
      { at: '192.168.1.1:5000', mapped: '192.168.1.2:7777', pinhole: null },
      { at: '10.0.0.1:5000', mapped: '10.0.0.2:7777', pinhole: null },
    ]);
    expect(near.mappings()).toHaveLength(1);
    expect(far.mappings()).toHaveLength(1);
  });

  it('opens the firewall for the address of each', async () => {
    const [transport] = twoLines('fd78::2');
    expect((await onAll(transport, { ipv6: true })).map(({ pinhole }) => pinhole)).toEqual([
      'fd77::2 7777 3600',
      'fd78::2 7777 3600',
    ]);
  });

  it('opens none for an address that is on the other one', async () => {
    const [transport] = twoLines();
    expect((await onAll(transport, { ipv6: true })).map(({ mapped, pinhole }) => [mapped, pinhole])).toEqual([
      ['192.168.1.2:7777', 'fd77::2 7777 3600'],
      ['10.0.0.2:7777', 'no-address'],
    ]);
  });
});

describe('a pinhole beside the mapping', () => {
  it('is made only where it is asked for', async () => {
    const [one, other] = sideBySide();
    expect((await onAll(one.transport)).map(({ pinhole }) => pinhole)).toEqual([null, null]);
    expect(holes(one)).toBe(0);
    expect(holes(other)).toBe(0);
  });

  it('can be closed by what is told of it', async () => {
    const [one] = sideBySide();
    const { gateways } = (await mapOnAll(one.transport, { ...UDP, ipv6: true }))._unsafeUnwrap();
    expect(holes(one)).toBe(1);
    const { gateway, result } = gateways[0]?.pinhole ?? expect.fail('none');
    expect(gateway.description.location).toMatch(/^http:\/\/\[fe80::/);
    expect((await deletePinhole(gateway, result._unsafeUnwrap().id)).isOk()).toBe(true);
    expect(holes(one)).toBe(0);
  });

  it.each([
    [0, 86_400],
    [600, 600],
    [604_800, 86_400],
  ])('for a lease of %i s has one of %i s', async (leaseSeconds, ofPinhole) => {
    const one = simulateGateway({ maxSearchDelayMs: 0 });
    const [told] = await onAll(one.transport, { ipv6: true, leaseSeconds, internalPort: 8888 });
    expect(told).toMatchObject({ mapped: '192.168.1.2:8888', pinhole: `fd77::2 8888 ${ofPinhole}` });
  });

  it('that can’t be had takes nothing from the mapping, and the other way round', async () => {
    const [one] = sideBySide({ persona: 'igd1' });
    one.inject('not-authorized-606', { on: 'AddPortMapping' });
    expect((await onAll(one.transport, { ipv6: true })).map(({ mapped, pinhole }) => [mapped, pinhole])).toEqual([
      ['refused', 'fd77::2 7777 3600'],
      ['192.168.1.2:7777', 'no-such-service'],
    ]);
  });
});

describe('when the signal aborts', () => {
  it.each([
    ['on the first one', 0, 'AddPortMapping'],
    ['by the pinhole', 0, 'AddPinhole'],
    ['on the second one', 1, 'AddPortMapping'],
    ['before the second one', 1, 'GetStatusInfo'],
  ] as const)('takes back what was made up to then: %s', async (_where, index, on) => {
    const routers = sideBySide({ isSecure: false });
    const abort = new AbortController();
    routers[index].inject(
      whenCalled(() => {
        abort.abort();
      }),
      { on },
    );
    const told = await onAll(routers[0].transport, { ipv6: true, signal: abort.signal });
    expect(told[0]).toMatchObject({ mapped: 'aborted', pinhole: 'aborted' });
    for (const router of routers) expect([router.mappings(), holes(router)]).toEqual([[], 0]);
  });

  it('says what could not be taken back', async () => {
    const [one, other] = sideBySide();
    const abort = new AbortController();
    one.inject('http-500-without-fault', { on: 'DeletePortMapping' });
    other.inject(
      whenCalled(() => {
        abort.abort();
      }),
      { on: 'AddPortMapping' },
    );
    expect((await onAll(one.transport, { signal: abort.signal })).map(({ mapped }) => mapped)).toEqual([
      'left-behind',
      'aborted',
    ]);
    expect(one.mappings()).toHaveLength(1);
    expect(other.mappings()).toEqual([]);
  });

  it('before there is a gateway is an error', async () => {
    const [one] = sideBySide();
    const all = await mapOnAll(one.transport, { ...UDP, signal: AbortSignal.abort() });
    expect(all._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
  });
});

it('counts one that answers over both families once, and asks it over IPv4', async () => {
  const one = simulateGateway({ maxSearchDelayMs: 0 });
  expect(await onAll(one.transport, { families: ['ipv6', 'ipv4'] })).toMatchObject([{ at: '192.168.1.1:5000' }]);
});
