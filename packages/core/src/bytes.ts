/** UTF-8, written out because ECMAScript alone has no TextEncoder and no TextDecoder. */

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as in the platform's TextEncoder. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) as number;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
    else bytes.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point));
  }
  return Uint8Array.from(bytes);
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/**
 * The text of UTF-8 bytes. It never fails: a byte that is not part of a valid sequence is read as Latin-1, because
 * routers label Latin-1 names as UTF-8, and everything else they send is ASCII.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let points: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] as number;
    const length = lead < 0x80 ? 1 : sequenceLength(bytes, at);
    points.push(length === 1 ? lead : codePoint(bytes, at, length));
    at += length;
    // fromCodePoint takes its input as arguments, of which an engine allows only so many.
    if (points.length === 4096) {
      pieces.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  pieces.push(String.fromCodePoint(...points));
  return pieces.join('');
}

/** How many bytes the valid sequence at this place has (RFC 3629, section 4), or 1 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return 1;
  }
  const second = bytes[at + 1] as number;
  // The overlong forms, the surrogates, and what lies beyond U+10FFFF.
  if (lead === 0xe0 && second < 0xa0) return 1;
  if (lead === 0xed && second > 0x9f) return 1;
  if (lead === 0xf0 && second < 0x90) return 1;
  if (lead === 0xf4 && second > 0x8f) return 1;
  return length;
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] as number) & (0xff >> (length + 1));
  for (let index = 1; index < length; index += 1) point = (point << 6) | ((bytes[at + index] as number) & 0x3f);
  return point;
}
