/** A port mapper without a protocol: what stands above the seam is tested with it. */
import { VirtualClock } from '@portwright/transport-mock';
import { ok } from '../result.ts';
import type { GatewayChange, MappedPort, MapperWatch, PortMapper } from './port-mapper.ts';
import type { Lease } from './types.ts';

/** The lease of a game's port for an hour. */
export function leaseOf(changes: Partial<Lease> = {}): Lease {
  return {
    via: 'upnp-igd',
    gateway: 'uuid:home',
    family: 'ipv4',
    externalPort: 7777,
    protocol: 'UDP',
    remoteHost: '',
    internalClient: '192.168.1.2',
    internalPort: 7777,
    enabled: true,
    description: 'a game',
    leaseSeconds: 3600,
    requestedSeconds: 3600,
    details: {},
    ...changes,
  };
}

/** What a mapper grants. @param requested - if it was another one */
export function mappedPort(granted: Lease, mapper: PortMapper, requested: Lease = granted): MappedPort {
  return { requested, granted, verified: 'verified', attempts: [], warnings: [], mapper };
}

/** Lets a test be the gateway that is watched. */
export interface FakeWatch extends MapperWatch {
  looks: number;
  tell(change: GatewayChange): void;
}

export interface FakeMapper extends PortMapper {
  readonly watches: FakeWatch[];
}

/** It grants whatever it is asked for, and releases it; a test replaces what it is about. */
export function fakeMapper(changes: Partial<PortMapper> = {}): FakeMapper {
  const watches: FakeWatch[] = [];
  const mapper: FakeMapper = {
    watches,
    via: 'upnp-igd',
    gateway: { id: 'uuid:home', endpoint: 'http://192.168.1.1/', name: null },
    clock: new VirtualClock(),
    random: { fraction: () => 0.5 },
    map: async (request, { ledger }) => {
      const { externalPort, leaseSeconds = 3600 } = request;
      const lease = leaseOf({ externalPort, leaseSeconds, requestedSeconds: leaseSeconds });
      await ledger.grant(lease);
      return ok(mappedPort(lease, mapper));
    },
    renew: async (lease, _request, { ledger }) => {
      await ledger.grant(lease);
      return ok(mappedPort(lease, mapper));
    },
    release: () => Promise.resolve(ok(undefined)),
    inspect: () => Promise.resolve('own'),
    isRefusedAltogether: () => false,
    readState: () => Promise.resolve({}),
    relocate: () => Promise.resolve(null),
    unmap: () => {
      throw new Error('not asked by the keeper');
    },
    cleanUp: () => Promise.resolve('deleted'),
    watch: () => {
      const listeners = new Set<(change: GatewayChange) => void>();
      const watch: FakeWatch = {
        state: null,
        looks: 0,
        checkNow: () => {
          watch.looks += 1;
        },
        on: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        tell: (change) => {
          for (const listener of listeners) listener(change);
        },
        close: () => Promise.resolve(),
      };
      watches.push(watch);
      return watch;
    },
    ...changes,
  };
  return mapper;
}
