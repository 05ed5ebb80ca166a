import type { Header, HttpResponse, TransportError } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { binary, bytes } from '../messages.ts';
import { type HttpDefect, transportError } from './http-defects.test-support.ts';

const MAX_HEAD = 32_768;

type Read = Result<HttpResponse, TransportError> | null;

/** Reads an answer from its beginning whenever something has come: slow, and simple. */
export class AnswerReader {
  readonly #maxBodyBytes: number;
  readonly #has: (defect: HttpDefect) => boolean;
  #text = '';
  #latest = '';
  #interims = 0;
  hasHead = false;

  constructor(maxBodyBytes: number, has: (defect: HttpDefect) => boolean) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#has = has;
  }

  get length(): number {
    return this.#text.length;
  }

  /** The defect by which the latest piece would begin the deadline anew. */
  get drips(): HttpDefect {
    if (this.hasHead) return 'http/slow-body';
    return this.#interims > 0 ? 'http/slow-interim' : 'http/slow-head';
  }

  take(chunk: Uint8Array): void {
    this.#latest = binary(chunk);
    this.#text += this.#latest;
  }

  /** Null: more has to come. */
  read(hasEnded: boolean): Read {
    const has = this.#has;
    const statusLine = has('http/status-spaces') ? /^HTTP\/(1\.[01]) (\d{3})/ : /^HTTP\/(1\.[01]) +(\d{3})/;
    let rest = this.#text;
    this.#interims = 0;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (rest.length > 3 && !rest.startsWith('HTTP')) return fail(has('http/garbage') ? 'truncated' : 'not-http');
      if (end < 0) return this.#incompleteHead(rest, hasEnded);
      const [line = '', ...fields] = rest.slice(0, end).split('\r\n');
      const [, version = '', digits = ''] = statusLine.exec(line) ?? [];
      const status = Number(digits);
      if (version === '' || (has('http/http-1.0') && version === '1.0')) return fail('not-http');
      rest = rest.slice(end + 4);
      if (status === 100 || (status < 200 && !has('http/interim'))) {
        this.#interims += 1;
        continue;
      }
      if (has('http/split-head') && !this.hasHead && !this.#latest.includes('\r\n\r\n')) return null;
      this.hasHead = true;
      if (has('http/no-colon') && fields.some((field) => !field.includes(':'))) return fail('not-http');
      return this.#body(status, fields.map(this.#fieldOf), rest, hasEnded);
    }
  }

  #incompleteHead(head: string, hasEnded: boolean): Read {
    if (head.length > MAX_HEAD && !this.#has('http/endless-head')) return fail('too-large');
    if (!hasEnded) return null;
    if (this.#text === '') return fail(this.#has('http/no-answer') ? 'reset' : 'truncated');
    return fail(this.#has('http/truncated-head') ? 'not-http' : 'truncated');
  }

  #body(status: number, headers: readonly Header[], rest: string, hasEnded: boolean): Read {
    const has = this.#has;
    const valueOf = (wanted: string): string | undefined =>
      headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
    if (valueOf('content-encoding') !== undefined && !has('http/content-coding')) return fail('unsupported-encoding');
    const done = (body: string): Read => this.#done(status, headers, body);
    if (valueOf('transfer-encoding') === 'chunked') return this.#chunks(rest, hasEnded, done);
    if (status === 204 && !has('http/no-content')) return done('');
    const lengths = headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value);
    if (has('http/length-twice') && lengths.length > 1) return fail('not-http');
    if (new Set(lengths).size > 1 && !has('http/lengths-differ')) return fail('not-http');
    const isSpelled = headers.some(([name]) => name.startsWith('Content-'));
    const length = has('http/content-length') && !isSpelled ? undefined : valueOf('content-length');
    if (length === undefined) {
      if (this.#isTooLarge(rest, 'http/cap-undeclared')) return fail('too-large');
      return hasEnded || (has('http/until-close') && rest !== '') ? done(rest) : null;
    }
    if (this.#isTooLarge(rest.slice(0, Number(length)), 'http/cap-declared')) return fail('too-large');
    if (rest.length >= Number(length)) return done(rest.slice(0, Number(length)));
    if (!hasEnded) return null;
    return has('http/truncated-body') ? done(rest) : fail('truncated');
  }

  #chunks(framed: string, hasEnded: boolean, done: (body: string) => Read): Read {
    const has = this.#has;
    let body = '';
    let rest = framed;
    const cut = (defect: HttpDefect): Read => {
      if (!hasEnded) return null;
      return has(defect) ? done(body) : fail('truncated');
    };
    while (rest !== '') {
      const end = rest.indexOf('\r\n');
      if (end < 0) return has('http/split-chunks') && !hasEnded ? fail('not-http') : cut('http/truncated-chunk');
      const line = rest.slice(0, end);
      const size = has('http/chunk-extension') ? line : (line.split(';')[0] ?? '');
      if (!/^[\da-f]+$/i.test(size)) return has('http/bad-chunk') ? done(body) : fail('not-http');
      const length = parseInt(size, 16);
      if (length === 0 || (has('http/chunk-size') && size.startsWith('0'))) {
        const tail = rest.slice(end + 2);
        if (has('http/chunk-size') && length > 0) return done(body);
        if (has('http/chunk-trailer') && !tail.startsWith('\r\n') && tail.length > 1) return fail('not-http');
        if (!`\r\n${tail}`.includes('\r\n\r\n')) return cut('http/truncated-chunks');
        return has('http/chunked') && !hasEnded ? null : done(body);
      }
      body += rest.slice(end + 2, end + 2 + length);
      if (this.#isTooLarge(body, 'http/cap-chunked')) return fail('too-large');
      if (rest.length < end + 2 + length + 2) return cut('http/truncated-chunk');
      rest = rest.slice(end + 2 + length + 2);
    }
    return cut('http/truncated-chunks');
  }

  readonly #fieldOf = (field: string): Header => {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon);
    return [this.#has('http/space-before-colon') ? name : name.trim(), field.slice(colon + 1).trim()];
  };

  #isTooLarge(body: string, withoutCap: HttpDefect): boolean {
    if (this.#has(withoutCap)) return false;
    return body.length > this.#maxBodyBytes || (this.#has('http/cap-reached') && body.length === this.#maxBodyBytes);
  }

  #done(status: number, fields: readonly Header[], body: string): Read {
    const has = this.#has;
    let headers = fields;
    if (has('http/answer-header-spelling')) headers = fields.map(([name, value]) => [name.toLowerCase(), value]);
    if (has('http/answer-header-values')) headers = fields.map(([name, value]) => [name, value.toLowerCase()]);
    if (has('http/answer-header-order')) headers = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (has('http/answer-header-twice')) headers = [...new Map(fields)];
    const plain = bytes(body);
    const read = has('http/answer-body') ? new TextEncoder().encode(new TextDecoder().decode(plain)) : plain;
    return ok({ status, headers, body: read });
  }
}

function fail(code: TransportError['code']): Read {
  return err(transportError(code));
}
