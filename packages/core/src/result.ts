/**
 * Results: the one declaration that all packages share, and the one place that imports neverthrow.
 *
 * The types describe neverthrow's results by their shape, without private members. So a result of another package, of
 * another copy of this one, or of a program's own neverthrow is assignable to them. The values are neverthrow's, which is
 * bundled into the published package: nothing else of it reaches a program.
 */
import * as neverthrow from 'neverthrow';

/** A success with its value, or a failure with its error. `isOk()` and `isErr()` tell them apart, also for the compiler. */
export type Result<T, E> = Ok<T, E> | Err<T, E>;

/** A success. */
export interface Ok<T, E> extends ResultMethods<T, E> {
  readonly value: T;
}

/** A failure. */
export interface Err<T, E> extends ResultMethods<T, E> {
  readonly error: E;
}

/*
 * Callbacks return a type parameter R, and each such method has two overloads, for a reason: the compiler then compares
 * these methods loosely, and accepts neverthrow's own classes, which have a private member. The second overload is for
 * calls that name their types.
 */
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- R makes the comparison loose, see above */
interface ResultMethods<T, E> {
  isOk(): this is Ok<T, E>;
  isErr(): this is Err<T, E>;
  /** Another value in place of this one; a failure stays. */
  map<U>(f: (value: T) => U): Result<U, E>;
  /** Another error in place of this one; a success stays. */
  mapErr<F>(f: (error: E) => F): Result<T, F>;
  /** The next step, which may fail; a failure stays. */
  andThen<R extends Result<unknown, unknown>>(f: (value: T) => R): Result<OkOf<R>, ErrOf<R> | E>;
  andThen<U, F, R extends Result<U, F> = Result<U, F>>(f: (value: T) => R): Result<U, E | F>;
  /** The next step, for its failure alone: a success keeps its value. */
  andThrough<R extends Result<unknown, unknown>>(f: (value: T) => R): Result<T, ErrOf<R> | E>;
  andThrough<F, R extends Result<unknown, F> = Result<unknown, F>>(f: (value: T) => R): Result<T, E | F>;
  /** Calls a function with the value of a success; the result stays, also if the function throws. */
  andTee(f: (value: T) => unknown): Result<T, E>;
  /** Calls a function with the error of a failure; the result stays, also if the function throws. */
  orTee(f: (error: E) => unknown): Result<T, E>;
  /** Another attempt after a failure; a success stays. */
  orElse<R extends Result<unknown, unknown>>(f: (error: E) => R): Result<OkOf<R> | T, ErrOf<R>>;
  orElse<U, F, R extends Result<U, F> = Result<U, F>>(f: (error: E) => R): Result<U | T, F>;
  /** The next step, where it is asynchronous. */
  asyncAndThen<R extends ResultAsync<unknown, unknown>>(f: (value: T) => R): ResultAsync<OkOf<R>, ErrOf<R> | E>;
  asyncAndThen<U, F, R extends ResultAsync<U, F> = ResultAsync<U, F>>(f: (value: T) => R): ResultAsync<U, E | F>;
  /** Another value, where it takes a promise to get. */
  asyncMap<U>(f: (value: T) => Promise<U>): ResultAsync<U, E>;
  /** The value, or this one in place of an error. */
  unwrapOr<U>(fallback: U): T | U;
  /** What the function for this case returns. */
  match<A, B = A>(ok: (value: T) => A, err: (error: E) => B): A | B;
  /** The value; throws for a failure. For tests. */
  _unsafeUnwrap(): T;
  /** The error; throws for a success. For tests. */
  _unsafeUnwrapErr(): E;
  /** For `yield*` inside {@link safeTry}. */
  [Symbol.iterator](): Generator<Err<never, E>, T>;
}

