import type { Header, HttpResponse } from '@portwright/core';
import { header } from '../http/http-reply.ts';
import type { Around, RequestContext } from './fault.ts';
import { latin1 } from './wire-format.ts';

const UTF8 = new TextEncoder();
const TEXT = new TextDecoder();

/** How an answer is changed. */
export type Rewriting = (response: HttpResponse, context: RequestContext) => HttpResponse;

/** Lets the gateway answer, and changes the answer. */
export function rewriting(rewrite: Rewriting): { readonly response: Around<RequestContext, HttpResponse> } {
  return { response: (context, proceed) => rewrite(proceed(), context) };
}

/** Changes the text of XML answers; others stay as they are. */
export function rewritingXml(rewrite: (xml: string, context: RequestContext) => string): ReturnType<typeof rewriting> {
  return rewriting((response, context) =>
    isXml(response) ? withBody(response, UTF8.encode(rewrite(TEXT.decode(response.body), context))) : response,
  );
}

/** Answers in the gateway's place: nothing is carried out. */
export function answering(answer: (context: RequestContext) => HttpResponse): ReturnType<typeof rewriting> {
  return { response: answer };
}

/** An answer with another body, and the CONTENT-LENGTH that goes with it. */
export function withBody(response: HttpResponse, body: Uint8Array): HttpResponse {
  return { ...withHeader(response, 'CONTENT-LENGTH', String(body.length)), body };
}

/** An answer with this header, in the place of the one that it had. */
export function withHeader(response: HttpResponse, name: string, value: string): HttpResponse {
  const isIt = ([spelling]: Header): boolean => spelling.toUpperCase() === name;
  const headers = response.headers.some(isIt)
    ? response.headers.map((one): Header => (isIt(one) ? [one[0], value] : one))
    : [...response.headers, [name, value] as const];
  return { ...response, headers };
}

export function withoutHeader(response: HttpResponse, name: string): HttpResponse {
  return { ...response, headers: response.headers.filter(([spelling]) => spelling.toUpperCase() !== name) };
}

export function isXml({ headers }: HttpResponse): boolean {
  return /\bxml\b/i.test(header(headers, 'content-type') ?? '');
}

/** Puts Latin-1 bytes where the label says UTF-8. */
export function inLatin1(response: HttpResponse, rewrite: (xml: string) => string): HttpResponse {
  return isXml(response) ? withBody(response, latin1(rewrite(TEXT.decode(response.body)))) : response;
}
