import type { DatagramPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { arrive, openPeer, openSocket } from './datagram-socket.ts';
import { fails, given, same, succeeds } from './expectations.ts';
import { bytes, everyByte } from './messages.ts';

const SENDER = 'Datagram: A UDP datagram and where it came from.';
const ARRIVES = 'DatagramSocket.send: ResultAsync<void, TransportError>';
const IN_ORDER = 'DatagramSocket.datagrams: What arrives, in order; to be iterated once.';
const A_RESULT = 'DatagramPort: Nothing here throws or rejects: what can fail returns a Result.';

/** Single datagrams, there and back. */
export const DATAGRAM_SENDING: readonly ContractCase<DatagramPort>[] = [
  {
    id: 'datagram/sent-bytes',
    what: 'A datagram of any bytes arrives unchanged.',
    clause: ARRIVES,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* succeeds('sending', await socket.send(everyByte(), peer.endpoint));
      yield* await arrive(bench, peer, 1);
      yield* same('the payload', everyByte(), peer.received[0]?.payload);
    },
  },
  {
    id: 'datagram/sent-empty',
    what: 'An empty datagram is sent.',
    clause: ARRIVES,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* succeeds('sending', await socket.send(new Uint8Array(0), peer.endpoint));
      yield* await arrive(bench, peer, 1);
    },
  },
  {
    id: 'datagram/sent-from',
    what: 'Datagrams leave from the port that the socket reports.',
    clause: 'DatagramSocket.local: Where the socket is bound',
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* succeeds('sending', await socket.send(bytes('x'), peer.endpoint));
      yield* await arrive(bench, peer, 1);
      yield* same('the port', peer.received[0]?.from.port, socket.local.port);
    },
  },
  {
    id: 'datagram/buffer-reused',
    what: 'After a successful send, the caller may reuse the buffer.',
    clause: ARRIVES,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      const buffer = bytes('first');
      yield* succeeds('sending', await socket.send(buffer, peer.endpoint));
      buffer.fill(0);
      yield* await arrive(bench, peer, 1);
      yield* same('the payload', bytes('first'), peer.received[0]?.payload);
    },
  },
  {
    id: 'datagram/sent-too-large',
    what: 'A datagram that is too large for UDP is an error.',
    clause: 'TransportErrorCode: More header or body bytes than allowed.',
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* fails('sending 70,000 bytes', await socket.send(new Uint8Array(70_000), peer.endpoint), 'too-large');
    },
  },
  {
    id: 'datagram/other-family',
    what: 'Sending from an IPv4 socket to an IPv6 address is an error.',
    clause: A_RESULT,
    needs: ['ipv6'],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench, 'ipv6');
      const { socket } = yield* await openSocket(datagram, bench);
      yield* fails('sending', await socket.send(bytes('x'), peer.endpoint));
    },
  },
  {
    id: 'datagram/bad-port',
    what: 'Sending to port 0 or 65,536 is an error; nothing is thrown.',
    clause: A_RESULT,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      for (const port of [0, 65_536]) {
        yield* fails(`sending to port ${port}`, await socket.send(bytes('x'), { ...peer.endpoint, port }));
      }
    },
  },
  {
    id: 'datagram/sent-unreachable',
    what: 'An address without a route is reported as unreachable.',
    clause: "TransportErrorCode: 'unreachable'",
    needs: ['unreachable-datagram'],
    check: async function* (datagram, bench) {
      const address = yield* given('an address that is out of reach', bench.peer.datagram.unreachable);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* fails('sending', await socket.send(bytes('x'), { address, port: 1900 }), 'unreachable');
    },
  },
  {
    id: 'datagram/received-bytes',
    what: 'A datagram of any bytes is received unchanged.',
    clause: IN_ORDER,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench);
      await peer.send(everyByte(), endpoint);
      const { payload } = yield* await next();
      yield* same('the payload', everyByte(), payload);
    },
  },
  {
    id: 'datagram/received-empty',
    what: 'An empty datagram is received.',
    clause: IN_ORDER,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench);
      await peer.send(new Uint8Array(0), endpoint);
      await peer.send(bytes('after it'), endpoint);
      const { payload } = yield* await next();
      yield* same('the payload', new Uint8Array(0), payload);
    },
  },
  {
    id: 'datagram/received-from',
    what: 'A datagram has its sender: address and port.',
    clause: SENDER,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench);
      await peer.send(bytes('x'), endpoint);
      const { from } = yield* await next();
      yield* same('the sender', [peer.endpoint.address, peer.endpoint.port], [from.address, from.port]);
    },
  },
  {
    id: 'datagram/received-large',
    what: 'A datagram of 1,400 bytes, near the limit of a link, is received whole.',
    clause: IN_ORDER,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench);
      await peer.send(new Uint8Array(1400).fill(97), endpoint);
      const { payload } = yield* await next();
      yield* same('the length', 1400, payload.length);
    },
  },
  {
    id: 'datagram/order',
    what: 'Datagrams come in the order of their arrival, also those that arrived before the first read.',
    clause: IN_ORDER,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench);
      const numbers = Array.from({ length: 20 }, (_, number) => number);
      for (const number of numbers) await peer.send(Uint8Array.of(number), endpoint);
      const order: number[] = [];
      for (let left = numbers.length; left > 0; left -= 1) {
        const { payload } = yield* await next();
        order.push(payload[0] ?? -1);
      }
      yield* same('the order', numbers, order);
    },
  },
  {
    id: 'datagram/ipv6',
    what: 'An IPv6 socket sends and receives.',
    clause: 'DatagramOptions: readonly family: AddressFamily;',
    needs: ['ipv6'],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench, 'ipv6');
      const { socket, next, endpoint } = yield* await openSocket(datagram, bench, { family: 'ipv6' });
      yield* succeeds('sending', await socket.send(bytes('there'), peer.endpoint));
      yield* await arrive(bench, peer, 1);
      await peer.send(bytes('back'), endpoint);
      const { payload, from } = yield* await next();
      yield* same('the payload', bytes('back'), payload);
      yield* expectThat(from.address.includes(':'), 'an IPv6 address as the sender', from.address);
    },
  },
];
