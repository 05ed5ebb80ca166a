import type { Datagram, DatagramPort, Endpoint, Transport } from '@portwright/core';
import { errAsync, okAsync } from '@portwright/core/result';
import { readHttpUrl } from '../http/http-url.ts';
import type { AnyMemoryNetwork } from './memory-network.ts';
import { isSameEndpoint, MemorySocket } from './memory-socket.ts';
import { type NatConnection, natOf } from './nat.ts';
import { transportError } from './transport-error.ts';

/** A machine on the provider's side of a gateway. */
export interface WanHostOptions {
  /** An IPv4 address that is not the gateway's. Default: 5.5.5.9. */
  readonly address?: string | undefined;
}

/** The gateway, as it is seen from its two sides. */
export interface RoutedGateway {
  readonly config: { readonly lanAddress: string };
  readonly connection: NatConnection & { readonly externalAddress: string };
}

/** A datagram from the WAN to the gateway's external address. */
export interface InboundDatagram {
  readonly payload: Uint8Array;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** What comes of it. */
export interface Inbound {
  /** The client that it is passed on to; null: nobody. */
  readonly inside: Endpoint | null;
  /** What the gateway itself sends back: by the book nothing. */
  readonly answers: readonly Uint8Array[];
}

type Route = (datagram: InboundDatagram) => Inbound;

/** The network that a gateway's WAN side is on. */
export interface WanSide {
  host(options?: WanHostOptions): Transport;
  close(): void;
}

const INTERFACE = 'wan0';
const FIRST_DYNAMIC_PORT = 49_152;

/**
 * What is beyond a gateway: hosts that send datagrams to its external address and get what its NAT lets out. UDP alone is
 * carried, and IPv4: there is nothing else that a mapping could be tried with in memory.
 */
export function wanSide(
  network: AnyMemoryNetwork,
  gateway: () => RoutedGateway,
  around: (datagram: InboundDatagram, route: Route) => Inbound = (datagram, route) => route(datagram),
): WanSide {
  const nat = natOf(() => gateway().connection);
  const hosts = new Set<string>();
  const sockets = new Set<MemorySocket>();

  const deliver = (datagram: Datagram, to: Endpoint): void => {
    for (const socket of sockets) {
      const isMeant = socket.local.port === to.port && socket.receivesAt(to.address);
      if (isMeant && !network.isLost()) socket.deliver(datagram);
    }
  };

  const arrive = async (payload: Uint8Array, from: Endpoint, to: Endpoint): Promise<void> => {
    await network.clock.sleep(network.transitMs());
    if (!isExternal(network, gateway(), to.address)) return;
    const route: Route = (datagram) => ({ inside: nat.inwards(datagram.from, datagram.to.port), answers: [] });
    const { inside, answers } = around({ payload, from, to }, route);
    if (inside !== null) network.carryIn(payload, from, inside);
    if (answers.length > 0) await network.clock.sleep(network.transitMs());
    for (const answer of answers) deliver({ payload: answer, from: to }, from);
  };

  const leave = async (payload: Uint8Array, from: Endpoint, to: Endpoint): Promise<void> => {
    await network.clock.sleep(network.transitMs());
    const port = nat.outwards(from, to);
    if (port === null) return;
    const { externalAddress } = gateway().connection;
    await network.clock.sleep(network.transitMs());
    deliver({ payload, from: { address: externalAddress, port } }, to);
  };

  const close = network.addExit((payload, from, to) => {
    if (!hosts.has(to.address)) return false;
    // The sender may reuse its buffer.
    void leave(payload.slice(), from, to);
    return true;
  });

  return {
    host: ({ address = '5.5.5.9' } = {}) => {
      hosts.add(address);
      return {
        http: {
          request: ({ url }) => {
            const host = readHttpUrl(url)?.host ?? '';
            return isExternal(network, gateway(), host)
              ? errAsync(transportError('refused', `no program listens at ${host} on the WAN side`, 'ECONNREFUSED'))
              : errAsync(transportError('unreachable', `no route to ${host}`, 'ENETUNREACH'));
          },
        },
        datagram: wanDatagram(address, sockets, (payload, from, to) => void arrive(payload, from, to)),
        interfaces: {
          list: () => okAsync([{ name: INTERFACE, family: 'ipv4', address, prefixLength: 24, internal: false }]),
          defaultRouters: () => okAsync([]),
        },
        clock: network.clock,
        random: network.random,
      };
    },
    close,
  };
}

/**
 * Whether an address leads to the gateway from outside. Some tell one that can't: none at all, 0.0.0.0, or one of their
 * own LAN.
 */
function isExternal(network: AnyMemoryNetwork, { config, connection }: RoutedGateway, address: string): boolean {
  const isOfNobody = address === '' || address === '0.0.0.0' || network.isOnLink(address, config.lanAddress);
  return !isOfNobody && address === connection.externalAddress;
}

function wanDatagram(
  address: string,
  sockets: Set<MemorySocket>,
  carry: (payload: Uint8Array, from: Endpoint, to: Endpoint) => void,
): DatagramPort {
  let dynamicPort = FIRST_DYNAMIC_PORT;
  return {
    open: ({ family, multicastInterface, localPort = 0, localAddress, remote }) => {
      if (family === 'ipv6') return errAsync(transportError('failed', 'this computer has no IPv6', 'EAFNOSUPPORT'));
      const { name = INTERFACE } = multicastInterface ?? {};
      if (name !== INTERFACE) {
        return errAsync(transportError('no-such-interface', `this computer has no interface ${name}`, 'ENODEV'));
      }
      if (localAddress !== undefined && localAddress !== address) {
        const message = `this computer has no address ${localAddress}`;
        return errAsync(transportError('no-such-interface', message, 'EADDRNOTAVAIL'));
      }
      const isBound = localAddress !== undefined || remote !== undefined;
      const port = localPort === 0 ? dynamicPort : localPort;
      if (localPort === 0) dynamicPort = dynamicPort === 65_535 ? FIRST_DYNAMIC_PORT : dynamicPort + 1;
      const socket: MemorySocket = new MemorySocket({
        local: { address: isBound ? address : '0.0.0.0', port },
        receivesAt: (to) => to === address,
        zone: INTERFACE,
        isConnected: () => true,
        remote,
        onSend: (payload, to) => {
          if (remote !== undefined && !isSameEndpoint(remote, to)) {
            return transportError('failed', `the socket is connected to ${remote.address}`, 'EISCONN');
          }
          // What nobody answers gets lost on its way: a datagram gives no other sign.
          carry(payload.slice(), { address, port }, to);
          return null;
        },
        onClose: () => {
          sockets.delete(socket);
        },
      });
      sockets.add(socket);
      return okAsync(socket);
    },
  };
}
