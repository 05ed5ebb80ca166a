import { expect } from 'vitest';
import { args, keyArgs, mappingArgs, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import type { SimulatedGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import { answer, call, faulty, testEvery } from './faults.test-support.ts';
import { MAPPING_FAULTS } from './mapping-faults.ts';

type Answer = Awaited<ReturnType<typeof call>>;

function add(router: SimulatedGateway, changes: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
  return call(router, WANIP2, 'AddPortMapping', mappingArgs(changes));
}

function read(router: SimulatedGateway): Promise<Answer> {
  return call(router, WANIP2, 'GetSpecificPortMappingEntry', keyArgs());
}

/** The external ports of the entries from the first on, and the code that comes after them. */
async function list(router: SimulatedGateway, limit = 10): Promise<readonly (string | number | undefined)[]> {
  const seen: (string | number | undefined)[] = [];
  for (let index = 0; index < limit; index += 1) {
    const entry = await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: index }));
    seen.push(typeof entry === 'number' ? entry : entry['NewExternalPort']);
    if (typeof entry === 'number') break;
  }
  return seen;
}

/** A lease of an hour is refused with this code, and then one of 0 is not. */
function refusesLeases(fault: FaultName, code: number) {
  return async (): Promise<void> => {
    await using router = faulty(fault);
    expect(await add(router, { NewLeaseDuration: 3600 })).toBe(code);
    expect(router.mappings()).toEqual([]);
    expect(await add(router, { NewLeaseDuration: 0 })).toEqual({});
  };
}

