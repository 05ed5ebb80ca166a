import { mustHave } from './misuse.ts';
import type { HttpRequest } from '@portwright/core';
import { header } from './http/http-reply.ts';
import { portControlInWords } from './port-control/port-control-words.ts';
import type {
  EventExchange,
  Exchange,
  GarbageExchange,
  HttpExchange,
  PortControlExchange,
  SearchExchange,
} from './recording.ts';

/** An exchange in words, for a log or a failed test. What clients have sent is on one line, and fit for a terminal. */
export interface ExchangeSummary {
  /** The address of the client. */
  readonly client: string;
  /** `AddPortMapping UDP 7777 -> 10.0.0.2:7777, 3600 s`; at most 100 characters. */
  readonly request: string;
  /** `ok`, `718 ConflictInMappingEntry`, `3 answers`, `reset (fault reset-after-request)`. */
  readonly answer: string;
  /** Whether the client got what it asked for. */
  readonly isOk: boolean;
}

/**
 * Says what was asked, and what came of it.
 *
 * @example
 * ```ts
 * for (const exchange of router.exchanges()) {
 *   const { client, request, answer } = summarizeExchange(exchange);
 *   console.log(`${client}  ${request}: ${answer}`);
 * }
 * ```
 */
export function summarizeExchange(exchange: Exchange): ExchangeSummary {
  mustHave('exchange', 'one of exchanges()', exchange, 'kind', 'faults');
  const summary = summaryOf(exchange);
  const { faults } = exchange;
  const cause = faults.length === 0 ? '' : ` (fault ${faults.join(', ')})`;
  return { ...summary, client: printable(summary.client), answer: summary.answer + cause };
}

function summaryOf(exchange: Exchange): ExchangeSummary {
  switch (exchange.kind) {
    case 'search':
      return ofSearch(exchange);
    case 'port-control':
      return ofPortControl(exchange);
    case 'http':
      return ofHttp(exchange);
    case 'event':
      return ofEvent(exchange);
    case 'garbage':
      return ofGarbage(exchange);
  }
}

function ofSearch({ payload, from, answers }: SearchExchange): ExchangeSummary {
  return {
    client: from.address,
    request: excerpt(datagramInWords(decode(payload))),
    answer: answers.length === 0 ? 'no answer' : answers.length === 1 ? '1 answer' : `${answers.length} answers`,
    isOk: answers.length > 0,
  };
}

function ofPortControl(exchange: PortControlExchange): ExchangeSummary {
  const { request, answer, isOk } = portControlInWords(exchange);
  return { client: exchange.from.address, request, answer, isOk };
}

/** `M-SEARCH ssdp:all`, `NOTIFY ssdp:alive`; else the first line, whatever that is. */
function datagramInWords(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1);
  const method = /^(?:M-SEARCH|NOTIFY)(?= )/.exec(line)?.[0];
  const subject = /^(?:st|nts):[ \t]*(.*)$/im.exec(text)?.[1] ?? '';
  return method === undefined ? line : `${method} ${subject}`;
}

function ofHttp({ request, outcome, from }: HttpExchange): ExchangeSummary {
  const call = readCall(request);
  const words = call === null ? `${request.method} ${pathOf(request)}` : `${call.action} ${callInWords(call)}`;
  const { answer, isOk } = answerOf(outcome);
  const { delayMs } = outcome;
  const late = delayMs > 0 && delayMs < Infinity ? ` after ${Math.round(delayMs)} ms` : '';
  return { client: from, request: excerpt(words), answer: answer + late, isOk };
}

/** What the gateway tells a subscriber is the client's to answer. */
function ofEvent({ request, outcome }: EventExchange): ExchangeSummary {
  const client = /^http:\/\/\[?([^/\]]*?)\]?(?::\d+)?(?:\/|$)/i.exec(request.url)?.[1] ?? 'unknown';
  const told = { client, request: excerpt(`${request.method} ${pathOf(request)}`) };
  return outcome === null
    ? { ...told, answer: 'no host at that address', isOk: false }
    : { ...told, ...answerOf(outcome) };
}

/** What was no request, by its first line. */
function ofGarbage({ from, received, response: { status, body } }: GarbageExchange): ExchangeSummary {
  const [line = ''] = decode(received).split(/\r?\n/, 1);
  const request = excerpt(`not an HTTP request: ${line}`);
  return { client: from, request, answer: excerpt(`HTTP ${status}, ${decode(body)}`), isOk: false };
}

function answerOf(outcome: HttpExchange['outcome']): { readonly answer: string; readonly isOk: boolean } {
  if (outcome.delayMs === Infinity) return { answer: 'no answer', isOk: false };
  if (outcome.kind === 'failure') return { answer: outcome.code, isOk: false };
  const { status, body } = outcome.response;
  const text = decode(body);
  const code = leaf(text, 'errorCode');
  if (code !== undefined) return { answer: excerpt(`${code} ${leaf(text, 'errorDescription') ?? ''}`), isOk: false };
  const isOk = status >= 200 && status < 300;
  return { answer: isOk ? 'ok' : `HTTP ${status}`, isOk };
}

interface Call {
  readonly action: string;
  readonly args: ReadonlyMap<string, string>;
}

/** What a control request says, as far as it can be told; liberal, since it is to be shown and not to be obeyed. */
function readCall({ headers, body }: HttpRequest): Call | null {
  const action = /#([\w.-]+)/.exec(header(headers, 'soapaction') ?? '')?.[1];
  if (action === undefined) return null;
  const leaves = decode(body).matchAll(/<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<]*)<\//g);
  return { action, args: new Map([...leaves].map(([, name = '', value = '']) => [name, value.trim()])) };
}

function pathOf({ url }: HttpRequest): string {
  return url.replace(/^http:\/\/[^/]*/i, '');
}

/** The arguments of an action as a sentence; for the others their values as they stand. */
function callInWords({ action, args }: Call): string {
  const value = (name: string): string => args.get(name) ?? '?';
  switch (action) {
    case 'AddPortMapping':
    case 'AddAnyPortMapping': {
      const inside = `${value('NewInternalClient')}:${value('NewInternalPort')}`;
      return `${outside(args)} -> ${inside}, ${duration(value('NewLeaseDuration'))}`;
    }
    case 'GetSpecificPortMappingEntry':
    case 'DeletePortMapping':
      return outside(args);
    case 'AddPinhole': {
      const inside = `[${value('InternalClient')}]:${value('InternalPort')}`;
      return `protocol ${value('Protocol')} -> ${inside}, ${duration(value('LeaseTime'))}`;
    }
    default:
      return [...args.values()].join(' ');
  }
}

function outside(args: Call['args']): string {
  const from = args.get('NewRemoteHost') ?? '';
  return `${args.get('NewProtocol') ?? '?'} ${args.get('NewExternalPort') ?? '?'}${from === '' ? '' : ` from ${from}`}`;
}

function duration(seconds: string): string {
  return seconds === '0' ? 'permanent' : `${seconds} s`;
}

function leaf(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)<`).exec(xml)?.[1];
}

const EXCERPT = 100;
/** Controls, separators of lines, and the marks that turn the direction of a line on a screen. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;
/** What takes no room on a screen. */
const INVISIBLE = /[\p{DI}\ufff9-\ufffb]/gu;

function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ').replace(INVISIBLE, '').trim();
}

function excerpt(text: string): string {
  const line = printable(text);
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT - 1)}…`;
}

/** A client's first kilobytes: none says more that would be shown. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 8_192));
}
