import type { Header, Headers, HttpResponse } from '@portwright/core';

const UTF8 = new TextEncoder();

/** What the simulation's requests say in a header: the first with this name, whatever its case. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.find(([spelling]) => spelling.length === name.length && spelling.toLowerCase() === name)?.[1];
}

/** An answer with an XML document. */
export function xmlReply(
  server: string,
  status: number,
  document: string,
  extra: readonly Header[] = [],
): HttpResponse {
  return reply(server, status, 'text/xml; charset="utf-8"', document, extra);
}

/** An answer without a document: the reason is for a person who looks at the recording. */
export function plainReply(
  server: string,
  status: number,
  reason: string,
  extra: readonly Header[] = [],
): HttpResponse {
  return reply(server, status, 'text/plain; charset="utf-8"', `${reason}\r\n`, extra);
}

/** A success that has nothing to say but its headers. */
export function emptyReply(server: string, headers: readonly Header[] = []): HttpResponse {
  return {
    status: 200,
    headers: [['CONTENT-LENGTH', '0'], ['CONNECTION', 'close'], ['SERVER', server], ...headers],
    body: new Uint8Array(),
  };
}

/** No DATE: "An origin server without a clock MUST NOT generate a Date header field" (RFC 9110, 6.6.1); virtual time is none. */
function reply(
  server: string,
  status: number,
  contentType: string,
  text: string,
  extra: readonly Header[],
): HttpResponse {
  const body = UTF8.encode(text);
  return {
    status,
    headers: [
      ['CONTENT-TYPE', contentType],
      ['CONTENT-LENGTH', String(body.length)],
      ['CONNECTION', 'close'],
      ['SERVER', server],
      ...extra,
    ],
    body,
  };
}
