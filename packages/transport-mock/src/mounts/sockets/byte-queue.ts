const LF = 0x0a;
const CR = 0x0d;

/** Bytes that have arrived and are not read yet. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array();

  get length(): number {
    return this.#bytes.length;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** As many as there are, and at most `count`. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /**
   * A line without its end, one character for each byte; null if its end has not arrived. "A recipient MAY recognize a
   * single LF as a line terminator and ignore any preceding CR" (RFC 9112, 2.2).
   */
  takeLine(): string | null {
    const end = this.#bytes.indexOf(LF);
    if (end < 0) return null;
    const line = this.take(end + 1);
    const length = line[end - 1] === CR ? end - 1 : end;
    // Not TextDecoder, whose latin1 is windows-1252.
    return Buffer.from(line.buffer, line.byteOffset, length).toString('latin1');
  }
}
