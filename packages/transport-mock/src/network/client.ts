import type { DefaultRouter, InterfaceAddress } from '@portwright/core';
import { type Complete, withDefaults } from '../with-defaults.ts';
import { canonicalAddress, familyOf, isLinkLocal } from './ip-address.ts';
import { movedBy } from './subnet.ts';

/** A machine on a {@link MemoryNetwork}, looked at from inside. */
export interface ClientOptions {
  /** Default: 192.168.1.2. */
  readonly address?: string | undefined;
  /** A global or unique local address in a /64, or null for a machine without IPv6. Default: fd77::2. */
  readonly address6?: string | null | undefined;
  /**
   * Further IPv6 addresses of the interface, as privacy extensions make them (RFC 8981): the system lists them before
   * `address6`. Default: none.
   */
  readonly otherAddresses6?: readonly OtherAddress6[] | undefined;
  /** Default: fe80::2. */
  readonly linkLocalAddress?: string | undefined;
  /** Also the zone of link-local addresses. Default: lan0. */
  readonly interfaceName?: string | undefined;
  /** Whether the interface is connected. Default: it is, and stays so. */
  readonly link?: ClientLink | undefined;
  /**
   * Further interfaces (a VPN, a virtual machine's bridge), which lead nowhere. The array may be changed at any time.
   * Default: none.
   */
  readonly otherInterfaces?: readonly InterfaceAddress[] | undefined;
  /**
   * The default routers that the system tells of, of each family the preferred one first: for a client with several
   * interfaces. Default: null: those of the network.
   */
  readonly defaultRouters?: readonly DefaultRouter[] | null | undefined;
}

/** An IPv6 address, and whether a system lets it run out. */
export type OtherAddress6 = Pick<InterfaceAddress, 'address' | 'deprecated' | 'temporary'>;

/**
 * The state of a client's interface on the network. It may be changed at any time.
 *
 * @example
 * ```ts
 * const link: ClientLink = { state: 'down' };
 * const router = simulateGateway({ client: { link } });
 * void router.clock.sleep(500).then(() => (link.state = 'up'));
 * ```
 */
export interface ClientLink {
  /**
   * `down`: the client has no address on the network, and nothing gets through. `starting`: everything works, but the list
   * of interfaces leaves it out, as systems do for about a second after an interface has come up. `up`: it is listed, too.
   */
  state: 'down' | 'starting' | 'up';
  /**
   * The IPv4 address that the client has got instead of its first one, as by DHCP. Answers to the old one are lost, and
   * so are the groups that sockets have joined on it. Default: none.
   */
  address?: string | undefined;
  /** The same for IPv6. Default: none. */
  address6?: string | undefined;
}

/** {@link ClientOptions} with nothing left open. The addresses are those of now: a network can change. */
export type Client = Complete<ClientOptions>;

/** What a client has to know of the network that it is on. */
export interface ClientNetwork {
  /** How often it has changed to another subnet. */
  readonly moves: number;
  readonly prefixLength: number;
}

/** Defaults are of the network as it was at first; an address that is given is of the network as it is now. */
export function clientOn(network: ClientNetwork, options: ClientOptions): Client {
  const client = withDefaults<ClientOptions>(options, {
    address: '192.168.1.2',
    address6: 'fd77::2',
    otherAddresses6: [],
    linkLocalAddress: 'fe80::2',
    interfaceName: 'lan0',
    link: { state: 'up' },
    otherInterfaces: [],
    defaultRouters: null,
  });
  const { moves } = network;
  const { link } = client;
  const now = (address: string, given: string | null | undefined): string =>
    movedBy(address, network.moves - (given === undefined ? 0 : moves), network.prefixLength);
  return {
    ...client,
    get address() {
      return link.address ?? now(client.address, options.address);
    },
    get address6() {
      return link.address6 ?? (client.address6 === null ? null : now(client.address6, options.address6));
    },
  };
}

/** Whether anything gets from this client to the network and back. */
export function isConnected({ link }: Client): boolean {
  return link.state !== 'down';
}

/** The client's own addresses on the network, connected or not. */
export function addressesOf({ address, address6, otherAddresses6, linkLocalAddress }: Client): readonly string[] {
  const others = otherAddresses6.map((one) => one.address);
  return address6 === null ? [address] : [address, address6, ...others, linkLocalAddress];
}

