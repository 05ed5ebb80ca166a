/** UTF-8 in ECMAScript alone, which has no TextEncoder and no TextDecoder, but percent-encodes in UTF-8. */

/** To a pattern that knows Unicode, two surrogates that belong together are one character. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as in the platform's TextEncoder. */
export function encodeUtf8(text: string): Uint8Array {
  const units = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd')).match(/%..|./g) ?? [];
  return Uint8Array.from(units, (unit) => (unit.length > 1 ? Number(unit.replace('%', '0x')) : unit.charCodeAt(0)));
}

/** What looks like one character of several bytes; whether it is one (RFC 3629, 4), decodeURIComponent knows. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * The text of UTF-8 bytes. It never fails: a byte that is not part of a valid sequence is read as Latin-1, because
 * routers label Latin-1 names as UTF-8, and everything else they send is ASCII.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let latin1 = '';
  // fromCharCode takes its input as arguments, of which an engine allows only so many.
  for (let at = 0; at < bytes.length; at += 4096) latin1 += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return latin1.replace(SEQUENCE, decodeSequence);
}

function decodeSequence(sequence: string): string {
  try {
    return decodeURIComponent(Array.from(sequence, (byte) => `%${byte.charCodeAt(0).toString(16)}`).join(''));
  } catch {
    return sequence;
  }
}
