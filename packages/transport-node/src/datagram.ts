import type { Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type {
  Datagram,
  DatagramOptions,
  DatagramPort,
  DatagramSocket,
  Endpoint,
  InterfaceAddress,
  TransportError,
} from '@portwright/core';
import { err, ok, ResultAsync } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { createInbox } from './inbox.ts';
import { fromSystem } from './transport-error.ts';
import { zoneOf } from './zone.ts';

/** Unread datagrams that a socket keeps; of a flood, the first. */
const MAX_UNREAD = 256;

/**
 * The system's words for an ICMP error about a datagram that a connected socket has sent: port unreachable (Windows:
 * ECONNRESET), and a firewall's "administratively prohibited" (Linux: EHOSTUNREACH for IPv4, EACCES for IPv6).
 */
const REFUSALS: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'EACCES'];

/** Bytes of a datagram; SSDP's are some hundreds, and larger ones are dropped unread. */
const MAX_DATAGRAM_BYTES = 4096;

/**
 * UDP by node:dgram. A socket keeps at most 256 unread datagrams of at most 4096 bytes, and drops the rest.
 *
 * Sockets are bound to the wildcard address by default, with a multicast interface too, since a socket bound to one address
 * hears no multicast on most systems. A `localPort` is shared with other sockets that share it; on Linux each of them hears a
 * multicast datagram, and only one of them a unicast one. Names are never looked up: destinations are IP literals.
 *
 * Errors: `address-in-use`, `not-permitted`, `no-such-interface`, `unreachable`, `too-large` (the datagram), and
 * `failed` for the rest, a port or `ttl` out of range included.
 */
export function nodeDatagram(): DatagramPort {
  return { open: (options) => new ResultAsync(open(options)) };
}

function open(options: DatagramOptions): Promise<Result<DatagramSocket, TransportError>> {
  const { family, localPort = 0, localAddress, remote } = options;
  return new Promise((resolve) => {
    const inbox = createInbox<Datagram>(MAX_UNREAD);
    // Loaded now: who remembers a gateway asks it over HTTP alone.
    const socket = process.getBuiltinModule('node:dgram').createSocket({
      type: family === 'ipv4' ? 'udp4' : 'udp6',
      // Not for port 0, or the system may choose a port that another sharing socket has, whose answers would be lost.
      reuseAddr: localPort !== 0,
      ipv6Only: family === 'ipv6',
      // Addresses go to the system as they are, and it refuses what is no IP literal.
      lookup: (address, _options, callback) => {
        callback(null, address, family === 'ipv4' ? 4 : 6);
      },
    });

    let closing: Promise<void> | undefined;
    const close = (): Promise<void> =>
      (closing ??= new Promise((closed) => {
        socket.once('close', closed);
        socket.close();
      }));
    // After the socket was opened, this is a failure to receive: the promise is settled, and the iteration ends.
    const fail = (error: unknown): void => {
      resolve(err(fromSystem(error, `UDP port ${localPort}`)));
      void close();
    };
    /** Null: not connected (yet). */
    let peer: Endpoint | null = null;
    const finish = (): void => {
      const { address, port } = socket.address();
      const send = peer === null ? sender(socket) : connectedSender(socket, options);
      resolve(ok({ local: { address, port }, send, datagrams: inbox, close }));
    };

    socket.on('close', inbox.end);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (peer !== null && REFUSALS.includes(error.code)) options.onRefused?.();
      else fail(error);
    });
    socket.on('message', (payload, { address, port }) => {
      if (payload.length > MAX_DATAGRAM_BYTES) return;
      // The system keeps what has arrived from others before the socket was connected.
      if (remote !== undefined && (address !== peer?.address || port !== peer.port)) return;
      // Copied, because Node's buffer may be a window on a far larger one.
      inbox.put({ payload: new Uint8Array(payload), from: { address, port } });
    });
    socket.on('listening', () => {
      try {
        setUpMulticast(socket, options);
        if (remote === undefined) {
          finish();
          return;
        }
        socket.connect(remote.port, remote.address, (error?: Error) => {
          if (error !== undefined) {
            fail(error);
            return;
          }
          peer = socket.remoteAddress();
          finish();
        });
      } catch (error) {
        fail(error);
      }
    });
    try {
      requireWithin(localPort, 65_535);
      // Node takes it for the wildcard.
      if (localAddress === '') throw Object.assign(new Error('no address'), { code: 'EINVAL' });
      // Exclusive, or a worker of node:cluster would share its primary's socket.
      socket.bind({ port: localPort, address: localAddress, exclusive: true });
    } catch (error) {
      fail(error);
    }
  });
}

function setUpMulticast(socket: Socket, options: DatagramOptions): void {
  const { multicastInterface, ttl, memberships = [] } = options;
  const via = multicastInterface === undefined ? undefined : multicastName(options.family, multicastInterface);
  if (via !== undefined) socket.setMulticastInterface(via);
  if (ttl !== undefined) {
    requireWithin(ttl, 255);
    socket.setMulticastTTL(ttl);
  }
  // A group that is joined twice would be "address in use".
  for (const group of new Set(memberships)) socket.addMembership(group, via);
}

/** Node hands on what is out of range, and the system takes its low bits: 65,536 for any port, 1.5 for 1, NaN for 0. */
function requireWithin(value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw Object.assign(new RangeError(`${value}`), { code: 'ERR_OUT_OF_RANGE' });
}

/** An interface in the spelling of Node's multicast calls: its address, or `::%` and its zone. */
function multicastName(family: DatagramOptions['family'], { name, address }: InterfaceAddress): string {
  if (family === 'ipv4') return address;
  // Asked anew, since Node takes a zone that does not exist for the system's choice of interface.
  const zone = zoneOf(name, networkInterfaces()[name] ?? []);
  if (zone === undefined) throw Object.assign(new Error('zone'), { code: 'ENODEV' });
  return `::%${zone}`;
}

type Send = (payload: Uint8Array, to: Endpoint) => Promise<Result<void, TransportError>>;

function sender(socket: Socket): DatagramSocket['send'] {
  const send: Send = (payload, to) =>
    settled(to, (done) => {
      socket.send(payload, to.port, to.address, done);
    });
  return (payload, to) => new ResultAsync(send(payload, to));
}

function connectedSender(socket: Socket, { remote, onRefused }: DatagramOptions): DatagramSocket['send'] {
  const transmit: Send = (payload, to) =>
    settled(to, (done) => {
      if (to.port !== remote?.port || to.address !== remote.address) {
        throw Object.assign(new Error('connected'), { code: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
      }
      socket.send(payload, done);
    });
  const send: Send = async (payload, to) => {
    const sent = await transmit(payload, to);
    if (sent.isOk() || (sent.error.code !== 'refused' && sent.error.code !== 'reset')) return sent;
    // The refusal of an earlier datagram: the system told it in place of sending this one, and has forgotten it now.
    onRefused?.();
    return transmit(payload, to);
  };
  return (payload, to) => new ResultAsync(send(payload, to));
}

/** What comes of sending. Node throws for a closed socket, and for a port outside 1..65535. */
function settled(
  to: Endpoint,
  transmit: (done: (error: unknown) => void) => void,
): Promise<Result<void, TransportError>> {
  return new Promise((resolve) => {
    const done = (error: unknown): void => {
      resolve(error ? err(fromSystem(error, `UDP to ${to.address} port ${to.port}`)) : ok(undefined));
    };
    try {
      transmit(done);
    } catch (error) {
      done(error);
    }
  });
}
