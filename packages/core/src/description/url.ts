/** As much of RFC 3986 as `http` URLs need; ECMAScript alone has no URL. */
import { err, ok, type Result } from '../result.ts';
import type { PolicyErrorCode } from '../errors.ts';
import { parseIpAddress } from '../addresses/ip-address.ts';
import { percentEncoded } from '../text.ts';

/** An absolute `http` URL in its parts. A fragment is dropped: it is never sent. */
export interface HttpUrl {
  /** Lower-case; an IPv6 address without brackets, its zone after a bare `%`: `fe80::1%eth0`. */
  readonly host: string;
  /** 1..65535; 80 where none was given. */
  readonly port: number;
  /** Starts with a slash. */
  readonly path: string;
  /** Without its question mark; null and empty differ. */
  readonly query: string | null;
}

/** Visible ASCII but the backslash, which browsers take for a slash. CR and LF would end the request line. */
const ALLOWED = /^[!-[\]-~]*$/;

/** The regular expression of RFC 3986, appendix B. */
const PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/;

/**
 * User information; a bracketed address and its zone, or a name of unreserved characters and sub-delims; a port
 * (RFC 3986, 3.2). A zone's percent sign should be encoded (RFC 6874, 2), and often is not.
 */
const AUTHORITY = /^(?:\[([\da-f:.]+)(?:%(?:25)?([\w.~-]+))?\]|([\w.~!$&'()*+,;=-]+))(?::(\d{0,5}))?$/i;

/** Many times the longest of any router: a description may resolve thousands of references against one base. */
const MAX_URL_LENGTH = 2048;

/** Why a text is no URL that may be asked: the same codes as of a refusal. */
export type UrlProblem = Extract<PolicyErrorCode, 'bad-url' | 'not-http' | 'user-information'>;

/** Reads an absolute `http` URL. */
export function parseHttpUrl(text: string): Result<HttpUrl, UrlProblem> {
  const [, scheme = '', authority = '', path, query = null] = PARTS.exec(text) ?? [];
  const [, literal, zone, name, port] = AUTHORITY.exec(authority) ?? [];
  const address = (literal ?? name)?.toLowerCase();
  // The case of a zone matters: it is an interface's name.
  const host = zone === undefined ? address : `${address}%${zone}`;
  const portNumber = Number(port || '80');
  if (text.length > MAX_URL_LENGTH || !ALLOWED.test(text) || scheme === '') return err('bad-url');
  if (scheme.toLowerCase() !== 'http') return err('not-http');
  if (authority.includes('@')) return err('user-information');
  const valid =
    host !== undefined &&
    (literal === undefined || (literal.includes(':') && parseIpAddress(host) !== null)) &&
    portNumber >= 1 &&
    portNumber <= 65535;
  return valid ? ok({ host, port: portNumber, path: path || '/', query }) : err('bad-url');
}

/**
 * The URL that a reference means when it stands in a document from `base` (RFC 3986, 5.2, strict: `http:g` is none). Spaces
 * and characters beyond ASCII in its path and query are percent-encoded, as browsers do (RFC 3987, 3.1).
 */
export function resolveHttpUrl(text: string, base: HttpUrl): Result<HttpUrl, UrlProblem> {
  const reference = encodeReference(text);
  const [, scheme, authority, path = '', query = null] = PARTS.exec(reference) ?? [];
  if (scheme !== undefined || authority !== undefined) {
    const absolute = scheme === undefined ? `http:${reference}` : reference;
    return parseHttpUrl(absolute).map((url) => ({ ...url, path: removeDotSegments(url.path) }));
  }
  if (!ALLOWED.test(reference)) return err('bad-url');
  const merged = path.startsWith('/') ? path : base.path.slice(0, base.path.lastIndexOf('/') + 1) + path;
  const url: HttpUrl =
    path === '' ? { ...base, query: query ?? base.query } : { ...base, path: removeDotSegments(merged), query };
  return formatHttpUrl(url).length > MAX_URL_LENGTH ? err('bad-url') : ok(url);
}

function encodeReference(reference: string): string {
  const [, authority = '', rest = ''] = /^((?:[^:/?#]+:)?(?:\/\/[^/?#]*)?)(.*)$/s.exec(reference) ?? [];
  return reference.trim() === reference ? authority + percentEncoded(rest) : reference;
}

/** RFC 3986, 5.2.4, for a path that starts with a slash. */
function removeDotSegments(path: string): string {
  const output: string[] = [];
  // A dot segment at the end leaves the slash before it.
  for (const segment of path
    .replace(/\/\.\.?$/, '$&/')
    .split('/')
    .slice(1)) {
    if (segment === '..') output.pop();
    else if (segment !== '.') output.push(segment);
  }
  return `/${output.join('/')}`;
}

/** The URL as a text (RFC 3986, 5.3): default port left out, IPv6 in brackets, its zone after `%25` (RFC 6874, 2). */
export function formatHttpUrl(url: HttpUrl): string {
  const host = url.host.includes(':') ? `[${url.host.replace('%', '%25')}]` : url.host;
  const port = url.port === 80 ? '' : `:${url.port}`;
  const query = url.query === null ? '' : `?${url.query}`;
  return `http://${host}${port}${url.path}${query}`;
}

/** The host of a URL; an empty text of what is no `http` URL. */
export function hostIn(url: string): string {
  return parseHttpUrl(url)
    .map(({ host }) => host)
    .unwrapOr('');
}

/** Whether the hosts of two URLs are one: as addresses, read strictly, without regard to zones, or letter by letter. */
export function sameUrlHost(one: string, other: string): boolean {
  const [a, b] = [withoutZone(one), withoutZone(other)];
  const bits = parseIpAddress(a)?.bits;
  return a === b || (bits !== undefined && bits === parseIpAddress(b)?.bits);
}

/** A URL on a host, with that host's spelling and zone; null if it is on another. */
export function onHost(url: HttpUrl, host: string): HttpUrl | null {
  return sameUrlHost(url.host, host) ? { ...url, host } : null;
}

function withoutZone(host: string): string {
  return host.split('%', 1)[0] as string;
}
