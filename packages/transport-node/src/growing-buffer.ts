/** Bytes, which most bodies fit in, so that the buffer never grows. */
const FIRST_CAPACITY = 4096;

/**
 * The bytes of a body, in one piece of memory from the start. A list of the pieces as they came would cost about 100 bytes
 * for each, and a body can come in pieces of one byte.
 */
export class GrowingBuffer {
  readonly #maxBytes: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How much memory is held: at most the maximum, and at most twice what has come, or 4 KiB. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** @returns false if that is more than the maximum; then nothing is added */
  append(piece: Uint8Array): boolean {
    const length = this.#length + piece.length;
    if (length > this.#maxBytes) return false;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(Math.max(FIRST_CAPACITY, 2 * this.#bytes.length, length), this.#maxBytes));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
    return true;
  }

  /** All that has come, or its first bytes, in an array of its own. */
  toBytes(most: number = this.#length): Uint8Array {
    return this.#bytes.slice(0, Math.min(most, this.#length));
  }
}
