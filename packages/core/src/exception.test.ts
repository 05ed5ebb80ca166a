import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from './result.ts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TransportError } from './errors.ts';
import { orThrow, PortwrightException } from './exception.ts';

const REFUSED: TransportError = {
  kind: 'transport',
  code: 'refused',
  message: 'nobody listens',
  hint: 'Check the URL.',
};

function thrownBy(call: () => unknown): PortwrightException {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(PortwrightException);
    return error as PortwrightException;
  }
  throw new Error('nothing was thrown');
}

describe('orThrow', () => {
  it('gives the value of a Result at once, and that of a ResultAsync as a promise', async () => {
    const sync: Result<number, TransportError> = ok(7);
    const later: ResultAsync<string, TransportError> = okAsync('seven');
    expectTypeOf(orThrow(sync)).toEqualTypeOf<number>();
    expectTypeOf(orThrow(later)).toEqualTypeOf<Promise<string>>();
    expect(orThrow(sync)).toBe(7);
    const promise = orThrow(later);
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBe('seven');
    expect(await orThrow(Promise.resolve(sync))).toBe(7);
    const nothing: Result<number | undefined, TransportError> = ok(undefined);
    expect(orThrow(nothing)).toBeUndefined();
  });

  it('takes a Result of another making', async () => {
    const own = { isOk: () => true, value: 7 };
    expect(orThrow(own)).toBe(7);
    expect(await orThrow(Promise.resolve(own))).toBe(7);
    expect(thrownBy(() => orThrow({ isOk: () => false, error: REFUSED })).cause).toBe(REFUSED);
  });

  it('throws an Error with the message, the hint, the kind, the code and the data', async () => {
    const error = thrownBy(() => orThrow(err(REFUSED)));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'PortwrightException',
      message: 'nobody listens. Check the URL.',
      kind: 'transport',
      code: 'refused',
    });
    expect(error.cause).toBe(REFUSED);
    expect(String(error)).toBe('PortwrightException: nobody listens. Check the URL.');
    expect(error.stack).toContain('exception.test.ts');
    await expect(orThrow(errAsync(REFUSED))).rejects.toMatchObject({ name: 'PortwrightException', cause: REFUSED });
  });

  it.each([
    [{ ...REFUSED, hint: undefined }, 'nobody listens'],
    [{ ...REFUSED, message: 'Nobody listens.' }, 'Nobody listens. Check the URL.'],
    [new Error('own'), 'own'],
    ['a text', 'a Result held an error without a message'],
    [undefined, 'a Result held an error without a message'],
  ])('the message for %o', (error, message) => {
    expect(thrownBy(() => orThrow(err(error)))).toMatchObject({ message, cause: error });
  });

  it('a fault keeps its number, and one without any is null', () => {
    expect(thrownBy(() => orThrow(err({ kind: 'upnp-fault', code: 718, message: 'no' }))).code).toBe(718);
    expect(thrownBy(() => orThrow(err('no')))).toMatchObject({ kind: 'unknown', code: null });
  });

  it.each([[undefined], [null], [7], ['text'], [{}], [() => 7]])('%o is no Result', async (value) => {
    const wrong = { kind: 'invalid-argument', message: expect.stringContaining('a Result or a ResultAsync') as string };
    expect(thrownBy(() => orThrow(value as never))).toMatchObject(wrong);
    await expect(orThrow(Promise.resolve(value) as never)).rejects.toMatchObject(wrong);
  });

  it('a promise that rejects stays what it is', async () => {
    await expect(orThrow(Promise.reject(new RangeError('own')) as never)).rejects.toThrow(RangeError);
  });
});
