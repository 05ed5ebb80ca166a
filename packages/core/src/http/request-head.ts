import type { HttpRequest } from '../messages.ts';

/**
 * The Host header's value for an absolute URL (RFC 9112, 3.2): the authority, without the zone of a link-local address,
 * which means something on this machine only (RFC 6874, 4).
 */
export function hostHeader(url: string): string {
  const authority = /^http:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
  return authority.replace(/^(\[[^%\]]*)%25[^\]]*\]/, '$1]');
}

/** A GET of a whole document. No content coding is offered: an answer that has one is refused. */
export function getRequest(url: string): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: [
      ['Host', hostHeader(url)],
      ['Connection', 'close'],
    ],
    body: new Uint8Array(0),
  };
}
