import type { ClockPort, HttpOptions, HttpPort, HttpRequest, HttpResponse, TransportError } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { readHttpUrl } from '../http/http-url.ts';
import { type Client, isConnected, ownAddress, sourceFor } from './client.ts';
import { isEncoded, isSendable } from './http-rules.ts';
import { canonicalAddress, familyOf, isLoopback } from './ip-address.ts';
import { durationOf, type HttpOutcome, REFUSED } from './network-host.ts';
import { handshakeDelay, messageDelay } from './tcp-loss.ts';
import { transportError } from './transport-error.ts';

/** How long a host asks the link for an address that nobody has, before it gives up (RFC 4861's 3 tries of 1 s). */
const RESOLUTION_MS = 3_000;

/** The part of a MemoryNetwork that HTTP needs. */
export interface HttpNetwork {
  readonly clock: ClockPort;
  readonly latencyMs: number;
  transitMs(): number;
  isLost(): boolean;
  isOnLink(address: string, ownAddress: string): boolean;
  serve(address: string, port: number, request: HttpRequest, from: string): HttpOutcome | null;
}

export function memoryHttp(network: HttpNetwork, client: Client): HttpPort {
  return {
    request: (request, options) => new ResultAsync(exchange(network, client, request, options)),
  };
}

async function exchange(
  network: HttpNetwork,
  client: Client,
  request: HttpRequest,
  options: HttpOptions,
): Promise<Result<HttpResponse, TransportError>> {
  const target = readHttpUrl(request.url);
  if (target === null) return err(transportError('failed', `not an http URL: ${request.url}`, 'ERR_INVALID_URL'));
  if (!isSendable(request)) return err(transportError('failed', 'the request is not valid HTTP', 'ERR_INVALID_CHAR'));
  const { host: address, port } = target;
  if (canonicalAddress(address) === null) {
    return err(transportError('unreachable', `unknown host name ${address}`, 'ENOTFOUND'));
  }
  if (!isConnected(client)) return err(transportError('unreachable', `no route to ${address}`, 'ENETUNREACH'));
  const source = sourceAddress(client, address, options.localAddress);
  if (source === null) {
    const code = options.localAddress === undefined ? 'failed' : 'no-such-interface';
    return err(transportError(code, `this computer has no address that can reach ${address}`, 'EADDRNOTAVAIL'));
  }

  const deadline = network.clock.now() + options.deadlineMs;
  /** What has gone wrong by the end of a wait; null: nothing. */
  const wait = async (ms: number): Promise<TransportError | null> => {
    const left = deadline - network.clock.now();
    if (ms > 0 && left > 0) await network.clock.sleep(Math.min(ms, left), options.signal);
    if (options.signal?.aborted === true) return transportError('aborted', 'the request was aborted', 'ABORT_ERR');
    return ms > left
      ? transportError('timeout', `no complete answer within ${options.deadlineMs} ms`, 'ETIMEDOUT')
      : null;
  };

  const isLost = (): boolean => network.isLost();
  const delayOf = (bytes: number): number => messageDelay(isLost, bytes, 2 * network.latencyMs);
  const outbound = await wait(network.transitMs() + handshakeDelay(isLost) + delayOf(request.body.length));
  if (outbound !== null) return err(outbound);
  const outcome = network.serve(address, port, request, source) ?? unanswered(network, client, address);
  const bytes = outcome.kind === 'response' ? outcome.response.body.length : 0;
  const answered = await wait(durationOf(outcome) + network.transitMs() + delayOf(bytes));
  // An answer to an address that this machine no longer has never arrives.
  const inbound = ownAddress(client, source) === undefined ? await wait(Infinity) : answered;
  if (inbound !== null) return err(inbound);
  if (outcome.kind === 'failure') {
    return err(transportError(outcome.code, `${address} port ${port}: ${outcome.code}`, outcome.cause));
  }
  const { response } = outcome;
  if (isEncoded(response))
    return err(
      transportError('unsupported-encoding', 'the response has a content coding that the request did not accept'),
    );
  return response.body.length > options.maxBodyBytes
    ? err(transportError('too-large', `the body has more than ${options.maxBodyBytes} bytes`))
    : ok({ ...response, localAddress: source });
}

function sourceAddress(client: Client, destination: string, wanted: string | undefined): string | null {
  if (wanted === undefined) return sourceFor(client, destination);
  const own = ownAddress(client, wanted);
  return own !== undefined && familyOf(own) === familyOf(destination) ? own : null;
}

/** What becomes of a connection to an address that no host has. */
function unanswered(network: HttpNetwork, client: Client, address: string): HttpOutcome {
  if (isLoopback(address) || ownAddress(client, address) !== undefined) return REFUSED;
  return network.isOnLink(address, sourceFor(client, address) ?? '')
    ? { kind: 'failure', code: 'unreachable', cause: 'EHOSTUNREACH', delayMs: RESOLUTION_MS }
    : { kind: 'failure', code: 'unreachable', cause: 'ENETUNREACH', delayMs: 0 };
}
