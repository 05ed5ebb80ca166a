import type { TransportError } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { transportError } from './transport-error.ts';

/** Where a request goes, in the terms of node:net. */
export interface HttpTarget {
  /** Without brackets; an IPv6 zone follows a `%`. */
  readonly host: string;
  readonly port: number;
  /** Path and query, byte for byte as in the URL. */
  readonly path: string;
}

/** `http`, host, port, and the rest: printable ASCII without a fragment. User information matches nowhere. */
const HTTP_URL = /^http:\/\/(?:\[([\w:.%~-]+)\]|([\w.-]+))(?::(\d{1,5}))?(?=[/?]|$)([\x21\x22\x24-\x7e]*)$/i;

/**
 * Takes an `http:` URL apart. The platform's URL won't do: it knows no IPv6 zone (`http://[fe80::1%25eth0]:5000/`,
 * RFC 6874), rewrites paths, and makes addresses of `127.1` and `2130706433`, which are no IP literals here.
 *
 * Errors: `failed` with the cause `ERR_INVALID_URL`; `not-permitted` for a host that is no IP literal, `localhost`
 * included, unless names are allowed.
 */
export function parseTarget(url: string, allowHostNames: boolean): Result<HttpTarget, TransportError> {
  const { isIP } = process.getBuiltinModule('node:net');
  const hint = 'Use a URL like http://192.168.1.1:5000/rootDesc.xml.';
  const invalid = err(transportError('failed', 'reading the URL', { cause: 'ERR_INVALID_URL', hint }));

  const parts = HTTP_URL.exec(url);
  if (parts === null) return invalid;
  const [, bracketed, bare = '', digits = '80', rest = ''] = parts;
  const port = Number(digits);
  if (port < 1 || port > 65_535) return invalid;
  const path = rest.startsWith('/') ? rest : `/${rest}`;

  if (bracketed !== undefined) {
    // RFC 6874, 2: the percent sign before a zone is itself encoded. Some devices leave it bare, and mean the same.
    const host = bracketed.replace('%25', '%');
    return isIP(host) === 6 ? ok({ host, port, path }) : invalid;
  }
  if (isIP(bare) === 4 || allowHostNames) return ok({ host: bare, port, path });
  const noNames = 'Use the IP address, or set allowHostNames.';
  return err(transportError('not-permitted', `looking up the host name ${bare}`, { hint: noNames }));
}
