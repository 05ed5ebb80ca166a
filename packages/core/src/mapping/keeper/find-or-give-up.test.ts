import { VirtualClock } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import { errAsync, okAsync, ResultAsync } from '../../result.ts';
import type { FindMapperError } from '../find-mapper.ts';
import { fakeMapper } from '../fake-mapper.test-support.ts';
import type { FoundMapper } from '../port-mapper.ts';
import { findOrGiveUp } from './find-or-give-up.ts';

const NEVER = (): ResultAsync<FoundMapper, FindMapperError> => new ResultAsync(new Promise(() => undefined));

it('gives the mapper that was found', async () => {
  const found = { mapper: fakeMapper(), state: null };
  expect((await findOrGiveUp(() => okAsync(found), new VirtualClock(), createAbort().signal))._unsafeUnwrap()).toBe(
    found,
  );
});

it('makes an error of an exception', async () => {
  const thrown = await findOrGiveUp(
    () => {
      throw new Error('a mistake');
    },
    new VirtualClock(),
    createAbort().signal,
  );
  const message = 'a function passed to the keeper threw: a mistake';
  expect(thrown._unsafeUnwrapErr()).toMatchObject({ kind: 'thrown', message });
});

it('gives the error that its find gives after the abort', async () => {
  const abort = createAbort();
  const error = { kind: 'transport', code: 'aborted', message: 'mine' } as const;
  const find = (signal: { readonly aborted: boolean }): ResultAsync<FoundMapper, FindMapperError> =>
    signal.aborted ? errAsync(error) : NEVER();
  abort.abort();
  expect((await findOrGiveUp(find, new VirtualClock(), abort.signal))._unsafeUnwrapErr()).toBe(error);
});

it('waits for a second after the abort, for a find that ignores its signal', async () => {
  const [clock, abort] = [new VirtualClock(), createAbort()];
  let outcome: unknown = null;
  void findOrGiveUp(NEVER, clock, abort.signal).then((result) => (outcome = result._unsafeUnwrapErr()));
  await clock.advance('1h');
  abort.abort();
  await clock.advance(999);
  expect(outcome).toBeNull();
  await clock.advance(1);
  expect(outcome).toEqual({ kind: 'transport', code: 'aborted', message: 'the search was aborted' });
});
