/** The head of a response: its status line and its header fields. */
import type { Header, Headers, TransportErrorCode } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';

export interface ResponseHead {
  readonly status: number;
  /** Spelled as on the wire, in its order. */
  readonly headers: Headers;
}

/** Why a response is refused. */
export type ReadFailure = Extract<TransportErrorCode, 'not-http' | 'too-large' | 'truncated' | 'unsupported-encoding'>;

export const MAX_HEADERS = 64;

/** RFC 9112, 4 has one space on each side of the status. curl and miniupnpc take several, which some routers send. */
const STATUS_LINE = /^HTTP\/\d\.\d[ \t]+(\d{3})(?:[ \t]|$)/;
/** RFC 9112, 5.1 has no space before the colon, but some routers send one. */
const FIELD = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:(.*)$/s;

/** Whether a line, or the beginning of one, can be a status line. An empty line may come before it. */
export function startsLikeHttp(text: string): boolean {
  return text === '\r' || 'HTTP/'.startsWith(text.slice(0, 5));
}

/**
 * Reads the lines of a head, without their ends.
 *
 * A line that is no header field is skipped, as curl and miniupnpc do. That is no risk on a connection that carries one
 * response: a field that two readers understand differently could only move the beginning of the next one (RFC 9112, 11.2).
 */
export function readHead([statusLine = '', ...lines]: readonly string[]): Result<ResponseHead, ReadFailure> {
  const [, digits] = STATUS_LINE.exec(statusLine) ?? [];
  // 101 switches protocols, which no request asks for.
  if (digits === undefined || digits < '100' || digits === '101') return err('not-http');
  const fields: string[] = [];
  for (const line of lines) {
    // A fold continues the field before it. RFC 9112, 2.2 skips one that comes first.
    if (!/^[ \t]/.test(line)) fields.push(line);
    else if (fields.length > 0) fields.push(`${fields.pop() ?? ''} ${trimmed(line)}`);
  }
  return ok({ status: Number(digits), headers: fields.flatMap(fieldOf) });
}

function fieldOf(line: string): readonly Header[] {
  const [, name, value = ''] = FIELD.exec(line) ?? [];
  return name === undefined ? [] : [[name, trimmed(value)]];
}

/** Without the spaces and tabs around it. `trim` removes more, and `/[ \t]+$/` takes quadratic time. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
