import { existsSync } from 'node:fs';
import { err, errAsync, ok, okAsync, ResultAsync, safeTry, type Result } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type * as library from './upnp.ts';

const built = new URL('../dist/upnp.js', import.meta.url);
if (!existsSync(built)) throw new Error('The library is not built: run `pnpm build` first.');
const { gatewayAt } = (await import(built.href)) as typeof library;

/** Refused by the library before anything is sent. */
const refused = (): ReturnType<typeof gatewayAt> => gatewayAt('ftp://192.168.1.1/');
const NOT_HTTP = { kind: 'policy', code: 'not-http' };

describe("the built library's Results beside a program's own, of another copy of neverthrow", () => {
  it("take the program's as the next step", async () => {
    expect(refused()).not.toBeInstanceOf(ResultAsync);
    expect((await refused().orElse(() => okAsync<number>(2)))._unsafeUnwrap()).toBe(2);
    expect((await refused().orElse(() => ok<number>(3)))._unsafeUnwrap()).toBe(3);
    expect((await refused().orElse(() => errAsync('no')))._unsafeUnwrapErr()).toBe('no');
  });

  it("become the program's by match", async () => {
    const own = (): ResultAsync<unknown, unknown> =>
      new ResultAsync<unknown, unknown>(
        refused().match(
          (value) => ok(value),
          (error) => err(error),
        ),
      );
    expect((await okAsync<number>(1).andThen(own))._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    expect((await errAsync('first').orElse(own))._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    const both: Result<unknown, unknown> = await ResultAsync.combine([okAsync(1), own()]);
    expect(both._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
  });

  it("leave a safeTry of the program's", async () => {
    const reached: string[] = [];
    const tried = await safeTry(async function* () {
      yield* okAsync(1);
      reached.push('before');
      yield* (await refused()).match(
        (value) => ok(value),
        (error) => err(error),
      );
      reached.push('after');
      return err('not reached');
    });
    expect(tried._unsafeUnwrapErr()).toMatchObject(NOT_HTTP);
    expect(reached).toEqual(['before']);
  });
});
