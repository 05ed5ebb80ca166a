import type { InterfaceAddress, InterfacesPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase, Steps } from './contract-case.ts';
import { same, succeeds } from './expectations.ts';

const FAMILY = 'InterfaceAddress: One address of one network interface.';

const OWNS = 'InterfacesPort.owns: Whether this host has an address now';

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
    id: 'interfaces/lifetime',
    what: 'No IPv4 address is deprecated or temporary.',
    clause: 'InterfaceAddress.deprecated, InterfaceAddress.temporary: IPv6',
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      const isMarked = ({ deprecated, temporary }: InterfaceAddress): boolean =>
        deprecated === true || temporary === true;
      const wrong = list.filter((one) => one.family === 'ipv4' && isMarked(one));
      yield* same('IPv4 addresses that are marked', '', show(wrong));
    },
  },
  {
    id: 'interfaces/unconnected',
    what: 'An interface whose address is listed is not unconnected.',
    clause: 'InterfacesPort.unconnected: The interfaces that `list` leaves out or that have no address',
    needs: [],
    check: async function* (interfaces) {
      if (interfaces.unconnected === undefined) return;
      const list = yield* succeeds('a list', await interfaces.list());
      const unconnected = yield* succeeds('an answer', await interfaces.unconnected());
      const listed = unconnected.map(({ name }) => name).filter((name) => list.some((one) => one.name === name));
      yield* same('unconnected interfaces with a listed address', '', listed.join(', '));
    },
  },
  {
    id: 'interfaces/owns-listed',
    what: 'Addresses that are listed are this host’s own, link-local ones with and without their zone.',
    clause: OWNS,
    needs: [],
    check: async function* (interfaces, bench) {
      const list = yield* succeeds('a list', await interfaces.list());
      const zoned = list.flatMap(({ address, zone = '' }) =>
        isBareLinkLocal(address) && zone !== '' ? [`${address}%${zone}`] : [],
      );
      const own = [bench.peer.datagram.clientAddress('ipv4'), ...list.map(({ address }) => address), ...zoned];
      yield* answersTo(interfaces, own, true);
    },
  },
  {
    id: 'interfaces/owns-foreign',
    what: 'An address that this host does not have is not its own.',
    clause: OWNS,
    needs: [],
    check: async function* (interfaces, bench) {
      yield* answersTo(interfaces, [bench.peer.http.foreignAddress, '2001:db8::77'], false);
    },
  },
  {
    id: 'interfaces/owns-mapped',
    what: 'An IPv4-mapped IPv6 address is the IPv4 address in it.',
    clause: 'InterfacesPort.owns: An IPv4-mapped IPv6 address is the IPv4 address in it',
    needs: [],
    check: async function* (interfaces, bench) {
      yield* answersTo(interfaces, [`::ffff:${bench.peer.datagram.clientAddress('ipv4')}`], true);
      yield* answersTo(interfaces, [`::ffff:${bench.peer.http.foreignAddress}`], false);
    },
  },
  {
    id: 'interfaces/owns-zone',
    what: 'A link-local address in a zone that this host does not have is not its own.',
    clause: 'InterfacesPort.owns: a link-local IPv6 address may have a zone.',
    needs: [],
    check: async function* (interfaces) {
      const list = yield* succeeds('a list', await interfaces.list());
      const linkLocal = list.map(({ address }) => address).filter(isBareLinkLocal);
      yield* answersTo(
        interfaces,
        linkLocal.map((address) => `${address}%nowhere0`),
        false,
      );
    },
  },
  {
    id: 'interfaces/owns-of-no-host',
    what: 'Wildcard, broadcast and multicast addresses are no host’s own.',
    clause: 'InterfacesPort.owns: False for an address of no single host (wildcard, broadcast, multicast)',
    needs: [],
    check: async function* (interfaces) {
      const shared = ['0.0.0.0', '255.255.255.255', '239.255.255.250', '::', 'ff02::c', '::ffff:0.0.0.0'];
      yield* answersTo(interfaces, shared, false);
    },
  },
  {
    id: 'interfaces/owns-no-address',
    what: 'What is no IP address is not this host’s own: names are not looked up.',
    clause: 'InterfacesPort.owns: for what is no IP address: names are not looked up',
    needs: [],
    check: async function* (interfaces) {
      yield* answersTo(interfaces, ['localhost', '', '127.1', '1.2.3.4.5', 'fe80::%'], false);
    },
  },
];

/** Asks about each address; a port that can't know it has no such method. */
async function* answersTo(interfaces: InterfacesPort, addresses: readonly string[], expected: boolean): Steps {
  for (const address of addresses) {
    if (interfaces.owns === undefined) return;
    const answer = yield* succeeds(`an answer about "${address}"`, await interfaces.owns(address));
    yield* same(`whether it is this host's: "${address}"`, expected, answer);
  }
}

function isBareLinkLocal(address: string): boolean {
  return /^fe[89ab][^%]*$/i.test(address);
}