/** The client's own spelling of an address, if it is one that it has now. */
export function ownAddress(client: Client, address: string): string | undefined {
  if (!isConnected(client)) return undefined;
  const wanted = canonicalAddress(address);
  return addressesOf(client).find((own) => canonicalAddress(own) === wanted);
}

/** The address that the client uses towards another: of the same family, and of the same scope (RFC 6724, 5, rule 2). */
export function sourceFor(client: Client, destination: string): string | null {
  if (familyOf(destination) === 'ipv4') return client.address;
  if (client.address6 === null) return null;
  return isLinkLocal(destination) || /^ff02:/i.test(destination) ? client.linkLocalAddress : client.address6;
}

const LOOPBACK: InterfaceAddress = {
  name: 'lo',
  family: 'ipv4',
  address: '127.0.0.1',
  prefixLength: 8,
  internal: true,
};

/** The client's interfaces as its system lists them: loopback, the one on the network, and those that lead nowhere. */
export function interfacesOf(client: Client, prefixLength: number): readonly InterfaceAddress[] {
  const { otherInterfaces, link } = client;
  return [LOOPBACK, ...(link.state === 'up' ? onNetwork(client, prefixLength) : []), ...otherInterfaces];
}

/** The client's default routers as its system lists them. */
export function defaultRoutersOf(
  client: Client,
  network: { readonly defaultGateway: string | null; readonly defaultGateway6: string | null },
): readonly DefaultRouter[] {
  if (client.defaultRouters !== null) return client.defaultRouters;
  const routers = [network.defaultGateway, client.address6 === null ? null : network.defaultGateway6];
  return (isConnected(client) ? routers : []).flatMap((router) =>
    router === null
      ? []
      : [{ name: client.interfaceName, family: familyOf(router), address: withZone(client, router) }],
  );
}

/** An address as the client writes it: a link-local one with its zone. */
export function withZone({ interfaceName }: Client, address: string): string {
  return isLinkLocal(address) ? `${address}%${interfaceName}` : address;
}

/** Whether the client has an address, listed or not. */
export function owns(client: Client, address: string, prefixLength: number): boolean {
  const here = isConnected(client) ? onNetwork(client, prefixLength) : [];
  const [, mapped] = /^::ffff:(\d[\d.]*)$/i.exec(address) ?? [];
  const wanted = canonicalAddress(mapped ?? address);
  const zone = /%(.+)$/s.exec(address)?.[1];
  return (
    wanted !== null &&
    [LOOPBACK, ...here, ...client.otherInterfaces].some(
      (one) => canonicalAddress(one.address) === wanted && (zone === undefined || zone === one.zone),
    )
  );
}

function onNetwork(client: Client, prefixLength: number): readonly InterfaceAddress[] {
  const { address, address6, otherAddresses6, linkLocalAddress, interfaceName: name } = client;
  return [
    { name, family: 'ipv4', address, prefixLength, internal: false },
    ...(address6 === null
      ? []
      : ([
          ...otherAddresses6.map(
            (one) => ({ ...one, name, family: 'ipv6', prefixLength: 64, internal: false }) as const,
          ),
          { name, family: 'ipv6', address: address6, prefixLength: 64, internal: false },
          { name, family: 'ipv6', address: linkLocalAddress, prefixLength: 64, internal: false, zone: name },
        ] as const)),
  ];
}

/** A client like this one, with the next addresses of its network that are free. */
export function neighbourOf({ address, address6, linkLocalAddress }: Client, taken: readonly string[]): ClientOptions {
  return {
    address: nextAddress(address, taken),
    address6: address6 === null ? null : nextAddress(address6, taken),
    linkLocalAddress: nextAddress(linkLocalAddress, taken),
  };
}

/** Counted on in the last number, from 2 to 99: that stays on the subnet in either family. */
function nextAddress(address: string, taken: readonly string[]): string {
  const [, rest = '', last = ''] = /^(.*[.:])([\da-f]*)$/i.exec(address) ?? [];
  const own = parseInt(last, rest.endsWith('.') ? 10 : 16) || 0;
  const others = Array.from({ length: 98 }, (_, index) => `${rest}${((own + 97 + index) % 98) + 2}`);
  return others.find((other) => other !== address && !taken.includes(other)) ?? address;
}
