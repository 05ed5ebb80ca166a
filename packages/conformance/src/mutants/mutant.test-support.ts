import type { Datagram, DatagramSocket, Endpoint, HttpRequest, Transport } from '@portwright/core';
import {
  type FaultDefinition,
  type FaultHooks,
  type GatewayOptions,
  type InterceptedCall,
  type RequestContext,
  simulateGateway,
  type SimulatedGateway,
} from '@portwright/transport-mock';
import { err, ok, okAsync, type Result } from 'neverthrow';
import type { ConformanceOptions } from '../run/options.ts';
import type { CheckResult, Report } from '../run/result.ts';
import { runConformance } from '../run/run.ts';

type ActionHook = NonNullable<FaultHooks['action']>;
type ActionResult = ReturnType<ActionHook>;
type ResponseHook = NonNullable<FaultHooks['response']>;
type Answer = ReturnType<ResponseHook>;

/** A gateway that does one thing wrong: what one check is there to find. */
export interface Mutant {
  /** What is wrong, in a few words. */
  readonly what: string;
  /** By the book but for this. Default: version 2. */
  readonly version?: 1 | 2;
  readonly options?: GatewayOptions;
  /** As in FaultDefinition. */
  readonly hooks?: FaultDefinition['hooks'];
  /** What becomes of what the gateway sends of its own accord, where the suite takes it in. */
  readonly receives?: (transport: Transport) => Transport;
  /** What the gateway does with a datagram from the WAN. */
  readonly fromWan?: WanBehaviour;
}

/** What a gateway does with a datagram from its WAN side: carries it to a client, answers it, or nothing. */
export type WanBehaviour = (router: SimulatedGateway, payload: Uint8Array, to: Endpoint) => Uint8Array | null;

const UTF8 = new TextEncoder();
const TEXT = new TextDecoder();
const WAN: Endpoint = { address: '5.5.5.9', port: 5_353 };

/** Runs the whole suite against a simulated gateway with two mappings of another host's in its table. */
export async function checkGateway(mutant: Mutant | null, options: ConformanceOptions = {}): Promise<Report> {
  await using router = gatewayOf(mutant);
  const { receives = (transport: Transport): Transport => transport } = mutant ?? {};
  const found = await runConformance(
    receives(router.transport),
    { kind: 'url', url: router.descriptionUrl },
    {
      write: true,
      disruptive: true,
      seed: 7,
      secondClient: secondClientOf(router),
      wanHost: wanHostOf(router, mutant?.fromWan ?? forward),
      reboot: () => {
        router.reboot({ httpPort: 5_000 });
        return Promise.resolve();
      },
      ...options,
    },
  );
  return found._unsafeUnwrap();
}

export function gatewayOf(mutant: Mutant | null): SimulatedGateway {
  const router = simulateGateway({ persona: mutant?.version === 1 ? 'igd1' : 'igd2', ...mutant?.options });
  for (const [port, protocol] of [
    [50_000, 'TCP'],
    [50_001, 'UDP'],
  ] as const) {
    router.machine.gateway.connection.mappings.put({
      remoteHost: '',
      externalPort: port,
      protocol,
      internalPort: port,
      internalClient: '192.168.1.9',
      isEnabled: true,
      description: 'a game',
      expiresAt: Infinity,
    });
  }
  if (mutant?.hooks !== undefined) router.inject({ ...definition(mutant.hooks), name: mutant.what });
  return router;
}

export function secondClientOf(router: SimulatedGateway): Transport {
  return router.network.transport({ address: '192.168.1.3', address6: 'fd77::3', linkLocalAddress: 'fe80::3' });
}

/** The ids that failed or were warned of. */
export function flagged({ results }: Report): readonly string[] {
  const all = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  return [...new Set(all.map(({ requirement }) => requirement.id))];
}

export function resultOf({ results }: Report, id: string): CheckResult | undefined {
  return results.find(({ requirement }) => requirement.id === id);
}

function definition(hooks: FaultDefinition['hooks']): FaultDefinition {
  return { row: 0, what: 'a defect', remedy: 'none', hooks };
}

/** The gateway's own way: a datagram to a mapped port goes to its client, anything else nowhere. */
export const forward: WanBehaviour = (router, payload, to) => {
  const mapping = router
    .mappings()
    .find(({ externalPort, protocol }) => externalPort === to.port && protocol === 'UDP');
  if (mapping !== undefined) {
    router.network.multicast(payload, WAN, mapping.internalClient, mapping.internalPort);
  }
  return null;
};

/** A host outside, whose datagrams meet the gateway from there. */
export function wanHostOf(router: SimulatedGateway, behave: WanBehaviour): Transport {
  return { ...router.transport, datagram: { open: () => okAsync(wanSocket(router, behave)) } };
}

