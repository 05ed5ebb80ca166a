/** For programs that prefer exceptions: what turns a Result into its value, or throws. */
import type { InvalidArgumentError } from './errors.ts';
import { invalidArgument } from './invalid-argument.ts';

/** What every error of Portwright has. */
export interface ErrorData {
  readonly kind: string;
  readonly code: string | number | null;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * A Result by its shape alone, so that a Result of any copy of neverthrow fits.
 */
export type ResultLike<T, E = unknown> =
  { isOk(): boolean; readonly value: T } | { isOk(): boolean; readonly error: E };

/** A ResultAsync, or a promise of a Result. */
export interface ResultLikeAsync<T, E = unknown> {
  then<A, B>(
    onDone: (result: ResultLike<T, E>) => A | PromiseLike<A>,
    onFailed?: (reason: unknown) => B | PromiseLike<B>,
  ): PromiseLike<A | B>;
}

/**
 * What {@link orThrow} throws. `message` ends with the hint, and `cause` is the error data as the Result had it.
 *
 * @example
 * ```ts
 * try {
 *   await orThrow(mapPort(mapper, { externalPort: 7777, protocol: 'UDP' }));
 * } catch (error) {
 *   if (error instanceof PortwrightException && error.kind === 'not-mapped') console.error(error.message);
 *   else throw error;
 * }
 * ```
 */
export class PortwrightException extends Error {
  /** The error's `kind`, such as `not-mapped`. */
  readonly kind: string;
  /** The error's `code`: a text, of a UPnP fault its number, or null. */
  readonly code: string | number | null;
  /** The error data. */
  declare readonly cause: unknown;

  /** @param cause - the error of a Result */
  constructor(cause: unknown) {
    // The error of a program's own Result may be anything.
    const {
      kind,
      code,
      message = 'a Result held an error without a message',
      hint,
    } = Object(cause) as Partial<ErrorData>;
    const sentence = /[.!?]$/.test(message) ? message : message + '.';
    super(hint === undefined ? message : [sentence, hint].join(' '), { cause });
    this.name = 'PortwrightException';
    this.kind = kind ?? 'unknown';
    this.code = code ?? null;
  }
}

/**
 * The value of a Result, or of a ResultAsync or a promise of a Result.
 *
 * @throws {@link PortwrightException} for an error, and for what is no Result (`invalid-argument`); the promise of an
 *   asynchronous one rejects with it
 *
 * @example
 * ```ts
 * const { mapper } = await orThrow(findMapper(transport));
 * const mapped = await orThrow(mapPort(mapper, { externalPort: 7777, protocol: 'UDP' }));
 * console.log(mapped.granted.externalPort);
 * ```
 */
export function orThrow<T>(result: ResultLike<T>): T;
export function orThrow<T>(result: ResultLikeAsync<T>): Promise<T>;
export function orThrow<T>(result: ResultLike<T> | ResultLikeAsync<T>): T | Promise<T> {
  if (isAsync(result)) return Promise.resolve(result.then<T, never>(valueOf));
  return valueOf(result);
}

function isAsync<T>(result: ResultLike<T> | ResultLikeAsync<T>): result is ResultLikeAsync<T> {
  return typeof (result as Partial<ResultLikeAsync<T>> | null | undefined)?.then === 'function';
}

function valueOf<T>(result: ResultLike<T>): T {
  if (!isResult(result)) throw new PortwrightException(noResult(result));
  if (result.isOk()) return (result as { readonly value: T }).value;
  throw new PortwrightException((result as { readonly error: unknown }).error);
}

/** Whether a value is a Result, by its shape. */
export function isResult(value: unknown): boolean {
  return typeof (value as Partial<ResultLike<unknown>> | null | undefined)?.isOk === 'function';
}

function noResult(value: unknown): InvalidArgumentError {
  return invalidArgument('wrong-type', 'result', 'a Result or a ResultAsync', value);
}
