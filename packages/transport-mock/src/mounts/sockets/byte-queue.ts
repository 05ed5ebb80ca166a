const LF = 0x0a;
const CR = 0x0d;

/**
 * Bytes that have arrived and are not read yet, in one buffer whose size doubles. So pieces of one byte cost no more
 * memory than large ones, and each byte is copied and searched a constant number of times.
 */
export class ByteQueue {
  #buffer: Uint8Array = new Uint8Array();
  /** The first byte that is not read yet, and the end of those that have arrived. */
  #start = 0;
  #end = 0;
  /** Up to here there is no line end. */
  #searched = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** As many as there are, and at most `count`. */
  take(count: number): Uint8Array {
    const end = Math.min(this.#start + count, this.#end);
    const taken = this.#buffer.slice(this.#start, end);
    this.#start = end;
    this.#searched = Math.max(this.#searched, end);
    return taken;
  }

  /**
   * A line without its end, one character for each byte; null if its end has not arrived. "A recipient MAY recognize a
   * single LF as a line terminator and ignore any preceding CR" (RFC 9112, 2.2).
   */
  takeLine(): string | null {
    const end = this.#buffer.subarray(0, this.#end).indexOf(LF, this.#searched);
    if (end < 0) {
      this.#searched = this.#end;
      return null;
    }
    const line = this.take(end + 1 - this.#start);
    const length = line.at(-2) === CR ? line.length - 2 : line.length - 1;
    // Not TextDecoder, whose latin1 is windows-1252.
    return Buffer.from(line.buffer, line.byteOffset, length).toString('latin1');
  }

  #makeRoom(count: number): void {
    const unread = this.#buffer.subarray(this.#start, this.#end);
    const needed = unread.length + count;
    // In place where half of the buffer is free: then each byte is moved once for each byte that arrives.
    const target = 2 * needed <= this.#buffer.length ? this.#buffer : new Uint8Array(Math.max(1_024, 2 * needed));
    target.set(unread);
    this.#buffer = target;
    this.#searched -= this.#start;
    this.#start = 0;
    this.#end = unread.length;
  }
}
