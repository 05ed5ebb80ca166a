import { request as httpRequest } from 'node:http';
import type { Header, HttpRequest } from '@portwright/core';
import { header } from '../../http/http-reply.ts';
import { readHttpUrl } from '../../http/http-url.ts';
import { canonicalAddress, familyOf } from '../../network/ip-address.ts';
import type { HttpOutcome } from '../../network/network-host.ts';
import { systemError } from './system-error.ts';

/** Milliseconds of real time for the whole exchange. */
const DEADLINE_MS = 5_000;
/** Bytes of an answer that are kept: it says whether it went well, and no more. */
const MAXIMUM_BODY_BYTES = 65_536;

/**
 * The gateway's own request to a program on the network, an event's NOTIFY.
 *
 * @param from - the gateway's address
 * @returns what came of it; null for a host that is no address, since no names are looked up for whoever subscribes
 */
export function requestCallback(
  { method, url, headers, body }: HttpRequest,
  from: string,
  signal: AbortSignal,
): Promise<HttpOutcome | null> {
  const target = readHttpUrl(url);
  if (target === null || canonicalAddress(target.host) === null || familyOf(target.host) !== familyOf(from)) {
    return Promise.resolve(null);
  }
  const { host, port, path } = target;
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      const { code, cause } = systemError(error, url);
      resolve({ kind: 'failure', code, ...(cause === undefined ? {} : { cause }), delayMs: 0 });
    };
    const request = httpRequest({
      method,
      host,
      port,
      path,
      localAddress: from,
      headers: [...headers, ...missing(headers, body)].flat(),
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve({
          kind: 'response',
          response: {
            status: response.statusCode ?? 0,
            headers: pairs(response.rawHeaders),
            body: new Uint8Array(Buffer.concat(chunks)),
          },
          delayMs: 0,
        });
      });
    });
    request.end(body);
  });
}

/** What a request on a connection of its own can't do without. */
function missing(headers: HttpRequest['headers'], body: Uint8Array): readonly Header[] {
  const wanted: readonly Header[] = [
    ['CONTENT-LENGTH', String(body.length)],
    ['CONNECTION', 'close'],
  ];
  return wanted.filter(([name]) => header(headers, name.toLowerCase()) === undefined);
}

function pairs(flat: readonly string[]): readonly Header[] {
  return Array.from({ length: flat.length / 2 }, (_, at): Header => [flat[2 * at] ?? '', flat[2 * at + 1] ?? '']);
}
