/** An argument that is none is named by its name. */
import { simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import type { ResultAsync } from '../result.ts';
import { fakeMapper } from './fake-mapper.test-support.ts';
import { findMapper, toFoundMapper } from './find-mapper.ts';
import { mapPort } from './map-port.ts';
import { unmapPort } from './unmap-port.ts';

const { transport } = simulateGateway();
const WRONG = 7 as never;
const UDP = { externalPort: 7777, protocol: 'UDP' } as const;

it.each<readonly [string, string, () => PromiseLike<unknown>]>([
  ['findMapper', 'transport', () => errorOf(findMapper(WRONG))],
  ['findMapper', 'options', () => errorOf(findMapper(transport, WRONG))],
  ['mapPort', 'mapper', () => errorOf(mapPort(WRONG, UDP))],
  ['mapPort', 'options', () => errorOf(mapPort(fakeMapper(), WRONG))],
  ['unmapPort', 'mapper', () => errorOf(unmapPort(WRONG, UDP))],
  ['unmapPort', 'options', () => errorOf(unmapPort(fakeMapper(), WRONG))],
])('%s names its argument %s', async (_name, argument, call) => {
  expect(await call()).toMatchObject({ kind: 'invalid-argument', argument });
});

it('toFoundMapper names what no search gives', () => {
  expect(() => toFoundMapper(WRONG)).toThrow(/^found /);
});

async function errorOf(result: PromiseLike<Awaited<ResultAsync<unknown, unknown>>>): Promise<unknown> {
  return (await result)._unsafeUnwrapErr();
}
