import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type {
  Datagram,
  DatagramOptions,
  DatagramPort,
  DatagramSocket,
  Endpoint,
  TransportError,
  TransportErrorCode,
} from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { connect, isByHand, isMeant, localOf } from './connected-by-hand.test-support.ts';
import type { DatagramDefect, Has } from './datagram-defects.test-support.ts';
import { transportError } from './http-defects.test-support.ts';

/** What the sockets of one port share. */
interface Shared {
  readonly open: Inbox[];
  readonly ports: Set<number>;
}

/** Unread datagrams and a reader that waits. */
interface Inbox {
  readonly items: Datagram[];
  readers: ((result: IteratorResult<Datagram, undefined>) => void)[];
  isClosed: boolean;
}

const MAX_UNREAD = 256;

/** What no host of the tests has. */
const FOREIGN = '203.0.113.77';

/** UDP by node:dgram, by hand: as it should be, but for one defect, named after the case that has to find it. */
export function datagramByHand(defect: DatagramDefect | null, strangeGroup: string): DatagramPort {
  const has: Has = (one) => one === defect;
  const shared: Shared = { open: [], ports: new Set() };
  return {
    open: (options) => {
      if (has('datagram/port-chosen-by-system') && options.localPort === 0) return failure('failed');
      if (has('datagram/ipv6') && options.family === 'ipv6') return failure('failed');
      if (has('datagram/bad-options') && !isWithin(options.ttl ?? 1, 255)) return open({ ...options, ttl: 1 });
      return open(options);
    },
  };

  function open(options: DatagramOptions): ResultAsync<DatagramSocket, TransportError> {
    return new ResultAsync(openSocket(options, strangeGroup, has, shared));
  }
}

function failure<T>(code: TransportErrorCode): ResultAsync<T, TransportError> {
  return new ResultAsync(Promise.resolve(err(transportError(code))));
}

function isWithin(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}

async function openSocket(
  options: DatagramOptions,
  strangeGroup: string,
  has: Has,
  shared: Shared,
): Promise<Result<DatagramSocket, TransportError>> {
  const { family, localPort = 0, ttl = 1, memberships = [], multicastInterface: via, localAddress, remote } = options;
  if (!isWithin(localPort, 65_535) || !isWithin(ttl, 255)) return err(transportError('failed'));
  const isKnown = via === undefined || Object.keys(networkInterfaces()).includes(via.name);
  if (!isKnown && !has('datagram/no-such-interface')) return err(transportError('no-such-interface'));
  if (has('datagram/port-shared') && shared.ports.has(localPort)) return err(transportError('address-in-use'));
  const socket = createSocket({
    type: family === 'ipv4' ? 'udp4' : 'udp6',
    reuseAddr: localPort !== 0,
    ipv6Only: family === 'ipv6',
  });
  const bound = await bind(
    socket,
    localPort,
    has('datagram/bound') && localAddress !== FOREIGN ? undefined : localAddress,
  );
  if (!bound && localAddress !== undefined) {
    if (!has('datagram/bound-elsewhere')) return err(transportError('no-such-interface'));
    return openSocket({ ...options, localAddress: undefined }, strangeGroup, has, shared);
  }
  if (!bound) return err(transportError(has('datagram/port-in-use') ? 'failed' : 'address-in-use'));
  if (has('datagram/port-given') && localPort !== 0) {
    socket.close();
    return openSocket({ ...options, localPort: 0 }, strangeGroup, has, shared);
  }
  const connected = await connect(socket, options, has);
  if (connected === false) {
    socket.close();
    return err(transportError('failed'));
  }
  const { address, port } = socket.address();
  const isDeaf = has('datagram/multicast-members') && shared.ports.has(port);
  shared.ports.add(port);
  if (via !== undefined && isKnown && family === 'ipv4') {
    socket.setMulticastInterface(via.address);
    if (has('datagram/multicast-not-joined') && memberships.length === 0)
      socket.addMembership(strangeGroup, via.address);
    try {
      const groups = has('datagram/multicast-several') ? memberships : new Set(memberships);
      for (const group of groups) socket.addMembership(group, via.address);
    } catch {
      socket.close();
      return err(transportError('address-in-use'));
    }
  }
  const inbox = createInbox(shared);
  let refusals = 0;
  socket.on('error', () => {
    if (has('datagram/refused')) return;
    refusals += 1;
    options.onRefused?.();
    if (has('datagram/refused-once') && refusals === 1) void close(socket, inbox, shared, has);
  });
  socket.on('message', (payload, from) => {
    if (!isDeaf && isMeant(remote, from, has)) receive(inbox, { payload: new Uint8Array(payload), from }, options, has);
  });
  return ok({
    local: { address: localOf(remote, address, has), port },
    send: (payload, to) => new ResultAsync(sendOn(socket, payload, to, options, inbox, has)),
    datagrams: { [Symbol.asyncIterator]: () => ({ next: () => next(inbox, shared, has) }) },
    close: () =>
      close(socket, inbox, shared, (one) =>
        has(one === 'datagram/close-ends' && remote !== undefined ? 'datagram/connected-close' : one),
      ),
  });
}

