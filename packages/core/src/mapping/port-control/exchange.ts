/** One request to a PCP or NAT-PMP server, and its answer. */
import { err, ok, type Result } from '../../result.ts';
import { aborted, createAbort } from '../../abort.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { CallOptions } from '../../call-options.ts';
import type { TransportError } from '../../errors.ts';
import { transportHints } from '../../hints.ts';
import { PCP_SERVER_PORT } from '../../pcp/endpoints.ts';
import type { DatagramSocket, Transport } from '../../ports.ts';
import type { ControlServer } from './port-control.ts';
import { waitAfter, type Purpose } from './transmissions.ts';

/** A socket that is connected to a server, and what the system said about it. */
export interface ServerSocket {
  readonly socket: DatagramSocket;
  /** This host's address towards the server, without a zone. */
  readonly localAddress: string;
  readonly refusals: { count: number; wake: () => void };
}

/** @param localAddress - the address to send from; default: the system's choice */
export async function openTowards(
  { datagram }: Transport,
  { address }: ControlServer,
  localAddress?: string,
): Promise<Result<ServerSocket, TransportError>> {
  const refusals = { count: 0, wake: (): void => undefined };
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const opened = await datagram.open({
    family,
    localAddress,
    remote: { address, port: PCP_SERVER_PORT },
    onRefused: () => {
      refusals.count += 1;
      refusals.wake();
    },
  });
  return opened.map((socket) => ({ socket, localAddress: socket.local.address.replace(/%.*/, ''), refusals }));
}

export interface ExchangeOptions<A> {
  readonly payload: Uint8Array;
  /** Null: another datagram. */
  readonly read: (payload: Uint8Array) => A | null;
  readonly purpose: Purpose;
  readonly limits: CallOptions;
}

/** There was no answer. */
export interface NoAnswer {
  readonly error: TransportError;
  /** Whether the server may have got the request, and carried it out. */
  readonly mayHaveArrived: boolean;
}

/**
 * Sends a request, again until it is answered or the time is up, and closes the socket. Only datagrams of the server's address and port count
 * (RFC 6886, 3.2; RFC 6887, 8.3). For a discovery, a refusal of the system's is an answer; else it may be a passing one
 * (gluetun#3462).
 */
export async function exchange<A>(
  { clock, random }: Transport,
  { address }: ControlServer,
  { socket, refusals }: ServerSocket,
  { payload, read, purpose, limits }: ExchangeOptions<A>,
): Promise<Result<A, NoAnswer>> {
  const { signal, deadlineMs = Infinity } = limits;
  const end = clock.now() + deadlineMs;
  const done = createAbort(signal);
  /** A method, since the answer may have come after each await. */
  const isDone = (): boolean => done.signal.aborted;
  const to = { address, port: PCP_SERVER_PORT };
  const heard: { answer: A | null } = { answer: null };
  let isEnded = false;
  refusals.count = 0;
  refusals.wake = () => {
    if (purpose === 'discovery') done.abort();
  };
  const reading = (async () => {
    for await (const { payload: bytes, from } of socket.datagrams) {
      if (heard.answer !== null || from.port !== PCP_SERVER_PORT || !sameAddress(from.address, address)) continue;
      heard.answer = read(bytes);
      if (heard.answer !== null) done.abort();
    }
    isEnded = true;
    done.abort();
  })();
  let failure: TransportError | null = null;
  let [sent, arrived] = [0, 0];
  let waitMs = waitAfter(purpose, 1, 0, random.fraction());
  while (waitMs !== null && !isDone() && clock.now() < end) {
    const result = await socket.send(payload, to);
    sent += 1;
    if (result.isErr()) failure = result.error;
    else arrived += 1;
    await clock.sleep(Math.min(waitMs, end - clock.now()), done.signal);
    waitMs = waitAfter(purpose, sent + 1, waitMs, random.fraction());
  }
  const wasAborted = signal?.aborted === true && !isEnded;
  done.abort();
  await socket.close();
  await reading;
  if (heard.answer !== null) return ok(heard.answer);
  const isRefused = refusals.count > 0;
  const mayHaveArrived = arrived > refusals.count;
  if (wasAborted && clock.now() < end) return err({ error: aborted('the request'), mayHaveArrived });
  return err({ error: failure !== null && arrived === 0 ? failure : noAnswer(address, isRefused), mayHaveArrived });
}

function noAnswer(address: string, isRefused: boolean): TransportError {
  const code = isRefused ? 'refused' : 'timeout';
  const why = isRefused ? 'no program listens on UDP port 5351' : 'no answer on UDP port 5351';
  return { kind: 'transport', code, message: `${address}: ${why}`, hint: transportHints[code] };
}
