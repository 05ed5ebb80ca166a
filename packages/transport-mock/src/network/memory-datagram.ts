import type { DatagramOptions, DatagramPort, DatagramSocket, Endpoint, TransportError } from '@portwright/core';
import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from '@portwright/core/result';
import {
  addressesOf,
  type Client,
  defaultRoutersOf,
  interfacesOf,
  isConnected,
  ownAddress,
  owns,
  sourceFor,
  withZone,
} from './client.ts';
import { canonicalAddress, familyOf, isLinkLocal, isMulticast } from './ip-address.ts';
import { isSameEndpoint, MemorySocket } from './memory-socket.ts';
import { transportError } from './transport-error.ts';
import type { UdpSockets } from './udp-sockets.ts';

/** Where the system's choice of a local port begins (RFC 6335, 6: dynamic ports). */
const FIRST_DYNAMIC_PORT = 49_152;

/** The payload that a UDP datagram of IPv4 has room for. */
const MAX_PAYLOAD = 65_507;

/** The part of a MemoryNetwork that UDP needs. */
export interface DatagramNetwork {
  readonly prefixLength: number;
  readonly defaultGateway: string | null;
  readonly defaultGateway6: string | null;
  readonly sockets: UdpSockets;
  isOnLink(address: string, ownAddress: string): boolean;
  carry(payload: Uint8Array, from: Endpoint, to: Endpoint): void;
  carryOut(payload: Uint8Array, from: Endpoint, to: Endpoint): boolean;
}

export function memoryDatagram(network: DatagramNetwork, client: Client): DatagramPort {
  let dynamicPort = FIRST_DYNAMIC_PORT;
  const nextDynamicPort = (): number => {
    const port = dynamicPort;
    dynamicPort = port === 65_535 ? FIRST_DYNAMIC_PORT : port + 1;
    return port;
  };
  return {
    open: (options): ResultAsync<DatagramSocket, TransportError> => {
      const error = openError(network, client, options);
      if (error !== null) return errAsync(error);
      const { localPort = 0 } = options;
      return boundAddress(network, client, options).asyncAndThen((bound) =>
        okAsync(openSocket(network, client, options, bound, localPort === 0 ? nextDynamicPort() : localPort)),
      );
    },
  };
}

