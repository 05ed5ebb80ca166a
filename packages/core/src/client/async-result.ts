import { ResultAsync, type Result } from 'neverthrow';

/** A ResultAsync from an async function that returns Results: the way to write a use case with `await` and `return err`. */
export function asyncResult<T, E>(work: () => Promise<Result<T, E>>): ResultAsync<T, E> {
  return new ResultAsync(work());
}
