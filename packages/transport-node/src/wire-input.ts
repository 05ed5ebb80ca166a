import { GrowingBuffer } from './growing-buffer.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What comes from a connection, in pieces of any size, read as lines and as bytes. It holds one line at most. */
export class WireInput {
  readonly #maxLineBytes: number;
  #piece: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The beginning of a line that comes in several pieces. */
  #begun: GrowingBuffer | null = null;
  #lineBytes = 0;

  /** @param maxLineBytes - for the lines of one section */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The memory that is held from one piece to the next. */
  get heldBytes(): number {
    return this.#begun?.capacity ?? 0;
  }

  /** Whether the lines of this section are longer than allowed. */
  get isOverLimit(): boolean {
    return this.#lineBytes > this.#maxLineBytes;
  }

  /** The next piece, when all of the last one was read. */
  put(piece: Buffer): void {
    this.#piece = piece;
    this.#at = 0;
  }

  /** Begins a section, whose lines have a limit of their own. */
  restart(): void {
    this.#lineBytes = 0;
  }

  /** Up to that many bytes. */
  bytes(most: number): Buffer {
    const bytes = this.#piece.subarray(this.#at, this.#at + most);
    this.#at += bytes.length;
    return bytes;
  }

  /**
   * The next line, a character for each byte, without its end: CRLF, or the LF alone that some routers send (RFC 9112,
   * 2.2). Null: its end is still to come, or the limit is exceeded.
   */
  line(): string | null {
    const end = this.#piece.indexOf(LF, this.#at);
    const bytes = this.#piece.subarray(this.#at, end < 0 ? this.#piece.length : end);
    const taken = bytes.length + (end < 0 ? 0 : 1);
    this.#at += taken;
    this.#lineBytes += taken;
    if (this.isOverLimit) return null;
    if (end >= 0 && this.#begun === null) return textOf(bytes);
    this.#begun ??= new GrowingBuffer(this.#maxLineBytes);
    this.#begun.append(bytes);
    if (end < 0) return null;
    const line = Buffer.from(this.#begun.toBytes());
    this.#begun = null;
    return textOf(line);
  }

  /** The first characters of the line whose end is still to come. */
  begun(most: number): string {
    return Buffer.from(this.#begun?.toBytes(most) ?? []).toString('latin1');
  }
}

function textOf(line: Buffer): string {
  return line.toString('latin1', 0, line.at(-1) === CR ? line.length - 1 : line.length);
}
