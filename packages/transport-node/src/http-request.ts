import type { ClientRequest } from 'node:http';
import type { HttpRequest } from '@portwright/core';
import type { HttpTarget } from './http-target.ts';

/** Headers that node:http adds unless they were removed first; Host has its own switch. */
const AUTOMATIC_HEADERS = ['Connection', 'Content-Length', 'Transfer-Encoding'];

const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Connects, and sends the request as soon as the connection stands. Head and body leave in one write, and so in one TCP
 * segment where they fit: some routers read no further than the first.
 *
 * Throws what node:http throws for a method, a header or a local address that can't be; then nothing was connected.
 */
export function begin(target: HttpTarget, request: HttpRequest, localAddress: string | undefined): ClientRequest {
  const http = process.getBuiltinModule('node:http');
  for (const [name, value] of request.headers) {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value);
  }
  const outgoing = http.request({
    host: target.host,
    port: target.port,
    path: target.path,
    method: request.method,
    ...(localAddress === undefined ? {} : { localAddress }),
    // A connection of its own: nothing is pooled, and no idle socket keeps the process alive.
    agent: false,
    setHost: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Routers end lines with a bare LF, or send Content-Length along with chunks, and the strict parser refuses both.
    // What its strictness guards against, two parties that disagree on where a message ends, takes a connection that
    // carries another message afterwards; this one never does.
    insecureHTTPParser: true,
  });
  for (const name of AUTOMATIC_HEADERS) outgoing.removeHeader(name);
  for (const [name, value] of request.headers) outgoing.appendHeader(name, value);
  // Only end() holds the head back until the body is there: a write() before it would send the head alone.
  if (request.body.length > 0) outgoing.end(request.body);
  else outgoing.end();
  return outgoing;
}
