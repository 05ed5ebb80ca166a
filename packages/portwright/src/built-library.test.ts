import { existsSync } from 'node:fs';
import { err, errAsync, ok, okAsync, ResultAsync, safeTry, type Result } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type * as library from './index.ts';

const built = new URL('../dist/index.js', import.meta.url);
if (!existsSync(built)) throw new Error('The library is not built: run `pnpm build` first.');
const { gatewayAt } = (await import(built.href)) as typeof library;

/** Refused by the library before anything is sent. */
const refused = (): ReturnType<typeof gatewayAt> => gatewayAt('ftp://192.168.1.1/');
const NOT_HTTP = { kind: 'policy', code: 'not-http' };

describe("the built library's Results, which are of a copy of neverthrow of its own, with a program's", () => {
  it('go on from one to the other', async () => {
    expect(refused()).not.toBeInstanceOf(ResultAsync);
    expect((await okAsync<number>(1).andThen(() => refused()))._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    expect((await refused().orElse(() => okAsync<number>(2)))._unsafeUnwrap()).toBe(2);
    expect((await refused().orElse(() => ok<number>(3)))._unsafeUnwrap()).toBe(3);
    expect((await refused().orElse(() => errAsync('no')))._unsafeUnwrapErr()).toBe('no');
    expect((await errAsync('first').orElse(() => refused()))._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    expect((await ok<number, string>(1).asyncAndThen(() => refused()))._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    const awaited = await refused();
    expect(
      ok(1)
        .andThen(() => awaited)
        ._unsafeUnwrapErr(),
    ).toMatchObject(NOT_HTTP);
  });

  it('are combined', async () => {
    const both: Result<unknown, unknown> = await ResultAsync.combine([okAsync(1), refused()]);
    expect(both._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
  });

  it('leave a safeTry', async () => {
    const reached: string[] = [];
    const tried = await safeTry(async function* () {
      yield* okAsync(1);
      reached.push('before');
      yield* refused();
      reached.push('after');
      return err('not reached');
    });
    expect(tried._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    expect(reached).toEqual(['before']);
  });
});