testEvery(MAPPING_FAULTS, {
  'mappings-dropped': async () => {
    await using router = faulty('mappings-dropped', { after: '30m' });
    expect(await add(router)).toEqual({});
    await router.clock.advance('29m');
    expect(await read(router)).toMatchObject({ NewLeaseDuration: '1860' });
    await router.clock.advance('1m');
    expect(await read(router)).toBe(714);
    expect(await add(router)).toEqual({});
    await router.clock.advance('59m');
    expect(router.mappings()).toHaveLength(1);
  },

  'mapping-not-made': async () => {
    await using router = faulty('mapping-not-made');
    expect(await add(router)).toEqual({});
    expect(await read(router)).toBe(714);
  },

  'lease-ends-early': async () => {
    await using router = faulty('lease-ends-early');
    expect(await add(router, { NewLeaseDuration: 3600 })).toEqual({});
    await router.clock.advance('19m');
    expect(router.mappings()).toHaveLength(1);
    await router.clock.advance('1m');
    expect(router.mappings()).toEqual([]);
  },

  'lease-reads-4294967295': async () => {
    await using router = faulty('lease-reads-4294967295');
    await add(router, { NewLeaseDuration: 3600 });
    expect(await read(router)).toMatchObject({ NewLeaseDuration: '4294967295' });
    expect(router.mappings()).toMatchObject([{ leaseSecondsLeft: 3600 }]);
  },

  'lease-altered': async () => {
    await using router = faulty('lease-altered');
    await add(router, { NewLeaseDuration: 3600 });
    expect(await read(router)).toMatchObject({ NewLeaseDuration: '86400' });
    expect(router.mappings()).toMatchObject([{ leaseSecondsLeft: 86_400 }]);
  },

  'timed-lease-725': refusesLeases('timed-lease-725', 725),
  'timed-lease-402': refusesLeases('timed-lease-402', 402),
  'timed-lease-501': refusesLeases('timed-lease-501', 501),
  'timed-lease-718': refusesLeases('timed-lease-718', 718),

  'permanent-lease-402': async () => {
    await using router = faulty('permanent-lease-402');
    expect(await add(router, { NewLeaseDuration: 0 })).toBe(402);
    expect(await add(router, { NewLeaseDuration: 3600 })).toEqual({});
  },

  'conflict-718': async () => {
    await using router = faulty('conflict-718');
    expect(await add(router, { NewExternalPort: 5001 })).toBe(718);
    expect(await add(router, { NewExternalPort: 5002 })).toBe(718);
    expect(router.mappings()).toEqual([]);
  },

  'conflict-on-the-first-ports': async () => {
    await using router = faulty('conflict-on-the-first-ports');
    const answers: Answer[] = [];
    for (const port of [5001, 5001, 5002, 5003, 5004, 5002, 5005]) {
      answers.push(await add(router, { NewExternalPort: port }));
    }
    expect(answers).toEqual([718, 718, 718, 718, {}, 718, {}]);
    expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([5004, 5005]);
  },

  'no-port-maps-728': async () => {
    await using router = faulty('no-port-maps-728', { after: '1s' });
    expect(await add(router, { NewExternalPort: 5001 })).toEqual({});
    await router.clock.advance('1s');
    expect(await add(router, { NewExternalPort: 5002 })).toBe(728);
    expect(await add(router, { NewExternalPort: 5001 })).toEqual({});
  },

  'not-authorized-606': async () => {
    await using router = faulty('not-authorized-606');
    expect(await add(router)).toBe(606);
    expect(await call(router, WANIP2, 'DeletePortMapping', keyArgs())).toBe(606);
    expect(await read(router)).toBe(714);
  },

  'remote-host-only-wildcard-726': async () => {
    await using router = faulty('remote-host-only-wildcard-726');
    expect(await add(router, { NewRemoteHost: '203.0.113.9' })).toBe(726);
    expect(await add(router)).toEqual({});
  },

  'external-port-only-wildcard-727': async () => {
    await using router = faulty('external-port-only-wildcard-727');
    expect(await add(router)).toBe(727);
    expect(await add(router, { NewExternalPort: 0 })).toEqual({});
  },

  'listing-ends-with-714': async () => {
    await using router = faulty('listing-ends-with-714');
    await add(router);
    expect(await list(router)).toEqual(['7777', 714]);
  },

  'listing-ends-with-402': async () => {
    await using router = faulty('listing-ends-with-402');
    await add(router);
    expect(await list(router)).toEqual(['7777', 402]);
  },

  'listing-breaks-off': async () => {
    await using router = faulty('listing-breaks-off');
    await add(router, { NewExternalPort: 5001 });
    await add(router, { NewExternalPort: 5002 });
    expect(await list(router)).toEqual(['5001', 501]);
  },

  'listing-never-ends': async () => {
    await using router = faulty('listing-never-ends');
    await add(router);
    expect(await list(router)).toEqual(['7777', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    const far = await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 65_535 }));
    expect(far).toEqual({
      NewRemoteHost: '',
      NewExternalPort: '1',
      NewProtocol: 'UDP',
      NewInternalPort: '1',
      NewInternalClient: '192.168.1.2',
      NewEnabled: '1',
      NewPortMappingDescription: 'entry 65535',
      NewLeaseDuration: '0',
    });
  },

  'all-zero-entry': async () => {
    await using router = faulty('all-zero-entry');
    await add(router);
    expect(await list(router)).toEqual(['0', '7777', 713]);
    expect(await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewInternalPort: '0',
      NewInternalClient: '0.0.0.0',
      NewEnabled: '0',
    });
  },

  'port-range-in-listing': async () => {
    await using router = faulty('port-range-in-listing');
    await add(router);
    expect(await list(router)).toEqual(['27005-27015', '7777', 713]);
  },

  'both-protocols-in-listing': async () => {
    await using router = faulty('both-protocols-in-listing');
    expect(await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewProtocol: 'TCP/UDP',
    });
  },

  'no-internal-port-in-listing': async () => {
    await using router = faulty('no-internal-port-in-listing');
    expect(await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewInternalPort: '',
    });
  },

  'raw-markup-in-listing': async () => {
    await using router = faulty('raw-markup-in-listing');
    await add(router);
    const first = soapRequest(WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }));
    expect(text((await answer(router, first)).body)).toContain('Description>a<b</');
    expect(await call(router, WANIP2, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 1 }))).toMatchObject({
      NewExternalPort: '7777',
    });
  },
});
