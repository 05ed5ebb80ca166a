import type { DatagramPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { arrive, openPeer, openSocket, refusingEndpoint } from './datagram-socket.ts';
import { fails, given, same, succeeds, within, withoutZone } from './expectations.ts';
import { bytes } from './messages.ts';

/** How often a datagram is sent, at most, until a refusal is told, and how long it may take each time. */
const TRIES = 5;
const ICMP_MS = 200;

const BOUND = 'DatagramOptions.localAddress: The address to bind to; a link-local IPv6 one with its zone.';
const FOREIGN = "DatagramOptions.localAddress: An address that is not this host's is an error.";
const FILTERED = 'DatagramOptions.remote: only datagrams from this address and port arrive';
const SOURCE = 'DatagramOptions.remote: `local` has the address that the system sends from';
const NO_ROUTE = 'DatagramOptions.remote: Where no route leads there, opening fails with `unreachable`.';
const ELSEWHERE = 'DatagramSocket.send: of a connected socket, its `remote`: to send elsewhere is an error';
const REFUSED = 'DatagramOptions.onRefused: Called when the remote endpoint refuses a datagram (ICMP port unreachable)';
const STAYS = 'DatagramOptions.onRefused: The socket stays open';
const ENDS = 'DatagramSocket.datagrams: It ends when the socket is closed or fails, after what has been buffered.';

/** Sockets that are bound to an address, or connected to an endpoint. */
export const DATAGRAM_CONNECTED: readonly ContractCase<DatagramPort>[] = [
  {
    id: 'datagram/bound',
    what: 'A socket that is bound to an address sends from it, and reports it.',
    clause: BOUND,
    needs: ['second-address'],
    check: async function* (datagram, bench) {
      const { family, address } = yield* given('a second address', bench.peer.http.secondAddress);
      const peer = yield* await openPeer(bench, family);
      const { socket } = yield* await openSocket(datagram, bench, { family, localAddress: address });
      yield* same('the local address', withoutZone(address), withoutZone(socket.local.address));
      yield* succeeds('sending', await socket.send(bytes('x'), peer.endpoint));
      yield* await arrive(bench, peer, 1);
      yield* same('the sender', withoutZone(address), withoutZone(peer.received[0]?.from.address ?? ''));
    },
  },
  {
    id: 'datagram/bound-elsewhere',
    what: 'An address that this host does not have can not be bound to.',
    clause: FOREIGN,
    needs: [],
    check: async function* (datagram, bench) {
      const localAddress = bench.peer.http.foreignAddress;
      const opened = await datagram.open({ family: 'ipv4', localAddress });
      if (opened.isOk()) bench.closeLater(opened.value);
      yield* fails('opening', opened, 'no-such-interface');
    },
  },
  {
    id: 'datagram/connected-local',
    what: 'A connected socket reports the address and port that its datagrams leave from.',
    clause: SOURCE,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote: peer.endpoint });
      yield* succeeds('sending', await socket.send(bytes('x'), peer.endpoint));
      yield* await arrive(bench, peer, 1);
      const { address = '', port = 0 } = peer.received[0]?.from ?? {};
      yield* same('the local endpoint', [address, port], [socket.local.address, socket.local.port]);
    },
  },
  {
    id: 'datagram/connected-address',
    what: 'A connected socket receives nothing from another address.',
    clause: FILTERED,
    needs: ['second-peer-address'],
    check: async function* (datagram, bench) {
      const address = yield* given('a second address', bench.peer.datagram.secondAddress);
      const peer = yield* await openPeer(bench);
      const stranger = yield* await openPeer(bench, 'ipv4', { address, port: peer.endpoint.port });
      const { next, endpoint } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote: peer.endpoint });
      await stranger.send(bytes('forged'), endpoint);
      await peer.send(bytes('honest'), endpoint);
      const { payload } = yield* await next();
      yield* same('the first datagram', bytes('honest'), payload);
    },
  },
  {
    id: 'datagram/connected-port',
    what: 'A connected socket receives nothing from another port.',
    clause: FILTERED,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const stranger = yield* await openPeer(bench);
      const { next, endpoint } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote: peer.endpoint });
      await stranger.send(bytes('forged'), endpoint);
      await peer.send(bytes('honest'), endpoint);
      const { payload } = yield* await next();
      yield* same('the first datagram', bytes('honest'), payload);
    },
  },
  {
    id: 'datagram/connected-send',
    what: 'A connected socket sends to its remote endpoint alone.',
    clause: ELSEWHERE,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const other = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote: peer.endpoint });
      yield* fails('sending elsewhere', await socket.send(bytes('x'), other.endpoint));
      yield* succeeds('sending', await socket.send(bytes('y'), peer.endpoint));
    },
  },
  {
    id: 'datagram/connected-bad-remote',
    what: 'A remote endpoint of the other family, or with port 0, is an error; nothing is thrown.',
    clause: 'DatagramPort: Nothing here throws or rejects: what can fail returns a Result.',
    needs: [],
    check: async function* (datagram, bench) {
      const { endpoint } = yield* await openPeer(bench);
      for (const remote of [
        { address: '2001:db8::1', port: 5351 },
        { ...endpoint, port: 0 },
      ]) {
        const opened = await datagram.open({ family: 'ipv4', remote });
        if (opened.isOk()) bench.closeLater(opened.value);
        yield* fails(`connecting to ${remote.address} port ${remote.port}`, opened);
      }
    },
  },
  {
    id: 'datagram/connected-unreachable',
    what: 'A socket can not be connected to an address without a route.',
    clause: NO_ROUTE,
    needs: ['unreachable-datagram'],
    check: async function* (datagram, bench) {
      const address = yield* given('an address that is out of reach', bench.peer.datagram.unreachable);
      const opened = await datagram.open({ family: 'ipv4', remote: { address, port: 5351 } });
      if (opened.isOk()) bench.closeLater(opened.value);
      yield* fails('opening', opened, 'unreachable');
    },
  },
  {
    id: 'datagram/connected-zone',
    what: 'A socket that is connected to a link-local address reports an address with its zone.',
    clause: 'Endpoint: A link-local IPv6 address carries its zone: `fe80::1%eth0`.',
    needs: ['ipv6-multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv6'));
      const { zone = '' } = place.via;
      const peer = yield* await openPeer(bench, 'ipv6', place);
      const remote = { address: `${peer.endpoint.address}%${zone}`, port: peer.endpoint.port };
      const { socket, next } = yield* await openSocket(datagram, bench, { family: 'ipv6', remote });
      yield* same('the local address', `${place.via.address}%${zone}`, socket.local.address);
      yield* succeeds('sending', await socket.send(bytes('there'), remote));
      yield* await arrive(bench, peer, 1);
      await peer.send(bytes('back'), socket.local);
      const { payload } = yield* await next();
      yield* same('the payload', bytes('back'), payload);
    },
  },
  {
    id: 'datagram/refused',
    what: 'A connected socket tells that its remote endpoint refuses a datagram.',
    clause: REFUSED,
    needs: ['refused-datagram'],
    check: async function* (datagram, bench) {
      const remote = yield* await refusingEndpoint(bench);
      let refusals = 0;
      const onRefused = (): void => void (refusals += 1);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote, onRefused });
      // Systems may tell of a refusal only at the next datagram, and then instead of sending it.
      for (let tries = 0; tries < TRIES && refusals === 0; tries += 1) {
        (await socket.send(bytes('x'), remote)).unwrapOr(undefined);
        await bench.clock.sleep(ICMP_MS);
      }
      yield* expectThat(refusals > 0, 'a refusal', 'none');
    },
  },
  {
    id: 'datagram/refused-once',
    what: 'After a refusal, the next datagram is sent, and its answer is received.',
    clause: STAYS,
    needs: ['refused-datagram'],
    check: async function* (datagram, bench) {
      const remote = yield* await refusingEndpoint(bench);
      const { socket, next } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote });
      yield* succeeds('sending', await socket.send(bytes('refused'), remote));
      await bench.clock.sleep(ICMP_MS);
      const peer = yield* await openPeer(bench, 'ipv4', remote);
      yield* succeeds('sending', await socket.send(bytes('again'), remote));
      yield* await arrive(bench, peer, 1);
      await peer.send(bytes('answer'), socket.local);
      const { payload } = yield* await next();
      yield* same('the answer', bytes('answer'), payload);
    },
  },
  {
    id: 'datagram/connected-close',
    what: 'Closing a connected socket ends a waiting iteration.',
    clause: ENDS,
    needs: [],
    check: async function* (datagram, bench) {
      const { endpoint } = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', remote: endpoint });
      const pending = socket.datagrams[Symbol.asyncIterator]().next();
      await socket.close();
      const { done } = yield* await within(bench.clock, 1000, 'the end of the iteration', pending);
      yield* expectThat(done === true, 'the end of the iteration', 'a datagram');
    },
  },
];
