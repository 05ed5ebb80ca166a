import type { HttpPort } from '@portwright/core';
import type { ContractCase } from './contract-case.ts';
import { failure } from './http-failures.ts';
import { hello } from './http-responses.ts';
import { END, raw } from './messages.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const LIBERAL = 'HttpPort.request: These deviations of routers are read';

/** Answers that break the rules of HTTP: those that must be read, and what looks like them and must not. */
export const HTTP_DEVIATIONS: readonly ContractCase<HttpPort>[] = [
  hello(
    'http/space-before-colon',
    'Spaces between a header name and its colon are ignored.',
    LIBERAL,
    `${OK}Content-Length : 5\r\n\r\nhello`,
  ),
  hello(
    'http/no-colon',
    'A header line without a colon is ignored.',
    LIBERAL,
    `${OK}Server\r\nContent-Length: 5\r\n\r\nhello`,
  ),
  hello(
    'http/length-twice',
    'The same Content-Length twice is read as one.',
    LIBERAL,
    `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  ),
  hello(
    'http/status-spaces',
    'The status line may have several spaces.',
    LIBERAL,
    'HTTP/1.1  200  OK\r\nContent-Length: 5\r\n\r\nhello',
  ),
  failure(
    'http/lengths-differ',
    'An answer with two lengths that differ is refused.',
    'HttpPort.request: Lengths that differ are refused',
    raw(`${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`, END),
    'not-http',
  ),
];