/** A promise of a {@link Result}. It never rejects. `await` gives the result. */
export interface ResultAsync<T, E> {
  // The first overload takes null, as PromiseLike's does; neverthrow's own has the second alone.
  then<A = Result<T, E>, B = never, N extends null | undefined = undefined>(
    onFulfilled?: ((result: Result<T, E>) => A | PromiseLike<A>) | N,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | N,
  ): PromiseLike<A | B>;
  then<A = Result<T, E>, B = never>(
    onFulfilled?: (result: Result<T, E>) => A | PromiseLike<A>,
    onRejected?: (reason: unknown) => B | PromiseLike<B>,
  ): PromiseLike<A | B>;
  map<U>(f: (value: T) => U | Promise<U>): ResultAsync<U, E>;
  mapErr<F>(f: (error: E) => F | Promise<F>): ResultAsync<T, F>;
  andThen<R extends AnyResult>(f: (value: T) => R): ResultAsync<OkOf<R>, ErrOf<R> | E>;
  andThen<U, F, R extends Either<U, F> = Either<U, F>>(f: (value: T) => R): ResultAsync<U, E | F>;
  andThrough<R extends AnyResult>(f: (value: T) => R): ResultAsync<T, ErrOf<R> | E>;
  andThrough<F, R extends Either<unknown, F> = Either<unknown, F>>(f: (value: T) => R): ResultAsync<T, E | F>;
  andTee(f: (value: T) => unknown): ResultAsync<T, E>;
  orTee(f: (error: E) => unknown): ResultAsync<T, E>;
  orElse<R extends AnyResult>(f: (error: E) => R): ResultAsync<OkOf<R> | T, ErrOf<R>>;
  orElse<U, F, R extends Either<U, F> = Either<U, F>>(f: (error: E) => R): ResultAsync<U | T, F>;
  match<A, B = A>(ok: (value: T) => A, err: (error: E) => B): Promise<A | B>;
  unwrapOr<U>(fallback: U): Promise<T | U>;
  /** For `yield*` inside {@link safeTry}. */
  [Symbol.asyncIterator](): AsyncGenerator<Err<never, E>, T>;
}

/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

type Either<T, E> = Result<T, E> | ResultAsync<T, E>;
type AnyResult = Either<unknown, unknown>;
type OkOf<R> = R extends Result<infer T, unknown> | ResultAsync<infer T, unknown> ? T : never;
type ErrOf<R> = R extends Result<unknown, infer E> | ResultAsync<unknown, infer E> ? E : never;

/* eslint-disable @typescript-eslint/no-invalid-void-type -- lets `ok()` stand for a success without a value */
/** Makes a success. */
export const ok: {
  <T, E = never>(value: T): Ok<T, E>;
  <T extends void = void, E = never>(value: void): Ok<T, E>;
} = neverthrow.ok;

/** Makes a failure. */
export const err: {
  <T = never, E extends string = string>(error: E): Err<T, E>;
  <T = never, E = unknown>(error: E): Err<T, E>;
} = neverthrow.err;

/** Makes a promise of a success. */
export const okAsync: {
  <T, E = never>(value: T): ResultAsync<T, E>;
  <T extends void = void, E = never>(value: void): ResultAsync<T, E>;
} = neverthrow.okAsync;

/* eslint-enable @typescript-eslint/no-invalid-void-type */

/** Makes a promise of a failure. */
export const errAsync: <T = never, E = unknown>(error: E) => ResultAsync<T, E> = neverthrow.errAsync;

interface ResultAsyncConstructor {
  /** From a promise of a result, which must not reject. */
  new <T, E>(promise: Promise<Result<T, E>>): ResultAsync<T, E>;
  /** From a promise that does not reject. */
  fromSafePromise<T, E = never>(promise: PromiseLike<T>): ResultAsync<T, E>;
  /** From a promise; the function makes the error from what it rejects with. */
  fromPromise<T, E>(promise: PromiseLike<T>, errorOf: (reason: unknown) => E): ResultAsync<T, E>;
  /** All values in order, or the first error. */
  combine<const L extends readonly ResultAsync<unknown, unknown>[]>(
    results: L,
  ): ResultAsync<{ -readonly [I in keyof L]: OkOf<L[I]> }, ErrOf<L[number]>>;
}

/** Makes a {@link ResultAsync} from promises. */
// By way of unknown: the compiler sees that its private member is not in these types.
export const ResultAsync: ResultAsyncConstructor = neverthrow.ResultAsync as unknown as ResultAsyncConstructor;

interface ResultFunctions {
  /** All values in order, or the first error. */
  combine<const L extends readonly Result<unknown, unknown>[]>(
    results: L,
  ): Result<{ -readonly [I in keyof L]: OkOf<L[I]> }, ErrOf<L[number]>>;
}

/** Functions over several results. */
export const Result: ResultFunctions = neverthrow.Result;

interface SafeTry {
  <T, E>(body: () => Generator<Err<never, E>, Result<T, E>>): Result<T, E>;
  <Y extends Err<never, unknown>, R extends Result<unknown, unknown>>(
    body: () => Generator<Y, R>,
  ): Result<OkOf<R>, ErrOf<Y> | ErrOf<R>>;
  <T, E>(body: () => AsyncGenerator<Err<never, E>, Result<T, E>>): ResultAsync<T, E>;
  <Y extends Err<never, unknown>, R extends Result<unknown, unknown>>(
    body: () => AsyncGenerator<Y, R>,
  ): ResultAsync<OkOf<R>, ErrOf<Y> | ErrOf<R>>;
}

/** Runs a generator in which `yield* result` gives the value of a success, and ends with the error of a failure. */
export const safeTry: SafeTry = neverthrow.safeTry as SafeTry;