function bind(socket: Socket, port: number, address: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('error', () => {
      resolve(false);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      resolve(true);
    });
  });
}

function createInbox({ open }: Shared): Inbox {
  const inbox: Inbox = { items: [], readers: [], isClosed: false };
  open.push(inbox);
  return inbox;
}

function receive(inbox: Inbox, datagram: Datagram, options: DatagramOptions, has: Has): void {
  let { payload } = datagram;
  let { address, port } = datagram.from;
  if (has('datagram/received-empty') && payload.length === 0) return;
  if (has('datagram/received-bytes')) payload = payload.map((byte) => byte & 0x7f);
  if (has('datagram/received-large')) payload = payload.slice(0, 1024);
  if (has('datagram/received-from')) port = 0;
  if (has('datagram/multicast-heard')) address = options.memberships?.[0] ?? address;
  const taken = { payload, from: { address, port } };
  const reader = inbox.readers.shift();
  if (reader !== undefined) reader({ done: false, value: taken });
  else if (has('datagram/flood') || inbox.items.length < MAX_UNREAD) inbox.items.push(taken);
}

function next(own: Inbox, { open }: Shared, has: Has): Promise<IteratorResult<Datagram, undefined>> {
  const other = open[1 - open.indexOf(own)];
  const inbox = has('datagram/side-by-side') && open.length === 2 && other !== undefined ? other : own;
  // A stack in place of a queue, once there is more than a few.
  const isStack = has('datagram/order') && inbox.items.length > 4;
  const item = isStack ? inbox.items.pop() : inbox.items.shift();
  if (item !== undefined) return Promise.resolve({ done: false, value: item });
  if (inbox.isClosed) return Promise.resolve({ done: true, value: undefined });
  return new Promise((resolve) => inbox.readers.push(resolve));
}

function close(socket: Socket, inbox: Inbox, shared: Shared, has: Has): Promise<void> {
  if (inbox.isClosed) return has('datagram/close-again') ? Promise.reject(new Error('closed')) : Promise.resolve();
  inbox.isClosed = true;
  shared.open.splice(shared.open.indexOf(inbox), 1);
  shared.ports.delete(socket.address().port);
  if (has('datagram/close-keeps')) inbox.items.length = 0;
  if (!has('datagram/close-ends')) for (const reader of inbox.readers) reader({ done: true, value: undefined });
  if (has('datagram/close-frees')) {
    setTimeout(() => socket.close(), 300);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    socket.close(() => {
      resolve();
    });
  });
}

async function sendOn(
  socket: Socket,
  payload: Uint8Array,
  to: Endpoint,
  options: DatagramOptions,
  inbox: Inbox,
  has: Has,
): Promise<Result<void, TransportError>> {
  const { family, remote } = options;
  const { isClosed } = inbox;
  if (isClosed && has('datagram/send-after-close')) throw new Error('closed');
  if (isClosed) return err(transportError('failed'));
  const isMulticast = /^2(?:2[4-9]|3\d)\./.test(to.address);
  if (isMulticast && has('datagram/multicast-sent')) return ok(undefined);
  if (isIP(to.address) !== (family === 'ipv4' ? 4 : 6)) {
    return has('datagram/other-family') ? ok(undefined) : err(transportError('failed'));
  }
  if (to.port < 1 || to.port > 65_535) {
    if (has('datagram/bad-port')) throw new RangeError('port');
    return err(transportError('failed'));
  }
  const isElsewhere = remote !== undefined && (to.port !== remote.port || to.address !== remote.address);
  if (isElsewhere && !has('datagram/connected-send')) return err(transportError('failed'));
  if (payload.length > 65_507) return has('datagram/sent-too-large') ? ok(undefined) : err(transportError('too-large'));
  if (payload.length === 0 && has('datagram/sent-empty')) return ok(undefined);
  const bytes = has('datagram/sent-bytes') ? payload.map((byte) => byte & 0x7f) : payload;
  const isFree = !isMulticast && options.localAddress === undefined && remote === undefined;
  const other = has('datagram/sent-from') && isFree ? createSocket(family === 'ipv4' ? 'udp4' : 'udp6') : null;
  const transmit = (done: () => void): void => {
    if (isByHand(options, has)) (other ?? socket).send(bytes, to.port, to.address, done);
    else socket.send(bytes, done);
  };
  if (has('datagram/buffer-reused')) {
    // Said to be sent before it is.
    setTimeout(() => {
      if (!inbox.isClosed) transmit(() => undefined);
    }, 5);
    return ok(undefined);
  }
  return new Promise((resolve) => {
    transmit(() => {
      other?.close();
      resolve(ok(undefined));
    });
  });
}
