import type { TransportError, TransportErrorCode } from '@portwright/core';

/** What can be wrong with a client, by the case that is about it. */
export const HTTP_DEFECTS = {
  'http/method': 'knows GET and POST, and makes a POST of all else',
  'http/target': 'lets the platform normalise the URL',
  'http/header-spelling': 'sends names in lower case',
  'http/header-order': 'sends headers sorted',
  'http/header-values': 'sends values in lower case',
  'http/header-twice': 'keeps headers in a map',
  'http/nothing-added': 'introduces itself',
  'http/request-body': 'has 7 bits in a byte',
  'http/large-request-body': 'sends the first 64 KiB',
  'http/nothing-after': 'sends a line break after the head',
  'http/request-line': 'speaks HTTP/1.0',
  'http/open-until-answered': 'closes its side once it has sent',
  'http/error-status': 'makes an error of an error status',
  'http/redirect': 'follows redirects',
  'http/answer-header-spelling': 'reads names in lower case',
  'http/answer-header-order': 'reads headers sorted',
  'http/answer-header-values': 'reads values in lower case',
  'http/answer-header-twice': 'joins headers of the same name',
  'http/answer-body': 'reads bodies as UTF-8',
  'http/no-content': 'waits for a body after a 204',
  'http/content-length': 'looks for Content-Length in one spelling',
  'http/until-close': 'takes what has come for a body without a length',
  'http/http-1.0': 'knows HTTP/1.1 alone',
  'http/chunked': 'waits for the end of the connection after the last chunk',
  'http/chunk-extension': 'knows no extensions of chunks',
  'http/chunk-trailer': 'knows no trailers',
  'http/chunk-size': 'takes a chunk for the last one that begins with 0',
  'http/split-head': 'looks for the end of the head in one packet',
  'http/split-chunks': 'looks for the size of a chunk in one packet',
  'http/space-before-colon': 'reads a space before the colon as a part of the name',
  'http/no-colon': 'refuses a header line without a colon',
  'http/length-twice': 'refuses a repeated Content-Length',
  'http/status-spaces': 'expects one space in the status line',
  'http/interim': 'knows 100 alone of the interim answers',
  'http/half-close': 'leaves a connection open that the server has closed',
  'http/deadline': 'has a deadline from the first byte on',
  'http/slow-head': 'begins its deadline anew with each piece of a head',
  'http/slow-body': 'begins its deadline anew with each piece of a body',
  'http/slow-interim': 'begins its deadline anew with each interim answer',
  'http/closed-at-deadline': 'leaves the connection open at its deadline',
  'http/cap-reached': 'refuses a body that is as long as allowed',
  'http/cap-declared': 'has no cap for a body with a length',
  'http/cap-undeclared': 'has no cap for a body without a length',
  'http/cap-chunked': 'has no cap for chunks',
  'http/endless-head': 'has no cap for a head',
  'http/truncated-body': 'takes half a body for a body',
  'http/truncated-chunk': 'takes half a chunk for a chunk',
  'http/truncated-chunks': 'needs no last chunk',
  'http/truncated-head': 'takes half a head for garbage',
  'http/no-answer': 'takes an orderly end for a reset',
  'http/reset': 'takes a reset for an orderly end',
  'http/reset-body': 'takes a reset in a body for an orderly end',
  'http/garbage': 'takes garbage for half a head',
  'http/bad-chunk': 'takes a chunk without a size for the last',
  'http/lengths-differ': 'takes the first of two lengths',
  'http/content-coding': 'hands over what is packed',
  'http/refused': 'has one code for all that the system says: refused',
  'http/unreachable': 'has one code for all that the system says: unreachable',
  'http/bad-request': 'sends a line break in a header',
  'http/aborted-before': 'listens to signals that have aborted already',
  'http/aborted-waiting': 'is deaf while it waits',
  'http/aborted-within-body': 'is deaf while it reads a body',
  'http/signal-released': 'listens on',
  'http/connection-each': 'uses a connection twice',
  'http/closed-afterwards': 'leaves a connection open when the server would like that',
  'http/parallel': 'sends one request at a time',
  'http/local-address-told': 'does not say where it left from',
  'http/local-address-used': 'takes the first address of the interface',
  'http/local-address-unknown': 'takes another address where it can not have that one',
  'http/ipv6': 'leaves an IPv6 address in its brackets',
} as const;

export type HttpDefect = keyof typeof HTTP_DEFECTS;

export function transportError(code: TransportErrorCode): TransportError {
  return { kind: 'transport', code, message: code };
}

const CODES: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ECONNREFUSED', 'refused'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'no-such-interface'],
]);

export function failureOf(error: Error, received: number, has: (defect: HttpDefect) => boolean): TransportError {
  const code = CODES.get((error as NodeJS.ErrnoException).code ?? '') ?? 'failed';
  if (code === 'reset' && has(received === 0 ? 'http/reset' : 'http/reset-body')) return transportError('truncated');
  const isForgotten =
    (code === 'refused' && has('http/refused')) || (code === 'unreachable' && has('http/unreachable'));
  return transportError(isForgotten ? 'failed' : code);
}
