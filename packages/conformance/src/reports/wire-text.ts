/** What went over the wire, as text for people: heads and bodies as they were, with what can't be shown as escapes. */
import type { Endpoint, Headers } from '@portwright/core';
import { latin1 } from '../wire/text.ts';
import type { HttpOutcome, WireRecord } from '../wire/wire-record.ts';
import { counted } from './outcome.ts';
import { oneLine, visible } from './visible.ts';

/** How much of it is shown. */
export interface WireLimits {
  /** The latest so many exchanges of a check. */
  readonly exchanges: number;
  /** Characters of a body. */
  readonly body: number;
}

export interface WireExchange {
  /** Milliseconds since the first exchange that is shown. */
  readonly afterMs: number;
  /** In one line. */
  readonly summary: string;
  /** Whether there was no answer, or one that says no. */
  readonly isRefused: boolean;
  readonly messages: readonly WireMessage[];
}

export interface WireMessage {
  /** `none`: there was no answer. */
  readonly direction: 'sent' | 'received' | 'none';
  /** The lines of a message, its head and its body, without anything that must not be shown. */
  readonly lines: readonly string[];
}

/** The exchanges of a check, and how many earlier ones are left out. */
export function wireExchanges(
  records: readonly WireRecord[],
  limits: WireLimits,
): { readonly left: number; readonly exchanges: readonly WireExchange[] } {
  const shown = records.slice(-limits.exchanges);
  const start = shown[0]?.at ?? 0;
  return {
    left: records.length - shown.length,
    exchanges: shown.map((record) => ({
      afterMs: Math.round(record.at - start),
      summary: oneLine(summaryOf(record)),
      isRefused: isRefused(record),
      messages: messagesOf(record, limits),
    })),
  };
}

/** The same as plain lines: `>` before what was sent, and `<` before what came. */
export function wireLines(records: readonly WireRecord[], limits: WireLimits): readonly string[] {
  const { left, exchanges } = wireExchanges(records, limits);
  const note = left === 0 ? [] : [`(${counted(left, 'earlier exchange')} not shown)`];
  return [
    ...note,
    ...exchanges.flatMap(({ afterMs, summary, messages }) => [
      `+${afterMs} ms: ${summary}`,
      ...messages.flatMap(({ direction, lines }) => lines.map((line) => `${MARKS[direction]} ${line}`.trimEnd())),
    ]),
  ];
}

const MARKS: Readonly<Record<WireMessage['direction'], string>> = { sent: '>', received: '<', none: '!' };

function messagesOf(record: WireRecord, { body }: WireLimits): readonly WireMessage[] {
  switch (record.kind) {
    case 'http': {
      const { method, url, headers } = record.request;
      const request = httpLines(`${method} ${pathOf(url)} HTTP/1.1`, headers, record.request.body, body);
      return [{ direction: 'sent', lines: request }, answerOf(record.outcome, body)];
    }
    case 'event': {
      const { method, url, headers } = record.request;
      const lines = httpLines(`${method} ${pathOf(url)} HTTP/1.1`, headers, record.request.body, body);
      return [{ direction: 'received', lines }];
    }
    case 'sent':
    case 'received':
      return [{ direction: record.kind, lines: datagramLines(record.payload, body) }];
  }
}

function answerOf(outcome: HttpOutcome, limit: number): WireMessage {
  if (outcome.kind === 'failure') {
    const { code, message } = outcome.error;
    return { direction: 'none', lines: [oneLine(`no answer: ${code} (${message})`)] };
  }
  // What stood behind the status, and the version before it, are not kept: they mean nothing (RFC 9112, 4).
  const { status, headers, body } = outcome.response;
  return { direction: 'received', lines: httpLines(`HTTP/1.1 ${status}`, headers, body, limit) };
}

function httpLines(start: string, headers: Headers, body: Uint8Array, limit: number): readonly string[] {
  const head = [start, ...headers.map(([name, value]) => `${name}: ${value}`)].map(oneLine);
  return body.length === 0 ? head : [...head, '', ...shortened(readableText(body), limit)];
}

