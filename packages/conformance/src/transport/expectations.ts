import type { ClockPort, TransportError, TransportErrorCode } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { binary } from './messages.ts';

const SHOWN_CHARACTERS = 300;

/** Both are plain data: numbers, texts, lists, bytes. */
export function same(what: string, expected: unknown, actual: unknown): Result<void, Shortfall> {
  const [wanted, got] = [written(expected), written(actual)];
  return wanted === got ? ok(undefined) : missed(`${what}: ${shown(wanted)}`, shown(got));
}

/** The value of a success. */
export function succeeds<T>(what: string, result: Result<T, TransportError>): Result<T, Shortfall> {
  return result.mapErr(({ code, message }) => ({ kind: 'missed', expected: what, actual: `${code}: ${message}` }));
}

/** A failure with one of these codes; with none given, any. */
export function fails<T>(
  what: string,
  result: Result<T, TransportError>,
  ...codes: readonly TransportErrorCode[]
): Result<void, Shortfall> {
  const expected = `${what}: ${codes.length === 0 ? 'an error' : codes.join(' or ')}`;
  if (result.isOk()) return missed(expected, `success: ${shown(written(result.value))}`);
  const { code, message } = result.error;
  return codes.length === 0 || codes.includes(code) ? ok(undefined) : missed(expected, `${code}: ${message}`);
}

/** What the check builds on, and the peer has to give. */
export function given<T>(what: string, value: T | null | undefined): Result<T, Shortfall> {
  return value === null || value === undefined ? inconclusive(what, 'the peer has none') : ok(value);
}

/** What the check only builds on: where it is missed, the check finds out nothing. */
export function assumed<T>(result: Result<T, Shortfall>): Result<T, Shortfall> {
  return result.mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
}

/** A promise that has to come true within some time, by the sliced clock of the bench. */
export async function within<T>(
  clock: ClockPort,
  ms: number,
  what: string,
  promise: PromiseLike<T>,
): Promise<Result<T, Shortfall>> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(() => missed(`${what} within ${ms} ms`, 'nothing'));
  const first = await Promise.race([Promise.resolve(promise).then((value): Result<T, Shortfall> => ok(value)), late]);
  done.abort();
  return first;
}

/** How long something took at least. A case says by {@link within} what it takes at most: a busy machine may take longer. */
export function atLeast(what: string, ms: number, limitMs: number): Result<void, Shortfall> {
  return ms >= limitMs ? ok(undefined) : missed(`${what}: at least ${limitMs} ms`, `${Math.round(ms)} ms`);
}

/** An address as other hosts see it: a zone is each host's own. */
export function withoutZone(address: string): string {
  return address.replace(/%.*/s, '');
}

/** Bytes as text, of whatever class they are: a Buffer would write itself. */
function written(value: unknown): string {
  const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key: string, part: unknown) {
    const own = this[key];
    return own instanceof Uint8Array ? `${own.length} bytes: ${binary(own)}` : part;
  }) as string | undefined;
  return text ?? 'undefined';
}

function shown(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} ...` : text;
}
