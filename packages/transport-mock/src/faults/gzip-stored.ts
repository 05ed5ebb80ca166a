import { concat } from './wire-format.ts';

/** What a deflate block that is stored can hold (RFC 1951, 3.2.4). */
const BLOCK_BYTES = 0xffff;

/** Bytes as a gzip member (RFC 1952, 2.3) that stores them as they are: it says so itself, and any reader opens it. */
export function gzipStored(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  // No bytes at all are one block of none.
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const isLast = at + BLOCK_BYTES >= bytes.length;
    blocks.push(
      Uint8Array.of(isLast ? 1 : 0, ...littleEndian(block.length, 2), ...littleEndian(~block.length, 2)),
      block,
    );
  }
  return concat(
    // The identification, method 8 (deflate), no flags, no time, and 255: from no known system.
    Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255),
    ...blocks,
    Uint8Array.from([...littleEndian(crc32(bytes), 4), ...littleEndian(bytes.length, 4)]),
  );
}

function littleEndian(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_byte, at) => (value >>> (8 * at)) & 0xff);
}

/** RFC 1952, 8. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