/** A line end that is no CRLF, as UDA 1.0, 1.1.2 asks for, is seen: `\n`. */
function datagramLines(payload: Uint8Array, limit: number): readonly string[] {
  const text = readableText(payload, (end) => (end === '\n' ? '\\n\n' : '\n'));
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return shortened(text.slice(0, end), limit);
}

function shortened(text: string, limit: number): readonly string[] {
  const left = text.length - limit;
  const lines = (left > 0 ? text.slice(0, limit) : text).split('\n');
  return left > 0 ? [...lines, `(${counted(left, 'more character')})`] : lines;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes without controls but tabs and line ends, byte-order mark included; null: they are none. */
export function plainUtf8(bytes: Uint8Array): string | null {
  const text = decoded(bytes);
  return text === null || /[^\P{Cc}\t\r\n]/u.test(text) ? null : text;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

export function hexOf(bytes: Uint8Array, separator = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
}

/** As text where it is text for the most part, bytes that are no UTF-8 as `\xe9`; else in hexadecimal. */
function readableText(bytes: Uint8Array, lineEnd: (end: string) => string = () => '\n'): string {
  const text = decoded(bytes);
  if (isBinary(bytes)) {
    const more = bytes.length > HEX_BYTES ? ' …' : '';
    return `(${counted(bytes.length, 'byte')}) ${hexOf(bytes.slice(0, HEX_BYTES), ' ')}${more}`;
  }
  return visible((text ?? withEscapes(bytes)).replace(/\r?\n/g, lineEnd));
}

/** Whether it is no text, or hardly any: PCP, for one. */
function isBinary(bytes: Uint8Array): boolean {
  const isText = decoded(bytes) !== null;
  const odd = bytes.filter((byte) => isControl(byte) || (!isText && byte >= 0x80)).length;
  return odd > bytes.length / 4;
}

/** As many bytes are shown where they are no text. */
const HEX_BYTES = 256;

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}

function withEscapes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
}

function summaryOf(record: WireRecord): string {
  switch (record.kind) {
    case 'http': {
      const { method, url, headers } = record.request;
      const action = /#(\w+)"?$/.exec(valueOf(headers, 'soapaction'))?.[1];
      return `${method} ${pathOf(url)}${action === undefined ? '' : ` ${action}`} → ${outcomeSummary(record.outcome)}`;
    }
    case 'event':
      return `${record.request.method} from ${record.from}`;
    case 'sent':
      return `to ${endpointText(record.to)}: ${datagramSummary(record.payload)}`;
    case 'received':
      return `from ${endpointText(record.from)}: ${datagramSummary(record.payload)}`;
  }
}

function isRefused(record: WireRecord): boolean {
  return record.kind === 'http' && (record.outcome.kind === 'failure' || record.outcome.response.status >= 400);
}

function outcomeSummary(outcome: HttpOutcome): string {
  if (outcome.kind === 'failure') return `no answer (${outcome.error.code})`;
  const { status, body } = outcome.response;
  const fault = /<(?:\w+:)?errorCode[^>]{0,80}>\s*(\d{1,5})\s*</.exec(latin1(body))?.[1];
  return fault === undefined ? String(status) : `${status}, fault ${fault}`;
}

/** Its first line, and what it is about; of what is no text, its length and its beginning. */
function datagramSummary(payload: Uint8Array): string {
  if (isBinary(payload)) return `${counted(payload.length, 'byte')}, ${hexOf(payload.slice(0, 8), ' ')}`;
  const text = latin1(payload.slice(0, 1_024));
  const target = /^[NS]T[ \t]*:[ \t]*(.*)$/im.exec(text)?.[1]?.trim();
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  return `${first.slice(0, 60)}${target === undefined ? '' : `, ${target.slice(0, 80)}`}`;
}

function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function valueOf(headers: Headers, name: string): string {
  return headers.find(([spelling]) => spelling.toLowerCase() === name)?.[1] ?? '';
}

/** As it stands in a request line. */
function pathOf(url: string): string {
  const rest = url.replace(/^\w+:\/\/[^/?#]*/, '');
  return rest === '' ? '/' : rest;
}
