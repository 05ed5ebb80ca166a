/** Datagrams to a gateway's UDP port 5351, and what comes back. */
import type { AddressFamily, DatagramSocket, Endpoint, Transport } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';

/** Where PCP and NAT-PMP are asked (RFC 6887, 19.1). */
export const CONTROL_PORT = 5351;

/** A server, and who asks it. */
export interface ControlEndpoint {
  readonly transport: Transport;
  readonly family: AddressFamily;
  /** The server's; a link-local one has its zone. */
  readonly server: string;
  /** The address that requests come from. */
  readonly client: string;
}

/** From a host on the WAN side it is asked without an address of its own. */
type Asked = Omit<ControlEndpoint, 'client'> & Partial<ControlEndpoint>;

export interface ControlReply {
  readonly payload: Uint8Array;
  readonly from: Endpoint;
}

/**
 * Milliseconds for each of two tries: miniupnpd needs 2.9 s to refuse a mapping that its permissions forbid, and answers
 * no other request in that time.
 */
const ANSWER_MS = 5_000;
/** Milliseconds after the answer to another request: servers answer one after the other. */
const SILENCE_MS = 500;

/**
 * The first answer to a request, which is sent once more where none comes. Null: there is none.
 *
 * @param waitMs - for each of the two tries
 */
export function exchange(
  to: Asked,
  payload: Uint8Array,
  signal: AbortSignal | undefined,
  waitMs: number = ANSWER_MS,
): ResultAsync<ControlReply | null, Shortfall> {
  return withSocket(to, async (heard, send, first) => {
    for (let tries = 0; tries < 2 && heard.length === 0; tries += 1) {
      const sent = await send(payload);
      if (sent.isErr()) return err(sent.error);
      await to.transport.clock.sleep(waitMs, anyOf(first, signal));
      if (signal?.aborted === true) break;
    }
    return ok(heard[0] ?? null);
  });
}

/**
 * What comes back for a message that is to be ignored. Then another request must still be answered: a silence says nothing
 * of a server that is gone.
 */
export function silence(
  to: ControlEndpoint,
  payload: Uint8Array,
  answered: Uint8Array,
  signal: AbortSignal | undefined,
): ResultAsync<ControlReply | null, Shortfall> {
  return withSocket(to, async (heard, send, first) => {
    const sent = await send(payload);
    if (sent.isErr()) return err(sent.error);
    const other = await exchange(to, answered, signal);
    if (other.isErr()) return err(other.error);
    if (other.value === null) return inconclusive('an answer to the request after it', 'none');
    await to.transport.clock.sleep(SILENCE_MS, anyOf(first, signal));
    return ok(heard[0] ?? null);
  });
}

function anyOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other]);
}

type Send = (payload: Uint8Array) => PromiseLike<Result<void, Shortfall>>;
type Use<T> = (heard: readonly ControlReply[], send: Send, first: AbortSignal) => Promise<Result<T, Shortfall>>;

/**
 * A socket of its own for each request, so that every answer has its question. It takes datagrams from everywhere: where
 * answers come from is for a check.
 */
function withSocket<T>({ transport, family, server, client }: Asked, use: Use<T>): ResultAsync<T, Shortfall> {
  const run = async (): Promise<Result<T, Shortfall>> => {
    const opened = await transport.datagram.open({ family, localAddress: client });
    if (opened.isErr())
      return inconclusive(`a socket ${client === undefined ? '' : `at ${client} `}for ${server}`, opened.error.message);
    const socket = opened.value;
    const heard: ControlReply[] = [];
    const first = new AbortController();
    const listening = collect(socket, heard, first);
    const send: Send = (payload) =>
      socket
        .send(payload, { address: server, port: CONTROL_PORT })
        .orElse((error) => inconclusive(`a datagram to ${server}`, error.message));
    const used = await use(heard, send, first.signal);
    await socket.close();
    await listening;
    return used;
  };
  return new ResultAsync(run());
}

/** Replies at most that are kept. */
const CAPACITY = 64;

async function collect(socket: DatagramSocket, heard: ControlReply[], first: AbortController): Promise<void> {
  for await (const { payload, from } of socket.datagrams) {
    if (heard.length < CAPACITY) heard.push({ payload, from });
    first.abort();
  }
}
