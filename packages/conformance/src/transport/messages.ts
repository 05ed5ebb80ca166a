/** Requests and answers that the cases are made of. */
import type { Headers, HttpOptions, HttpRequest } from '@portwright/core';
import { authorityOf } from '../wire/text.ts';
import type { Answer, WireStep } from './peer.ts';

/** Limits that no case means to reach: a case that hangs ends by its own limit, whose time a busy machine does not use up. */
export const GENEROUS: HttpOptions = { deadlineMs: 60_000, maxBodyBytes: 1_048_576 };

const NOTHING: Uint8Array = new Uint8Array(0);

/** Bytes of a text with a character for each. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The text of bytes, with a character for each. The platform's `latin1` is windows-1252, and so another. */
export function binary(payload: Uint8Array): string {
  return Array.from(payload, (byte) => String.fromCharCode(byte)).join('');
}

/** All 256 bytes there are. */
export function everyByte(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => byte);
}

/** A GET as the core sends it. */
export function get(url: string, more: Headers = []): HttpRequest {
  const headers: Headers = [['Host', authorityOf(url)], ['Connection', 'close'], ...more];
  return { method: 'GET', url, headers, body: NOTHING };
}

/** A POST as the core sends it. */
export function post(url: string, body: Uint8Array, more: Headers = []): HttpRequest {
  return { ...get(url, [['Content-Length', String(body.length)], ...more]), method: 'POST', body };
}

export function write(text: string | Uint8Array): WireStep {
  return { kind: 'bytes', bytes: typeof text === 'string' ? bytes(text) : text };
}

export const END: WireStep = { kind: 'end' };
export const RESET: WireStep = { kind: 'reset' };

export function wait(ms: number): WireStep {
  return { kind: 'wait', ms };
}

/** Nothing, on a connection that stays open. */
export const SILENCE: Answer = { wire: [], outcome: { kind: 'silence' } };

/** Bytes that no message can stand for. */
export function raw(...wire: readonly (WireStep | string)[]): Answer {
  return { wire: wire.map((step) => (typeof step === 'string' ? write(step) : step)), outcome: null };
}

/** Status line, headers as given, and a body; the connection stays open, so that the client has to see the end. */
export function respond(
  status: number,
  headers: Headers = [['Content-Length', '0']],
  body: string | Uint8Array = NOTHING,
  delayMs = 0,
): Answer {
  const payload = typeof body === 'string' ? bytes(body) : body;
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = bytes(`HTTP/1.1 ${status} Reason\r\n${fields}\r\n`);
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(head);
  whole.set(payload, head.length);
  return {
    wire: [...(delayMs > 0 ? [wait(delayMs)] : []), write(whole)],
    outcome: { kind: 'response', status, headers, body: payload, delayMs },
  };
}

/** 200 with a body of that length. */
export function ok200(body: string | Uint8Array, more: Headers = [], delayMs = 0): Answer {
  return respond(200, [['Content-Length', String(body.length)], ...more], body, delayMs);
}
