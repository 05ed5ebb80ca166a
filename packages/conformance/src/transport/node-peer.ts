/** The other end on sockets of this host, for transports that speak to a real network. Node alone has it. */
import { networkInterfaces } from 'node:os';
import { nodeDatagramPeer } from './node-peer-datagram.ts';
import { nodeHttpPeer } from './node-peer-http.ts';
import type { Peer } from './peer.ts';

/** What the peer lacks on every host. */
export const LACKS: Peer['lacks'] = {
  'ipv6-multicast': 'loopback carries no IPv6 multicast',
  'unreachable-datagram': 'every loopback address has a route',
  'other-host': 'the peer is on the same host',
  'default-routers': 'the peer does not read the routes of this host',
};

/**
 * A peer on 127.0.0.1 and ::1: TCP servers that write single bytes, and UDP sockets. It opens nothing until a case needs
 * it, and nothing leaves the host.
 */
export function nodePeer(): Peer {
  const datagram = nodeDatagramPeer();
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses = []) =>
    addresses.some(({ address }) => address === '::1'),
  );
  const onLinux = process.platform === 'linux';
  return {
    lacks: {
      ...(hasIpv6 ? {} : { ipv6: 'this host has no ::1' }),
      ...(onLinux ? {} : { unreachable: 'only Linux reports it without sending anything' }),
      ...(onLinux ? {} : { 'second-peer-address': 'only Linux has more of 127.0.0.0/8 than 127.0.0.1' }),
      ...(onLinux ? {} : { 'second-address': 'only Linux has more of 127.0.0.0/8 than 127.0.0.1' }),
      ...(datagram.multicast('ipv4') === null ? { multicast: 'this host has no loopback interface' } : {}),
      ...LACKS,
    },
    http: nodeHttpPeer(),
    datagram,
    defaultRouters: null,
  };
}