function wanSocket(router: SimulatedGateway, behave: WanBehaviour): DatagramSocket {
  const arrived: Datagram[] = [];
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  return {
    local: WAN,
    send: (payload, to) => {
      const answer = behave(router, payload, to);
      if (answer !== null) arrived.push({ payload: answer, from: to });
      return okAsync(undefined);
    },
    datagrams: {
      async *[Symbol.asyncIterator]() {
        await closed;
        yield* arrived;
      },
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

/** Around an action, by its name. */
export function onAction(action: string, hook: ActionHook): FaultDefinition['hooks'] {
  return () => ({ action: (call, proceed) => (call.action === action ? hook(call, proceed) : proceed()) });
}

/** Other output values than the action's own. */
export function answersWith(
  action: string,
  values: Readonly<Record<string, string | number>>,
): FaultDefinition['hooks'] {
  return onAction(action, (_call, proceed) => proceed().map((own) => ({ ...own, ...values })));
}

/** Refuses some calls. */
export function refuses(
  action: string,
  code: number,
  isMeant: (call: InterceptedCall) => boolean,
): FaultDefinition['hooks'] {
  return onAction(action, (call, proceed) => (isMeant(call) ? refusal(code) : proceed()));
}

export function refusal(code: number): ActionResult {
  return err({ code });
}

export function success(values: Readonly<Record<string, string | number>>): Result<typeof values, never> {
  return ok(values);
}

/** Around the answer to some requests. */
export function onRequest(isMeant: (context: RequestContext) => boolean, hook: ResponseHook): FaultDefinition['hooks'] {
  return () => ({ response: (context, proceed) => (isMeant(context) ? hook(context, proceed) : proceed()) });
}

/** Changes the text of the answers to some requests. */
export function rewrites(
  isMeant: (context: RequestContext) => boolean,
  rewrite: (text: string) => string,
): FaultDefinition['hooks'] {
  return onRequest(isMeant, (_context, proceed) => {
    const answer = proceed();
    return withBody(answer, rewrite(TEXT.decode(answer.body)));
  });
}

export function withBody(answer: Answer, text: string): Answer {
  const body = UTF8.encode(text);
  const headers = answer.headers.filter(([name]) => name !== 'CONTENT-LENGTH');
  return { ...answer, headers: [...headers, ['CONTENT-LENGTH', String(body.length)]], body };
}

/** An answer without a body. */
export function plain(status: number, headers: Answer['headers'] = []): Answer {
  return { status, headers: [...headers, ['CONTENT-LENGTH', '0']], body: new Uint8Array() };
}

export function isFor(purpose: RequestContext['purpose'], path?: string): (context: RequestContext) => boolean {
  return (context) => context.purpose === purpose && (path === undefined || context.request.url.includes(path));
}

export function headerOf({ request }: RequestContext, name: string): string | undefined {
  return request.headers.find(([spelling]) => spelling.toLowerCase() === name.toLowerCase())?.[1];
}

export function bodyOf({ request }: RequestContext): string {
  return TEXT.decode(request.body);
}

type SearchHook = NonNullable<FaultHooks['search']>;

/** Changes the answers to some searches. */
export function onSearch(
  isMeant: (search: Parameters<SearchHook>[1]) => boolean,
  hook: SearchHook,
): FaultDefinition['hooks'] {
  return () => ({ search: (answers, search) => (isMeant(search) ? hook(answers, search) : answers) });
}

/** Answers some searches that are to be left unanswered. */
export function answersSearch(isMeant: (search: Parameters<SearchHook>[1]) => boolean): FaultDefinition['hooks'] {
  return ({ config }) => ({
    search: (answers, search) => {
      if (!isMeant(search) || answers.length > 0) return answers;
      const { lanAddress, httpPort } = config();
      const lines = [
        'HTTP/1.1 200 OK',
        'CACHE-CONTROL: max-age=1800',
        'EXT:',
        `LOCATION: http://${lanAddress}:${httpPort}/description.xml`,
        'SERVER: a/1 UPnP/1.1 b/1',
        `ST: ${search.target ?? 'upnp:rootdevice'}`,
        'USN: uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500::upnp:rootdevice',
      ];
      const payload = UTF8.encode(`${lines.join('\r\n')}\r\n\r\n`);
      return [{ payload, from: { address: lanAddress, port: 1_900 }, delayMs: 0 }];
    },
  });
}

/** Changes the text of the answers to every search over IPv4. */
export function rewritesReplies(
  rewrite: (text: string) => string,
  isMeant: (search: Parameters<SearchHook>[1]) => boolean = () => true,
): FaultDefinition['hooks'] {
  return onSearch(isMeant, (answers) =>
    answers.map((answer) =>
      answer.from.address.includes(':')
        ? answer
        : { ...answer, payload: UTF8.encode(rewrite(TEXT.decode(answer.payload))) },
    ),
  );
}

/** Changes the events that come in. */
export function rewritesEvents(rewrite: (request: HttpRequest) => HttpRequest): (transport: Transport) => Transport {
  return (transport) => {
    const { events } = transport;
    if (events === undefined) return transport;
    return {
      ...transport,
      events: {
        listen: (address, handle) => events.listen(address, (request, from) => handle(rewrite(request), from)),
      },
    };
  };
}

/** Drops some of the datagrams that come in. */
export function drops(isMeant: (text: string) => boolean): (transport: Transport) => Transport {
  return (transport) => ({
    ...transport,
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          send: (payload: Uint8Array, to: Endpoint) => socket.send(payload, to),
          close: () => socket.close(),
          local: socket.local,
          datagrams: {
            async *[Symbol.asyncIterator]() {
              for await (const datagram of socket.datagrams) {
                if (!isMeant(TEXT.decode(datagram.payload))) yield datagram;
              }
            },
          },
        })),
    },
  });
}
