import type { DatagramSocket, Endpoint, InterfaceAddress, Transport } from '@portwright/core';
import { headerValue, SSDP_PORT } from '@portwright/core';
import { ResultAsync, err, ok, type Result } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import { readSsdpMessage, SEARCH_GROUP, type SearchForm, type SsdpMessage, writeSearch } from '../wire/ssdp-message.ts';
import type { Caller } from './caller.ts';
import { isMessageOf, type Subject } from './subject.ts';

/** An answer to a search, of the gateway's own. */
export interface SearchReply extends SsdpMessage {
  readonly from: Endpoint;
  /** Milliseconds from the M-SEARCH that it answers. */
  readonly afterMs: number;
  header(name: string): string | undefined;
}

export interface SearchOptions extends SearchForm {
  /** Where it goes. Default: the multicast group; `gateway`: the gateway's own address. */
  readonly to?: 'group' | 'gateway' | Endpoint | undefined;
  /** Milliseconds in which answers count. Default: MX, and half a second for the way. */
  readonly waitMs?: number | undefined;
  /** When there are answers enough. Default: when the time is up. */
  readonly until?: ((replies: readonly SearchReply[]) => boolean) | undefined;
  /** M-SEARCHes at most, each with its wait, for as long as there are not answers enough: UDP loses. Default: 1. */
  readonly tries?: number | undefined;
  /** Who searches; default: this host. */
  readonly from?: Transport | undefined;
}

/** How long a reply may take for its way. */
export const TRANSIT_MS = 500;
/** Datagrams at most that are looked at. */
const CAPACITY = 512;

/**
 * Searches, and gives every answer of the gateway's own in the order of arrival, and none of another root device on its
 * host. From an endpoint that was named every answer counts. Silence is an answer only to what was sent: without that, it
 * is inconclusive.
 */
export function search(
  subject: Subject,
  self: Caller,
  options: SearchOptions,
  signal: AbortSignal | undefined,
): ResultAsync<readonly SearchReply[], Shortfall> {
  return new ResultAsync(run(subject, self, options, signal));
}

async function run(
  subject: Subject,
  self: Caller,
  options: SearchOptions,
  signal: AbortSignal | undefined,
): Promise<Result<readonly SearchReply[], Shortfall>> {
  const { host } = subject;
  const { mx = 1, until = () => false, tries = 1, from: transport = self.transport } = options;
  const { to = 'group', waitMs = (mx ?? 1) * 1_000 + TRANSIT_MS } = options;
  const endpoint = to === 'group' ? SEARCH_GROUP : to === 'gateway' ? { address: host, port: SSDP_PORT } : to;
  if (endpoint !== to && host.startsWith('[')) return inconclusive('an IPv4 address of the gateway', host);
  const replies: SearchReply[] = [];
  const enough = new AbortController();
  const take = (payload: Uint8Array, from: Endpoint, afterMs: number): void => {
    const message = readSsdpMessage(payload);
    if (to !== endpoint && !isMessageOf(subject, message.headers, from.address)) return;
    const header = (name: string): string | undefined => headerValue(message.headers, name);
    replies.push({ ...message, from, afterMs, header });
    if (until(replies)) enough.abort();
  };
  const stop = AbortSignal.any(signal === undefined ? [enough.signal] : [enough.signal, signal]);
  // Each try has a socket of its own, and so each answer a search that it belongs to, however late it is.
  const sockets: DatagramSocket[] = [];
  const collecting: Promise<void>[] = [];
  let unsent: Result<never, Shortfall> | null = null;
  let isSent = false;
  for (let tried = 0; tried < tries && !stop.aborted; tried += 1) {
    const opened = await openSocket(transport, self);
    if (opened.isErr()) {
      unsent = err(opened.error);
      break;
    }
    const socket = opened.value;
    sockets.push(socket);
    const sentAt = transport.clock.now();
    collecting.push(
      collect(socket, (payload, from) => {
        take(payload, from, transport.clock.now() - sentAt);
      }),
    );
    const outcome = await socket.send(writeSearch(options, endpoint), endpoint);
    if (outcome.isErr()) unsent = inconclusive('a search that can be sent', outcome.error.message);
    else isSent = true;
    await transport.clock.sleep(waitMs, stop);
  }
  await Promise.all(sockets.map((socket) => socket.close()));
  await Promise.all(collecting);
  return isSent || unsent === null ? ok(replies) : unsent;
}

async function openSocket(transport: Transport, { address }: Caller): Promise<Result<DatagramSocket, Shortfall>> {
  const interfaces = (await transport.interfaces.list()).unwrapOr<readonly InterfaceAddress[]>([]);
  const multicastInterface = interfaces.find((one) => one.address === address);
  const opened = await transport.datagram.open({ family: 'ipv4', multicastInterface, ttl: 2 });
  return opened.isOk() ? ok(opened.value) : inconclusive('a socket to search from', opened.error.message);
}

/** To the end of the socket. */
async function collect(socket: DatagramSocket, take: (payload: Uint8Array, from: Endpoint) => void): Promise<void> {
  let taken = 0;
  for await (const { payload, from } of socket.datagrams) {
    taken += 1;
    if (taken <= CAPACITY) take(payload, from);
  }
}
