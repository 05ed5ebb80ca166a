/** Bytes and texts, read strictly: what is no UTF-8 is told from what is. */
import { err, ok, type Result } from '@portwright/core/result';

const ENCODER = new TextEncoder();
const STRICT = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The text of UTF-8 bytes, without its byte-order mark. */
export function readUtf8(bytes: Uint8Array): Result<string, string> {
  try {
    return ok(STRICT.decode(bytes));
  } catch {
    return err('it is not UTF-8');
  }
}

/** A character for each byte: for heads of messages, and to look at what is not UTF-8. */
export function latin1(bytes: Uint8Array): string {
  return LATIN1.decode(bytes);
}

/** The beginning of an untrusted text, to be shown: at most that many characters, control characters made visible. */
export function excerpt(text: string, length = 80): string {
  const shown = text.slice(0, length).replace(/[\p{C}\u2028\u2029]/gu, '·');
  return text.length > length ? `"${shown}" and more` : `"${shown}"`;
}

/** The host of an absolute `http` URL, an IPv6 address with its brackets; null where it is none. */
export function hostOf(url: string): string | null {
  return /^http:\/\/(\[[^\]/?#]*\]|[^:/?#@\s]+)(?::\d{1,5})?(?:[/?]|$)/i.exec(url)?.[1]?.toLowerCase() ?? null;
}

/** The Host header for a URL: its authority, without the zone of a link-local address (RFC 6874, 4). */
export function authorityOf(url: string): string {
  const authority = /^http:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
  const [zone, end] = [authority.indexOf('%25'), authority.lastIndexOf(']')];
  return zone < 0 || end < zone ? authority : authority.slice(0, zone) + authority.slice(end);
}
