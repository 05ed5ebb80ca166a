/** Bytes, and UTF-8 in ECMAScript alone, which has no TextEncoder and no TextDecoder. */

/** Also of another realm, such as a test environment's. */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** To a pattern that knows Unicode, two surrogates that belong together are one character. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

const BEYOND_ASCII = /[^\0-\x7f]+/g;

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as in the platform's TextEncoder. */
export function encodeUtf8(text: string): Uint8Array {
  const latin1 = text.replace(LONE_SURROGATE, '\ufffd').replace(BEYOND_ASCII, encodeSequence);
  const bytes = new Uint8Array(latin1.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = latin1.charCodeAt(at);
  return bytes;
}

/** One character for each byte. */
function encodeSequence(characters: string): string {
  return encodeURIComponent(characters).replace(/%(..)/g, (_escape, hex: string) =>
    String.fromCharCode(Number(`0x${hex}`)),
  );
}

/** What looks like one character of several bytes. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * The text of UTF-8 bytes. It never fails: a byte that is not part of a valid sequence is read as Latin-1, because
 * routers label Latin-1 names as UTF-8, and everything else they send is ASCII.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let latin1 = '';
  // fromCharCode takes its input as arguments, of which an engine allows only so many. A spread would take them from an
  // iterator, one by one, which takes several times as long; ECMAScript lets any array-like stand here.
  for (let at = 0; at < bytes.length; at += 4096) {
    latin1 += String.fromCharCode.apply(null, bytes.subarray(at, at + 4096) as ArrayLike<number> as number[]);
  }
  return latin1.replace(SEQUENCE, decodeSequence);
}

/** A sequence is not valid if it is longer than need be, a surrogate, or beyond Unicode (RFC 3629, 3). */
function decodeSequence(sequence: string): string {
  const { length } = sequence;
  let point = sequence.charCodeAt(0) & (0x7f >> length);
  for (let at = 1; at < length; at += 1) point = (point << 6) | (sequence.charCodeAt(at) & 0x3f);
  const isValid = point >> (5 * length - 4) > 0 && point >> 11 !== 0x1b && point <= 0x10ffff;
  return isValid ? String.fromCodePoint(point) : sequence;
}
