import type { HttpResponse } from '@portwright/core';
import { excerpt, latin1, readUtf8 } from './text.ts';
import { descendantOf } from './xml-queries.ts';
import { readXml, type XmlElement } from './xml.ts';

/**
 * An answer to a call, as far as it can be understood: each check is strict about what it is about, and takes the rest as
 * it comes, so that one mistake of a gateway is one failure.
 */
export interface SoapAnswer {
  readonly response: HttpResponse;
  /** Null where the body is no XML. */
  readonly envelope: XmlElement | null;
  /** Output arguments of a success, by name; null where it is none. */
  readonly values: ReadonlyMap<string, string> | null;
  /** The UPnP error code of a fault; null where it is none, or has none. */
  readonly code: number | null;
  /** The answer in a few words. */
  readonly summary: string;
}

/** Reads the answer to a call of this action. */
export function readSoapAnswer(response: HttpResponse, action: string): SoapAnswer {
  const envelope = readUtf8(response.body)
    .andThen(readXml)
    .map(({ root }) => root)
    .unwrapOr(null);
  const element = envelope === null ? undefined : descendantOf(envelope, `${action}Response`);
  const isSuccess = response.status >= 200 && response.status < 300 && element !== undefined;
  const values = isSuccess ? new Map(element.children.map(({ name, text }) => [name, text])) : null;
  const code = envelope === null || isSuccess ? null : codeIn(envelope);
  return { response, envelope, values, code, summary: summarize(response, values, code) };
}

function codeIn(envelope: XmlElement): number | null {
  const text = descendantOf(envelope, 'errorCode')?.text.trim() ?? '';
  return /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}

function summarize(
  { status, body }: HttpResponse,
  values: ReadonlyMap<string, string> | null,
  code: number | null,
): string {
  if (code !== null) return `a fault with ${code}`;
  if (values === null) return `HTTP ${status} with ${body.length === 0 ? 'no body' : excerpt(latin1(body))}`;
  const shown = Array.from(values, ([name, value]) => `${name}=${excerpt(value, 40)}`);
  return shown.length === 0 ? 'success' : `success with ${shown.join(', ')}`;
}
