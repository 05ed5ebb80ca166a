import type { DatagramPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { freePort, holdPort, openPeer, openSocket } from './datagram-socket.ts';
import { fails, same, succeeds, within } from './expectations.ts';
import { bytes } from './messages.ts';

/** What a flood is, and what of it may be kept at most: SSDP gives no more than some hundreds in a search. */
const FLOOD = 3000;
const BOUND = 2048;

/** How long an adapter may take until it has read what has arrived, which nothing tells. */
const READING_MS = 60;

const LOCAL_PORT = "DatagramOptions.localPort: The local port; default and 0: the system's choice.";
const SHARED = "DatagramOptions.localPort: The port is shared where the system allows it (SSDP's 1900).";
const ENDS = 'DatagramSocket.datagrams: It ends when the socket is closed or fails, after what has been buffered.';
const BOUNDED =
  'DatagramSocket.datagrams: An adapter buffers a bounded number of datagrams and drops what does not fit';
const FREES = 'DatagramSocket.close: Frees the port. May be called again.';
const A_RESULT = 'DatagramPort: Nothing here throws or rejects: what can fail returns a Result.';

/** The life of sockets: opening, side by side, and closing. */
export const DATAGRAM_SOCKETS: readonly ContractCase<DatagramPort>[] = [
  {
    id: 'datagram/port-chosen-by-system',
    what: 'Without a local port, or with 0, each socket gets a different port.',
    clause: LOCAL_PORT,
    needs: [],
    check: async function* (datagram, bench) {
      const a = yield* await openSocket(datagram, bench);
      const b = yield* await openSocket(datagram, bench, { family: 'ipv4', localPort: 0 });
      const ports = [a.socket.local.port, b.socket.local.port];
      yield* expectThat(
        ports.every((port) => port > 0 && port < 65_536),
        'ports from 1 to 65535',
        ports.join(', '),
      );
      yield* expectThat(ports[0] !== ports[1], 'two ports', `twice ${ports.join(', ')}`);
    },
  },
  {
    id: 'datagram/port-given',
    what: 'A socket is bound to the given local port.',
    clause: LOCAL_PORT,
    needs: [],
    check: async function* (datagram, bench) {
      const localPort = yield* await freePort(bench);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', localPort });
      yield* same('the port', localPort, socket.local.port);
    },
  },
  {
    id: 'datagram/port-shared',
    what: 'Sockets can share a given local port.',
    clause: SHARED,
    needs: [],
    check: async function* (datagram, bench) {
      const localPort = yield* await freePort(bench);
      yield* await openSocket(datagram, bench, { family: 'ipv4', localPort });
      yield* await openSocket(datagram, bench, { family: 'ipv4', localPort });
    },
  },
  {
    id: 'datagram/port-in-use',
    what: 'A port that another program uses and does not share is reported as in use.',
    clause: "TransportErrorCode: 'address-in-use'",
    needs: ['held-port'],
    check: async function* (datagram, bench) {
      const held = yield* await holdPort(bench);
      const opened = await datagram.open({ family: 'ipv4', localPort: held.port });
      if (opened.isOk()) bench.closeLater(opened.value);
      yield* fails('opening', opened, 'address-in-use');
    },
  },
  {
    id: 'datagram/bad-options',
    what: 'A local port of 65,536 and a ttl of 256 are errors, and nothing is thrown.',
    clause: 'DatagramOptions.ttl: The IP TTL or hop limit of multicast, 0..255.',
    needs: [],
    check: async function* (datagram, bench) {
      for (const options of [{ localPort: 65_536 }, { localPort: -1 }, { ttl: 256 }, { ttl: -1 }]) {
        const opened = await datagram.open({ family: 'ipv4', ...options });
        if (opened.isOk()) bench.closeLater(opened.value);
        yield* fails(`opening with ${JSON.stringify(options)}`, opened);
      }
    },
  },
  {
    id: 'datagram/no-such-interface',
    what: 'An interface that this host does not have is an error.',
    clause: "TransportErrorCode: 'no-such-interface'",
    needs: [],
    check: async function* (datagram, bench) {
      const multicastInterface = {
        name: 'gone0',
        family: 'ipv4' as const,
        address: '203.0.113.77',
        prefixLength: 24,
        internal: false,
      };
      const opened = await datagram.open({ family: 'ipv4', multicastInterface });
      if (opened.isOk()) bench.closeLater(opened.value);
      yield* fails('opening', opened, 'no-such-interface');
    },
  },
  {
    id: 'datagram/side-by-side',
    what: 'Each of several sockets receives the datagrams to its own port.',
    clause: LOCAL_PORT,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const a = yield* await openSocket(datagram, bench);
      const b = yield* await openSocket(datagram, bench);
      await peer.send(bytes('for b'), b.endpoint);
      await peer.send(bytes('for a'), a.endpoint);
      const [toA, toB] = [yield* await a.next(), yield* await b.next()];
      yield* same('received datagrams', [bytes('for a'), bytes('for b')], [toA.payload, toB.payload]);
    },
  },
  {
    id: 'datagram/flood',
    what: 'The socket keeps at most 2,048 of 3,000 unread datagrams.',
    clause: BOUNDED,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket, rest, endpoint } = yield* await openSocket(datagram, bench);
      for (let left = FLOOD; left > 0; left -= 1) await peer.send(bytes('flood'), endpoint);
      await bench.clock.sleep(READING_MS);
      await socket.close();
      const kept = (yield* await rest()).length;
      yield* expectThat(kept <= BOUND, `${BOUND} datagrams at most`, `${kept}`);
    },
  },
  {
    id: 'datagram/close-ends',
    what: 'Closing ends a waiting iteration.',
    clause: ENDS,
    needs: [],
    check: async function* (datagram, bench) {
      const { socket } = yield* await openSocket(datagram, bench);
      const pending = socket.datagrams[Symbol.asyncIterator]().next();
      await socket.close();
      const { done } = yield* await within(bench.clock, 1000, 'the end of the iteration', pending);
      yield* same('whether it has ended', true, done);
    },
  },
  {
    id: 'datagram/close-keeps',
    what: 'After closing, the iteration gives the buffered datagrams, then ends.',
    clause: ENDS,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket, rest, endpoint } = yield* await openSocket(datagram, bench);
      for (const number of [1, 2, 3]) await peer.send(Uint8Array.of(number), endpoint);
      await bench.clock.sleep(READING_MS);
      await socket.close();
      const left = yield* await rest();
      yield* same(
        'the buffered datagrams',
        [1, 2, 3],
        left.map(({ payload }) => payload[0]),
      );
    },
  },
  {
    id: 'datagram/close-frees',
    what: 'Closing frees the port: another program can use it at once.',
    clause: FREES,
    needs: ['held-port'],
    check: async function* (datagram, bench) {
      const localPort = yield* await freePort(bench);
      const { socket } = yield* await openSocket(datagram, bench, { family: 'ipv4', localPort });
      await socket.close();
      const held = await bench.peer.datagram.hold('ipv4', socket.local.port);
      if (held.isOk()) bench.closeLater(held.value);
      yield* succeeds('the port for another program', held);
    },
  },
  {
    id: 'datagram/close-again',
    what: 'A socket may be closed repeatedly, also at the same time.',
    clause: FREES,
    needs: [],
    check: async function* (datagram, bench) {
      const { socket } = yield* await openSocket(datagram, bench);
      yield* await within(bench.clock, 1000, 'two ends at once', Promise.all([socket.close(), socket.close()]));
      yield* await within(bench.clock, 1000, 'a third', socket.close());
    },
  },
  {
    id: 'datagram/send-after-close',
    what: 'Sending on a closed socket is an error; nothing is thrown.',
    clause: A_RESULT,
    needs: [],
    check: async function* (datagram, bench) {
      const peer = yield* await openPeer(bench);
      const { socket } = yield* await openSocket(datagram, bench);
      yield* succeeds('sending before', await socket.send(bytes('x'), peer.endpoint));
      await socket.close();
      yield* fails('sending after', await socket.send(bytes('x'), peer.endpoint));
    },
  },
];
