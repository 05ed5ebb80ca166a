import type { Datagram, DatagramOptions, DatagramPort, DatagramSocket, Endpoint } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';
import { succeeds, within } from './expectations.ts';
import type { HeldPort, PeerPlace, PeerSocket } from './peer.ts';

/** How long a datagram may take before it counts as lost. */
const PATIENCE_MS = 1000;

/** A socket under test, read step by step. */
export interface OpenSocket {
  readonly socket: DatagramSocket;
  /** Where the peer reaches it. */
  readonly endpoint: Endpoint;
  /** The next datagram that arrives. */
  next(): Promise<Result<Datagram, Shortfall>>;
  /** All that is left until the iteration ends. */
  rest(): Promise<Result<readonly Datagram[], Shortfall>>;
}

/** Opens a socket under test for the length of the case. */
export async function openSocket(
  port: DatagramPort,
  bench: Bench,
  options: DatagramOptions = { family: 'ipv4' },
): Promise<Result<OpenSocket, Shortfall>> {
  const opened = await port.open(options);
  return succeeds('a socket', opened).map((socket) => {
    bench.closeLater(socket);
    const iterator = socket.datagrams[Symbol.asyncIterator]();
    const next = async (): Promise<Result<Datagram, Shortfall>> => {
      const taken = await within(bench.clock, PATIENCE_MS, 'a datagram', iterator.next());
      return taken.andThen((item) =>
        item.done === true ? missed('a datagram', 'the iteration ended') : ok(item.value),
      );
    };
    const rest = async (): Promise<Result<readonly Datagram[], Shortfall>> => {
      const datagrams: Datagram[] = [];
      for (;;) {
        const taken = await within(bench.clock, PATIENCE_MS, 'the end of the iteration', iterator.next());
        if (taken.isErr()) return err(taken.error);
        if (taken.value.done === true) return ok(datagrams);
        datagrams.push(taken.value.value);
      }
    };
    const endpoint = { address: bench.peer.datagram.clientAddress(options.family), port: socket.local.port };
    return { socket, endpoint, next, rest };
  });
}

/** Opens a socket of the peer's for the length of the case. */
export async function openPeer(
  bench: Bench,
  family: DatagramOptions['family'] = 'ipv4',
  place?: PeerPlace,
): Promise<Result<PeerSocket, Shortfall>> {
  const opened = await bench.peer.datagram.open(family, place);
  if (opened.isErr()) return inconclusive('a socket of the peer', opened.error.message);
  bench.closeLater(opened.value);
  return ok(opened.value);
}

/** An endpoint of the peer's where nobody listens. */
export async function refusingEndpoint(bench: Bench): Promise<Result<Endpoint, Shortfall>> {
  const refusing = await bench.peer.datagram.refusing();
  return refusing.mapErr(({ message }) => ({ kind: 'inconclusive', expected: 'a port of nobody', actual: message }));
}

/** A UDP port of the transport's host that the peer holds for the length of the case. */
export async function holdPort(bench: Bench): Promise<Result<HeldPort, Shortfall>> {
  const held = await bench.peer.datagram.hold('ipv4');
  if (held.isErr()) return inconclusive('a port that is held', held.error.message);
  bench.closeLater(held.value);
  return ok(held.value);
}

/** One that was free a moment ago. */
export async function freePort(bench: Bench): Promise<Result<number, Shortfall>> {
  const held = await bench.peer.datagram.hold('ipv4');
  if (held.isErr()) return inconclusive('a port that is free', held.error.message);
  await held.value.close();
  return ok(held.value.port);
}

/** Waits until that many datagrams have come to the peer. */
export function arrive(bench: Bench, peer: PeerSocket, count: number): Promise<Result<void, Shortfall>> {
  return within(bench.clock, PATIENCE_MS, `${count} datagrams at the peer`, peer.arrived(count));
}
