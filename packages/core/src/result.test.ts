import * as own from 'neverthrow';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { err, errAsync, ok, okAsync, Result, ResultAsync, safeTry } from './result.ts';

describe("a result of a program's own neverthrow", () => {
  it('is assignable to ours, with its types', () => {
    expectTypeOf<own.Result<number, 'bad'>>().toExtend<Result<number, 'bad'>>();
    expectTypeOf<own.ResultAsync<number, 'bad'>>().toExtend<ResultAsync<number, 'bad'>>();
    expectTypeOf<own.Result<string, 'bad'>>().not.toExtend<Result<number, 'bad'>>();
    expectTypeOf<own.ResultAsync<number, 'worse'>>().not.toExtend<ResultAsync<number, 'bad'>>();
  });

  it('is the next step of ours', async () => {
    const next = await okAsync<number, 'bad'>(1).andThen((value) => own.okAsync<string, 'worse'>(String(value)));
    expectTypeOf(next).toExtend<Result<string, 'bad' | 'worse'>>();
    expect(next._unsafeUnwrap()).toBe('1');
    const refused = ok<number, 'bad'>(1).andThen(() => own.err('worse' as const));
    expectTypeOf(refused).toExtend<Result<never, 'bad' | 'worse'>>();
    expect(refused._unsafeUnwrapErr()).toBe('worse');
  });

  it('can be yielded in our safeTry', async () => {
    const tried = await safeTry<number, 'bad'>(async function* () {
      const one = yield* ok<number, 'bad'>(1);
      const two = yield* okAsync<number, 'bad'>(2);
      yield* own.errAsync<number, 'bad'>('bad');
      return ok(one + two);
    });
    expect(tried._unsafeUnwrapErr()).toBe('bad');
  });
});

describe('a ResultAsync', () => {
  it('is a PromiseLike', async () => {
    expectTypeOf<ResultAsync<number, 'bad'>>().toExtend<PromiseLike<unknown>>();
    expectTypeOf<ResultAsync<number, 'bad'>>().toExtend<PromiseLike<Result<number, 'bad'>>>();
    expectTypeOf<Awaited<ResultAsync<number, 'bad'>>>().toEqualTypeOf<Result<number, 'bad'>>();
    const [one, two] = await Promise.all([okAsync(1), errAsync('bad')]);
    expect([one.isOk(), two.isErr()]).toEqual([true, true]);
  });
});

describe('combine', () => {
  it('gives all values in order', async () => {
    const both = Result.combine([ok<number, 'a'>(1), ok<string, 'b'>('2')]);
    expectTypeOf(both).toEqualTypeOf<Result<[number, string], 'a' | 'b'>>();
    expect(both._unsafeUnwrap()).toEqual([1, '2']);
    expect((await ResultAsync.combine([okAsync(1), okAsync(2)]))._unsafeUnwrap()).toEqual([1, 2]);
  });

  it('gives the first error', async () => {
    expect(Result.combine([ok(1), err('b'), err('c')])._unsafeUnwrapErr()).toBe('b');
    expect((await ResultAsync.combine([okAsync(1), errAsync('b')]))._unsafeUnwrapErr()).toBe('b');
  });
});
