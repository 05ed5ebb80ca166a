import type { HttpRequest } from '@portwright/core';
import {
  type FaultDefinition,
  type FaultHooks,
  type GatewayOptions,
  type InterceptedCall,
  putForeignMappings,
  type RequestContext,
  simulateGateway,
  type SimulatedGateway,
  surroundings,
} from '@portwright/transport-mock';
import { err, ok, type Result } from '@portwright/core/result';
import type { ConformanceOptions } from '../run/options.ts';
import type { Report } from '../run/result.ts';
import type { CheckResult } from '../run/check-result.ts';
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
}

const UTF8 = new TextEncoder();
const TEXT = new TextDecoder();

/** Runs the whole suite against a simulated gateway with two mappings of another host's in its table. */
export async function checkGateway(mutant: Mutant | null, options: ConformanceOptions = {}): Promise<Report> {
  await using router = gatewayOf(mutant);
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const all = { write: true, disruptive: true, seed: 7, ...surroundings(router) };
  return (await runConformance(router.transport, target, { ...all, ...options }))._unsafeUnwrap();
}

export function gatewayOf(mutant: Mutant | null): SimulatedGateway {
  const router = simulateGateway({ persona: mutant?.version === 1 ? 'igd1' : 'igd2', ...mutant?.options });
  putForeignMappings(router);
  if (mutant?.hooks !== undefined) router.inject({ ...definition(mutant.hooks), name: mutant.what });
  return router;
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

/** Changes the events that it sends. */
export function rewritesEvents(rewrite: (event: HttpRequest) => HttpRequest): FaultDefinition['hooks'] {
  return () => ({ notification: rewrite });
}

/** Multicasts nothing of one kind. */
export function leavesOut(kind: string): FaultDefinition['hooks'] {
  return () => ({ announcement: (messages, announced) => (announced === kind ? [] : messages) });
}
