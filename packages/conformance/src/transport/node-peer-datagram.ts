import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { AddressFamily, Datagram, Endpoint, TransportError } from '@portwright/core';
import { ok, type Result, ResultAsync } from '@portwright/core/result';
import { failed, HOSTS } from './node-peer-hosts.ts';
import { bindLastingPort } from './node-peer-ports.ts';
import type { DatagramPeer, HeldPort, MulticastPlace, PeerPlace, PeerSocket } from './peer.ts';

const TYPES: Readonly<Record<AddressFamily, 'udp4' | 'udp6'>> = { ipv4: 'udp4', ipv6: 'udp6' };

/**
 * UDP sockets on loopback. The groups are of the local scope (239.255.0.0/16, RFC 2365, 6.1), and by chance others for each
 * peer: a socket on Linux hears every group that anybody on the host has joined, and another program must not be heard.
 */
export function nodeDatagramPeer(): DatagramPeer {
  const place = multicastPlace();
  return {
    open: (family, place) => new ResultAsync(open(family, place)),
    // All of 127.0.0.0/8 is this host's, on Linux.
    secondAddress: process.platform === 'linux' ? '127.0.0.3' : null,
    refusing: () => new ResultAsync(bindLastingPort(refusing)),
    clientAddress: (family) => HOSTS[family],
    multicast: (family) => (family === 'ipv4' ? place : null),
    unreachable: null,
    hold: (family, port) =>
      new ResultAsync(port === undefined ? bindLastingPort((one) => hold(family, one)) : hold(family, port)),
  };
}

function multicastPlace(): MulticastPlace | null {
  const name = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
    addresses.some(({ address }) => address === HOSTS.ipv4),
  )?.[0];
  if (name === undefined) return null;
  const chance = (): number => 1 + Math.floor(Math.random() * 250);
  const third = chance();
  const fourth = chance();
  return {
    via: { name, family: 'ipv4', address: HOSTS.ipv4, prefixLength: 8, internal: true },
    group: `239.255.${third}.${fourth}`,
    secondGroup: `239.255.${third}.${fourth + 1}`,
    strangeGroup: `239.255.${third}.${fourth + 2}`,
    port: 20_000 + Math.floor(Math.random() * 10_000),
  };
}

function bind(socket: Socket, address: string, port: number): Promise<Result<void, TransportError>> {
  return new Promise((resolve) => {
    socket.once('error', (error) => {
      resolve(failed(`binding to ${address} port ${port}`, error));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      resolve(ok(undefined));
    });
  });
}

async function open(
  family: AddressFamily,
  { address = HOSTS[family], group, port = 0 }: PeerPlace = {},
): Promise<Result<PeerSocket, TransportError>> {
  const socket = createSocket({
    type: TYPES[family],
    reuseAddr: group !== undefined,
    ipv6Only: family === 'ipv6',
  });
  // A socket that is bound to one address hears no group.
  const bound = await bind(socket, group === undefined ? address : '', port);
  if (bound.isErr()) return bound.map(() => null as never);
  socket.on('error', () => undefined);
  if (family === 'ipv4') {
    socket.setMulticastInterface(HOSTS.ipv4);
    if (group !== undefined) socket.addMembership(group, HOSTS.ipv4);
  }
  const received: Datagram[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  socket.on('message', (payload, from) => {
    received.push({ payload: new Uint8Array(payload), from: { address: from.address, port: from.port } });
    for (const { count, resolve } of waiting) if (received.length >= count) resolve();
  });
  return ok({
    endpoint: { address, port: socket.address().port },
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    send: (payload, to) =>
      new Promise((resolve) => {
        // The turn lets the transport read, since it may well live in this process.
        socket.send(payload, to.port, to.address, () => setImmediate(resolve));
      }),
    close: closer(socket),
  });
}

/** A port that was just free. */
async function refusing(port: number): Promise<Result<Endpoint, TransportError>> {
  const socket = createSocket('udp4');
  const bound = await bind(socket, HOSTS.ipv4, port);
  if (bound.isOk()) await closer(socket)();
  return bound.map(() => ({ address: HOSTS.ipv4, port }));
}

async function hold(family: AddressFamily, port: number): Promise<Result<HeldPort, TransportError>> {
  const socket = createSocket({ type: TYPES[family], ipv6Only: family === 'ipv6' });
  const bound = await bind(socket, '', port);
  return bound.map(() => ({ port, close: closer(socket) }));
}

function closer(socket: Socket): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () =>
    (closing ??= new Promise((resolve) => {
      socket.close(() => {
        resolve();
      });
    }));
}
