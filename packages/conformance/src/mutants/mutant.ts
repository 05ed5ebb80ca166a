/** Gateways with one defect each: what a check finds. They need the simulator's types alone, and tests run them. */
import type { HttpRequest } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import type {
  FaultDefinition,
  FaultHooks,
  GatewayOptions,
  InterceptedCall,
  RequestContext,
} from '@portwright/transport-mock';

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

export const text = ({ args }: InterceptedCall, name: string): string => String(args.get(name) ?? '');
export const number = ({ args }: InterceptedCall, name: string): number => Number(args.get(name));
export const changed = (call: InterceptedCall, name: string, value: number): InterceptedCall => ({
  ...call,
  args: new Map([...call.args, [name, value]]),
});

/** Mappings of a TCP port, whoever holds them. */
export const held = (call: InterceptedCall): readonly { readonly internalClient: string }[] =>
  call.gateway.connection.mappings.ofPort(number(call, 'NewExternalPort'), 'TCP');

export const recoded = (action: string, from: number, to: number): NonNullable<Mutant['hooks']> =>
  rewrites(
    (context) => context.action === action,
    (answer) => answer.replace(`>${from}<`, `>${to}<`),
  );

/** Every finite lease is made a week, and told as what it should be: to its end, and then as its last second. */
export const staysBeyondItsLease: NonNullable<Mutant['hooks']> = ({ now }) => {
  const ends = new Map<string, number>();
  const nameOf = (call: InterceptedCall): string => `${text(call, 'NewProtocol')} ${text(call, 'NewExternalPort')}`;
  return {
    action: (call, proceed) => {
      const lease = number(call, 'NewLeaseDuration');
      if (call.action === 'AddPortMapping' && lease > 0) {
        return proceed(changed(call, 'NewLeaseDuration', 604_800)).map((values) => {
          ends.set(nameOf(call), now() + lease * 1_000);
          return values;
        });
      }
      const end = call.action === 'GetSpecificPortMappingEntry' ? ends.get(nameOf(call)) : undefined;
      if (end === undefined) return proceed();
      const left = Math.max(1, Math.ceil((end - now()) / 1_000));
      return proceed().map((values) => ({ ...values, NewLeaseDuration: left }));
    },
  };
};
