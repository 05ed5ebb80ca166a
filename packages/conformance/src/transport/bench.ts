import type { AddressFamily, ClockPort } from '@portwright/core';
import type { ResultAsync } from '@portwright/core/result';
import type { Shortfall } from '../shortfall.ts';
import type { Answer, HttpServer, Peer, PeerRequest } from './peer.ts';

/** What a case has at hand. What it has opened is closed with it. */
export interface Bench {
  readonly peer: Peer;
  /**
   * The time in which the peer lives, too: virtual for a simulated one. Its sleeps come in slices (`slicedClock`): they end
   * what hangs, and never what is slow.
   */
  readonly clock: ClockPort;
  /** A server of the peer's. */
  serve(
    answer: Answer | ((request: PeerRequest) => Answer),
    family?: AddressFamily,
  ): ResultAsync<HttpServer, Shortfall>;
  /** Closes something at the end of the case, whatever its outcome. */
  closeLater(closable: { close(): PromiseLike<unknown> }): void;
}

/** A bench for one case, and what clears it away. */
export function openBench(
  peer: Peer,
  clock: ClockPort,
): { readonly bench: Bench; readonly clear: () => Promise<void> } {
  const closables: { close(): PromiseLike<unknown> }[] = [];
  const bench: Bench = {
    peer,
    clock,
    serve: (answer, family = 'ipv4') =>
      peer.http
        .serve(typeof answer === 'function' ? answer : () => answer, family)
        .map((server) => {
          closables.push(server);
          return server;
        })
        .mapErr(({ message }) => ({ kind: 'inconclusive', expected: 'a server of the peer', actual: message })),
    closeLater: (closable) => {
      closables.push(closable);
    },
  };
  const clear = async (): Promise<void> => {
    // Latest first.
    for (const closable of closables.reverse()) {
      try {
        await closable.close();
      } catch {
        // A socket that can't be closed again has a case of its own.
      }
    }
  };
  return { bench, clear };
}
