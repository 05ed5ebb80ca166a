import { err, ok, type Result } from '../result.ts';

/** What succeeded. It is an error, the first, only where something failed and nothing succeeded. */
export function successesOf<T, E>(results: readonly Result<T, E>[]): Result<readonly T[], E> {
  const values = results.flatMap((result) => (result.isOk() ? [result.value] : []));
  const failed = results.find((result) => result.isErr());
  return values.length === 0 && failed !== undefined ? err(failed.error) : ok(values);
}
