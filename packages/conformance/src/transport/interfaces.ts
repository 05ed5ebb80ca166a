import type { InterfaceAddress, InterfacesPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { same, succeeds } from './expectations.ts';

const FAMILY = 'InterfaceAddress: One address of one network interface.';

const show = (addresses: readonly InterfaceAddress[]): string =>
  addresses.map(({ name, address }) => `${name} ${address}`).join(', ');

/** What a host knows of its own addresses. */
export const INTERFACES: readonly ContractCase<InterfacesPort>[] = [
  {
    id: 'interfaces/own-address',
    what: 'The address at which the peer reaches this host is in the list.',
    clause: FAMILY,
    needs: [],
    check: async function* (interfaces, bench) {
      const list = yield* succeeds('a list', await interfaces.list());
      const own = bench.peer.datagram.clientAddress('ipv4');
      yield* expectThat(
        list.some(({ address }) => address === own),
        own,
        show(list),
      );
    },
  },
  {
    id: 'interfaces/family',
    what: 'Each address belongs to its listed family.',
    clause: FAMILY,
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      const wrong = list.filter(({ family, address }) => (family === 'ipv6') !== address.includes(':'));
      yield* same('addresses of another family', '', show(wrong));
    },
  },
  {
    id: 'interfaces/without-zone',
    what: 'Addresses have no zone; the zone of a link-local address is a separate field.',
    clause: 'InterfaceAddress.address: Without a zone.',
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      yield* same('addresses with a zone', '', show(list.filter(({ address }) => address.includes('%'))));
      const bare = list.filter(({ address, zone }) => /^fe[89ab]/i.test(address) && (zone ?? '') === '');
      yield* same('link-local addresses without a separate zone', '', show(bare));
    },
  },
  {
    id: 'interfaces/prefix-length',
    what: 'The prefix length is within the length of the address.',
    clause: "InterfaceAddress.prefixLength: Leading bits that the interface's subnet shares",
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      const wrong = list.filter(
        ({ address, prefixLength: bits }) =>
          !Number.isInteger(bits) || bits < 0 || bits > (address.includes(':') ? 128 : 32),
      );
      yield* same('addresses with other lengths', '', show(wrong));
    },
  },
  {
    id: 'interfaces/loopback',
    what: 'Loopback addresses are marked as internal, and private ones are not.',
    clause: 'InterfaceAddress.internal: Loopback.',
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      const wrong = list.filter(({ address, internal }) => (/^127\./.test(address) || address === '::1') && !internal);
      yield* same('loopback addresses that are not marked', '', show(wrong));
      const marked = list.filter(({ address, internal }) => internal && /^(?:192\.168\.|10\.)/.test(address));
      yield* same('other addresses that are marked', '', show(marked));
    },
  },
  {
    id: 'interfaces/default-gateway',
    what: 'The default router is an IPv4 address, or null.',
    clause: 'InterfacesPort.defaultGateway: The IPv4 address of the default router, or null',
    needs: [],
    check: async function* (interfaces) {
      if (interfaces.defaultGateway === undefined) return;
      const gateway = yield* succeeds('an answer', await interfaces.defaultGateway());
      const isAddress = gateway === null || /^(?:\d{1,3}\.){3}\d{1,3}$/.test(gateway);
      yield* expectThat(isAddress, 'an IPv4 address or null', String(gateway));
    },
  },
];
