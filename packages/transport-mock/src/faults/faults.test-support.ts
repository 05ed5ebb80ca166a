import type { HttpOptions, HttpRequest, HttpResponse, TransportError } from '@portwright/core';
import { expect, test } from 'vitest';
import { bytes, readAnswer, soapRequest, text } from '../gateway.test-support.ts';
import type { HttpOutcome } from '../network/network-host.ts';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import type { InjectOptions } from './fault.ts';

export const OPTIONS: HttpOptions = { deadlineMs: 5_000, maxBodyBytes: 100_000 };

/** What shows that a fault does what it says. */
export type Case = () => Promise<void>;

/** A test for each case, named after its fault. `visible.test.ts` covers the faults that have no case of their own. */
export function testEvery(
  faults: Readonly<Record<string, unknown>>,
  cases: Readonly<Partial<Record<FaultName, Case>>>,
): void {
  for (const [name, show] of Object.entries(cases)) {
    test(name, async () => {
      expect.hasAssertions();
      await show();
    });
  }
  test('every case here is for a fault of this file', () => {
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(Object.keys(cases)));
  });
}

/** A gateway with a fault. */
export function faulty(
  fault: FaultName,
  when: InjectOptions = {},
  options: SimulateGatewayOptions = {},
): SimulatedGateway {
  const router = simulateGateway(options);
  router.inject(fault, when);
  return router;
}

export interface HeardAnswer {
  readonly message: string;
  readonly payload: Uint8Array;
  readonly from: string;
  /** Milliseconds on the clock. */
  readonly at: number;
}

export interface SearchOptions {
  readonly target?: string;
  readonly to?: string;
  readonly mx?: number;
}

const ROOT = 'upnp:rootdevice';

/** What answers an M-SEARCH within ten seconds. Not before the last answer is heard does it return. */
export async function search(
  router: SimulatedGateway,
  { target = ROOT, to = '239.255.255.250', mx = 1 }: SearchOptions = {},
): Promise<readonly HeardAnswer[]> {
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  const socket = (await router.transport.datagram.open({ family }))._unsafeUnwrap();
  const message =
    'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n' +
    `MX: ${mx}\r\nST: ${target}\r\n\r\n`;
  (await socket.send(bytes(message), { address: to, port: 1900 }))._unsafeUnwrap();
  const heard: HeardAnswer[] = [];
  const listening = (async () => {
    for await (const { payload, from } of socket.datagrams) {
      heard.push({
        message: new TextDecoder('latin1').decode(payload),
        payload,
        from: `${from.address} ${from.port}`,
        at: router.clock.now(),
      });
    }
  })();
  await router.clock.advance('10s');
  await socket.close();
  await listening;
  return heard;
}

/** The value of a header in a message, spelled as the gateway spells it. */
export function field(message: string, name: string): string | undefined {
  return new RegExp(`^${name}: ?(.*?)\r?$`, 'm').exec(message)?.[1];
}

export async function send(router: SimulatedGateway, request: HttpRequest): Promise<HttpResponse | TransportError> {
  return (await router.transport.http.request(request, OPTIONS)).match<HttpResponse | TransportError>(
    (response) => response,
    (error) => error,
  );
}

/** The answer, where one has come. */
export async function answer(router: SimulatedGateway, request: HttpRequest): Promise<HttpResponse> {
  return (await router.transport.http.request(request, OPTIONS))._unsafeUnwrap();
}

/** The error's code, where no answer has come. */
export async function failure(router: SimulatedGateway, request: HttpRequest): Promise<string> {
  return (await router.transport.http.request(request, OPTIONS))._unsafeUnwrapErr().code;
}

export function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: [['HOST', '192.168.1.1:5000']], body: new Uint8Array() };
}

export async function description(router: SimulatedGateway): Promise<string> {
  return text((await answer(router, get(router.descriptionUrl))).body);
}

/** What an action answers: its output arguments, or the code of its fault. */
export async function call(
  router: SimulatedGateway,
  service: string,
  action: string,
  args = '',
  url?: string,
): Promise<ReturnType<typeof readAnswer>> {
  const request = soapRequest(service, action, args);
  return readAnswer(await answer(router, url === undefined ? request : { ...request, url }));
}

/** What the latest exchange has on the wire, as text of one byte a character; resets and waits in angle brackets. */
export function wire(router: SimulatedGateway): string {
  return stepsOf(lastOutcome(router))
    .map((step) => {
      if (step.kind === 'bytes') return new TextDecoder('latin1').decode(step.bytes);
      return step.kind === 'wait' ? `<${step.ms} ms>` : '<reset>';
    })
    .join('');
}

export function lastOutcome(router: SimulatedGateway): HttpOutcome {
  const exchange = router.exchanges().at(-1);
  if (exchange?.kind !== 'http') throw new Error('the latest exchange is no request');
  return exchange.outcome;
}

function stepsOf({ wire: steps }: HttpOutcome): NonNullable<HttpOutcome['wire']> {
  if (steps === undefined) throw new Error('the latest answer has no form of its own on the wire');
  return steps;
}
