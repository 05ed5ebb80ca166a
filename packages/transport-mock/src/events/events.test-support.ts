import type { Header, HttpRequest, HttpResponse, Transport } from '@portwright/core';
import { text } from '../gateway.test-support.ts';
import { header } from '../http/http-reply.ts';
import type { MemoryNetwork } from '../network/memory-network.ts';
import type { HttpOutcome } from '../network/network-host.ts';

export const CALLBACK = 'http://192.168.1.2:8058/events';
export const SUBSCRIBE: readonly Header[] = [
  ['HOST', '192.168.1.1:5000'],
  ['CALLBACK', `<${CALLBACK}>`],
  ['NT', 'upnp:event'],
  ['TIMEOUT', 'Second-1800'],
];

export const ACCEPTED: HttpOutcome = {
  kind: 'response',
  response: { status: 200, headers: [], body: new Uint8Array() },
  delayMs: 0,
};

/** A request to an event URL, as a careful client writes it by hand. */
export function genaRequest(method: string, headers: readonly Header[], service = 'WANIPConn1'): HttpRequest {
  return { method, url: `http://192.168.1.1:5000/event/${service}`, headers, body: new Uint8Array() };
}

export async function gena(
  transport: Transport,
  method: string,
  headers: readonly Header[],
  service?: string,
): Promise<HttpResponse> {
  const request = genaRequest(method, headers, service);
  return (await transport.http.request(request, { deadlineMs: 5_000, maxBodyBytes: 10_000 }))._unsafeUnwrap();
}

/** Subscribes, and gives the SID. */
export async function subscribe(transport: Transport, service?: string, callback = CALLBACK): Promise<string> {
  const headers = SUBSCRIBE.map(([name, value]) => [name, name === 'CALLBACK' ? `<${callback}>` : value] as const);
  const response = await gena(transport, 'SUBSCRIBE', headers, service);
  return header(response.headers, 'sid') ?? `none: ${response.status}`;
}

/** An event as it came in. */
export interface HeardEvent {
  readonly at: number;
  readonly from: string;
  readonly sid: string;
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly request: HttpRequest;
}

/** Listens, and keeps what comes. `answer` says what becomes of each. */
export function listen(
  network: MemoryNetwork,
  answer: (event: HeardEvent) => HttpOutcome = () => ACCEPTED,
  endpoint: { readonly address: string; readonly port: number } = { address: '192.168.1.2', port: 8058 },
): readonly HeardEvent[] {
  const heard: HeardEvent[] = [];
  network.listen(endpoint, (request, from) => {
    const event = {
      at: network.clock.now(),
      from,
      sid: header(request.headers, 'sid') ?? '',
      key: header(request.headers, 'seq') ?? '',
      values: readProperties(text(request.body)),
      request,
    };
    heard.push(event);
    return answer(event);
  });
  return heard;
}

function readProperties(xml: string): Readonly<Record<string, string>> {
  const properties = xml.matchAll(/<e:property><(\w+)>(.*?)<\/\1><\/e:property>/gs);
  return Object.fromEntries([...properties].map((match) => [match[1] ?? '', match[2] ?? '']));
}
