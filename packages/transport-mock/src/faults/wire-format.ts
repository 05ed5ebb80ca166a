import type { Headers, HttpResponse } from '@portwright/core';

export interface ResponseFormat {
  /** The protocol version of the status line. Default: 1.1. */
  readonly version?: '1.0' | '1.1' | undefined;
  /** What stands behind the status code. Default: the name of the code in RFC 9110, 15. */
  readonly statusText?: string | undefined;
}

/** RFC 9110, 15: those that this package answers with. */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  100: 'Continue',
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
};

/** An answer as it goes over the wire (RFC 9112, 2.1): its headers as they are, nothing added, nothing counted. */
export function encodeResponse(response: HttpResponse, format: ResponseFormat = {}): Uint8Array {
  return concat(encodeHead(response, format), response.body);
}

/** The status line, the headers and the empty line that ends them. */
export function encodeHead(
  { status, headers }: { readonly status: number; readonly headers: Headers },
  { version = '1.1', statusText = STATUS_TEXTS[status] ?? '' }: ResponseFormat = {},
): Uint8Array {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return latin1(`HTTP/${version} ${status} ${statusText}\r\n${lines.join('')}\r\n`);
}

/** RFC 9112, 7.1: the chunked coding, with an extension on each chunk and a trailer field after the last. */
export function encodeChunks(body: Uint8Array, chunkBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes);
    parts.push(latin1(`${chunk.length.toString(16)};part=${parts.length / 3}\r\n`), chunk, latin1('\r\n'));
  }
  return concat(...parts, latin1('0;last\r\nX-TRAILER: after the body\r\n\r\n'));
}

/** One byte for each character: what HTTP's head is made of (RFC 9110, 5.5); characters above U+00FF lose bits. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
