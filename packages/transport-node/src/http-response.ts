import type { HttpResponse } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import { GrowingBuffer } from './growing-buffer.ts';
import { framingOf } from './http-framing.ts';
import { MAX_HEADERS, readHead, startsLikeHttp, type ReadFailure, type ResponseHead } from './http-head.ts';
import { WireInput } from './wire-input.ts';

/** For a head, for the line before each chunk, and for the trailers after the last one. */
const MAX_LINE_BYTES = 16 * 1024;

/** The size of a chunk, which some routers pad with spaces. Its extensions (RFC 9112, 7.1.1) are ignored. */
const CHUNK_SIZE = /^([\da-f]+)[ \t]*(?:;|$)/i;

type Read = Result<HttpResponse, ReadFailure>;
/** `again`: more can be read of what has come. `wait`: nothing can. */
type Step = Read | 'again' | 'wait';
type State = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers';

/**
 * Reads one response from pieces of any size. It holds the lines of one head and the body, and no more.
 *
 * node:http won't do. It refuses what curl and miniupnpc read from real routers (a space before the colon, a line without a
 * colon, a repeated Content-Length, two spaces in the status line), and makes an object of each chunk of a body.
 */
export class ResponseReader {
  readonly #maxBodyBytes: number;
  readonly #body: GrowingBuffer;
  readonly #input = new WireInput(MAX_LINE_BYTES);
  #state: State = 'head';
  #headLines: string[] = [];
  #head: ResponseHead = { status: 0, headers: [] };
  /** Of the body or the chunk. */
  #bytesToCome = 0;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#body = new GrowingBuffer(maxBodyBytes);
  }

  /** The memory that is held from one piece to the next. */
  get heldBytes(): number {
    return this.#body.capacity + this.#input.heldBytes;
  }

  /** @returns the response, or why it is refused; null: more has to come */
  take(piece: Buffer): Read | null {
    this.#input.put(piece);
    for (;;) {
      const step = this.#step();
      if (step === 'wait') return null;
      if (step !== 'again') return step;
    }
  }

  /** The connection has ended in order. */
  end(): Read {
    return this.#state === 'body' && this.#bytesToCome === Infinity ? this.#done() : err('truncated');
  }

  #step(): Step {
    if (this.#state === 'body') return this.#takeBytes(() => this.#done());
    if (this.#state === 'chunk') return this.#takeBytes(() => this.#enter('chunk-end'));
    const line = this.#input.line();
    if (line === null) return this.#incompleteLine();
    switch (this.#state) {
      case 'head':
        return this.#headLine(line);
      case 'chunk-size':
        return this.#chunkSize(line);
      case 'chunk-end':
        return line === '' ? this.#enter('chunk-size') : err('not-http');
      case 'trailers':
        return line === '' ? this.#done() : 'again';
    }
  }

  #incompleteLine(): Step {
    if (this.#input.isOverLimit) return err('too-large');
    return this.#isBeforeStatus && !startsLikeHttp(this.#input.begun(5)) ? err('not-http') : 'wait';
  }

  #enter(state: State): Step {
    this.#state = state;
    this.#input.restart();
    return 'again';
  }

  #takeBytes(whole: () => Step): Step {
    const bytes = this.#input.bytes(this.#bytesToCome);
    this.#bytesToCome -= bytes.length;
    if (!this.#body.append(bytes)) return err('too-large');
    return this.#bytesToCome === 0 ? whole() : 'wait';
  }

  get #isBeforeStatus(): boolean {
    return this.#state === 'head' && this.#headLines.length === 0;
  }

  #headLine(line: string): Step {
    // RFC 9112, 2.2 lets a server skip empty lines before a request; some routers send one before a response.
    if (line === '' && this.#isBeforeStatus) return 'again';
    if (line !== '') {
      if (this.#isBeforeStatus && !startsLikeHttp(line)) return err('not-http');
      this.#headLines.push(line);
      // The status line is one more.
      return this.#headLines.length > MAX_HEADERS + 1 ? err('too-large') : 'again';
    }
    const head = readHead(this.#headLines);
    this.#headLines = [];
    if (head.isErr()) return err(head.error);
    // Interim answers are skipped (RFC 9110, 15.2).
    if (head.value.status < 200) return this.#enter('head');
    this.#head = head.value;
    const framing = framingOf(head.value, this.#maxBodyBytes);
    if (framing.isErr()) return err(framing.error);
    if (framing.value === 'chunked') return this.#enter('chunk-size');
    this.#bytesToCome = framing.value;
    return this.#enter('body');
  }

  #chunkSize(line: string): Step {
    const [, digits] = CHUNK_SIZE.exec(line) ?? [];
    if (digits === undefined) return err('not-http');
    this.#bytesToCome = parseInt(digits, 16);
    if (this.#bytesToCome > this.#maxBodyBytes) return err('too-large');
    return this.#enter(this.#bytesToCome === 0 ? 'trailers' : 'chunk');
  }

  #done(): Step & Read {
    return ok({ ...this.#head, body: this.#body.toBytes() });
  }
}
