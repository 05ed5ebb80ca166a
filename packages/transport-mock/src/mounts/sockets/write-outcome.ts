import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ClockPort } from '@portwright/core';
import { encodeResponse } from '../../faults/wire-format.ts';
import type { HttpOutcome, WireStep } from '../../network/network-host.ts';

export interface OutcomeWriting {
  /** Of the request that is answered. */
  readonly method: string;
  readonly clock: ClockPort;
  /** Milliseconds of real time until the socket emits `timeout`, since the client reads nothing of its answer. */
  readonly stalledMs: number;
  /** Aborts when the connection is closed. */
  readonly closed: AbortSignal;
}

/** Does on a connection what came of its request, and ends it from this side. */
export async function writeOutcome(socket: Socket, outcome: HttpOutcome, writing: OutcomeWriting): Promise<void> {
  for (const step of [{ kind: 'wait', ms: outcome.delayMs } as const, ...stepsOf(outcome, writing.method)]) {
    switch (step.kind) {
      case 'wait':
        await wait(socket, step.ms, writing);
        break;
      case 'bytes':
        await write(socket, step.bytes, writing);
        break;
      case 'reset':
        socket.resetAndDestroy();
        break;
    }
    if (socket.destroyed) return;
  }
  socket.end();
}

function stepsOf(outcome: HttpOutcome, method: string): readonly WireStep[] {
  if (outcome.wire !== undefined) return outcome.wire;
  if (outcome.kind === 'response') {
    const { response } = outcome;
    // RFC 9110, 9.3.2: the answer to HEAD has the headers of the one to GET, and no content.
    return [{ kind: 'bytes', bytes: encodeResponse(method === 'HEAD' ? { ...response, body: NOTHING } : response) }];
  }
  switch (outcome.code) {
    case 'timeout':
    case 'aborted':
      return [{ kind: 'wait', ms: Infinity }];
    case 'truncated':
      return [];
    default:
      return [{ kind: 'reset' }];
  }
}

const NOTHING = new Uint8Array();

/** Hands the bytes to the system before the next step: a reset drops what waits in this process. */
async function write(socket: Socket, bytes: Uint8Array, { stalledMs }: OutcomeWriting): Promise<void> {
  socket.setTimeout(stalledMs);
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.setTimeout(0);
}

async function wait(socket: Socket, ms: number, { clock, closed }: OutcomeWriting): Promise<void> {
  if (ms !== Infinity) {
    if (ms > 0) await clock.sleep(ms, closed);
    return;
  }
  // Whoever waits in vain closes some time; one that has closed its half only can't be told from one that is gone.
  if (!socket.readableEnded && !closed.aborted) await Promise.race([once(socket, 'end'), once(socket, 'close')]);
  socket.destroy();
}