function openError(
  network: DatagramNetwork,
  client: Client,
  { family, multicastInterface, localPort = 0, ttl = 1 }: DatagramOptions,
): TransportError | null {
  if (!isWithin(localPort, 0, 65_535) || !isWithin(ttl, 0, 255)) {
    return transportError('failed', `a UDP socket can't have port ${localPort} and ttl ${ttl}`, 'ERR_OUT_OF_RANGE');
  }
  if (family === 'ipv6' && client.address6 === null) {
    return transportError('failed', 'this computer has no IPv6', 'EAFNOSUPPORT');
  }
  if (multicastInterface === undefined) return null;
  const { name: wanted } = multicastInterface;
  const isKnown = interfacesOf(client, network.prefixLength).some(
    (one) => one.name === wanted && (family === 'ipv6' || one.address === multicastInterface.address),
  );
  return isKnown ? null : transportError('no-such-interface', `this computer has no interface ${wanted}`, 'ENODEV');
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** The address that a socket is bound to, without a zone. Null: the wildcard. */
function boundAddress(
  network: DatagramNetwork,
  client: Client,
  { family, localAddress, remote }: DatagramOptions,
): Result<string | null, TransportError> {
  const own = localAddress === undefined ? null : boundTo(network, client, localAddress);
  if (own === undefined || (own !== null && familyOf(own) !== family)) {
    return err(transportError('no-such-interface', `this computer has no address ${localAddress}`, 'EADDRNOTAVAIL'));
  }
  if (remote === undefined) return ok(own);
  const { address, port } = remote;
  if (!isWithin(port, 1, 65_535)) {
    return err(transportError('failed', `can't connect a UDP socket to port ${port}`, 'ERR_SOCKET_BAD_PORT'));
  }
  const isOfFamily = canonicalAddress(address) !== null && familyOf(address) === family;
  const source = isOfFamily && isInZone(client, address) ? (own ?? sourceFor(client, address)) : null;
  if (source === null) {
    return err(transportError('failed', `an ${family} socket can't be connected to ${address}`, 'EINVAL'));
  }
  const isRouted = defaultRoutersOf(client, network).some((router) => router.family === family);
  return isConnected(client) && (isRouted || isNear(network, client, address))
    ? ok(source)
    : err(transportError('unreachable', `no route to ${address}`, 'ENETUNREACH'));
}

/** Whether the client reaches an address without a router, whatever address it sends from. */
function isNear(network: DatagramNetwork, client: Client, address: string): boolean {
  return isMulticast(address) || network.isOnLink(address, sourceFor(client, address) ?? '');
}

/** The client's own spelling of an address that it can be bound to. Undefined: it has no such address. */
function boundTo({ prefixLength }: DatagramNetwork, client: Client, address: string): string | undefined {
  if (!isInZone(client, address)) return undefined;
  const own = ownAddress(client, address);
  return own ?? (owns(client, address, prefixLength) ? address : undefined);
}

/** A link-local address says nothing without its zone: systems refuse it. */
function isInZone({ interfaceName }: Client, address: string): boolean {
  return !isLinkLocal(address) || address.endsWith(`%${interfaceName}`);
}

function openSocket(
  network: DatagramNetwork,
  client: Client,
  options: DatagramOptions,
  bound: string | null,
  port: number,
): DatagramSocket {
  const { family, multicastInterface, memberships = [], ttl = 1, remote, onRefused } = options;
  const isOnThisNetwork =
    (multicastInterface === undefined || multicastInterface.name === client.interfaceName) &&
    (bound === null || ownAddress(client, bound) !== undefined);
  /** Systems name an interface for multicast by its address in IPv4, and by its number in IPv6. */
  const isBoundTo = multicastInterface !== undefined && family === 'ipv4' ? multicastInterface.address : null;
  const groups = new Set(memberships.flatMap((group) => canonicalAddress(group) ?? []));
  const receivesAt = (address: string): boolean => {
    if (!isOnThisNetwork) return false;
    // A socket that is bound to one address hears no group.
    if (bound !== null && canonicalAddress(bound) !== address) return false;
    if (groups.has(address)) return isBoundTo === null || isBoundTo === client.address;
    return addressesOf(client).some((own) => familyOf(own) === family && canonicalAddress(own) === address);
  };
  const send = (payload: Uint8Array, to: Endpoint): TransportError | null => {
    if (!isWithin(to.port, 1, 65_535)) {
      return transportError('failed', `can't send a datagram to port ${to.port}`, 'ERR_SOCKET_BAD_PORT');
    }
    if (payload.length > MAX_PAYLOAD) return transportError('too-large', `${payload.length} bytes`, 'EMSGSIZE');
    if (remote !== undefined && !isSameEndpoint(remote, to)) {
      return transportError('failed', `the socket is connected to ${remote.address} port ${remote.port}`, 'EISCONN');
    }
    const source = familyOf(to.address) === family ? (bound ?? sourceFor(client, to.address)) : null;
    if (source === null) return transportError('failed', `an ${family} socket can't reach ${to.address}`, 'EINVAL');
    if (!isConnected(client)) return transportError('unreachable', `no route to ${to.address}`, 'ENETUNREACH');
    const isGroup = isMulticast(to.address);
    // Linux: a socket goes on sending multicast from the address that its interface was named by.
    const from = { address: isGroup ? (isBoundTo ?? source) : source, port };
    if (!isNear(network, client, to.address)) {
      const isOnItsWay = isOnThisNetwork && network.carryOut(payload, { address: source, port }, to);
      return isOnItsWay ? null : transportError('unreachable', `no route to ${to.address}`, 'ENETUNREACH');
    }
    // A multicast datagram with a TTL of 0 stays on its host (RFC 1112, 6.1).
    if (isOnThisNetwork && !(isGroup && ttl === 0)) network.carry(payload, from, to);
    return null;
  };
  const socket: MemorySocket = new MemorySocket({
    local: { address: bound === null ? (family === 'ipv4' ? '0.0.0.0' : '::') : withZone(client, bound), port },
    receivesAt,
    zone: client.interfaceName,
    isConnected: () => isConnected(client),
    onSend: send,
    onClose: () => {
      network.sockets.remove(socket);
    },
    remote,
    onRefused,
  });
  network.sockets.add(socket);
  return socket;
}
