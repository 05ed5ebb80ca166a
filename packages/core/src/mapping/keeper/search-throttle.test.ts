import { simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { Keeper } from './keeper.ts';
import { count, UDP } from './keeper.test-support.ts';

it('searches at most once in five seconds, however often it is asked to look', async () => {
  // A device that hears each search, and does not answer.
  const onlooker = simulateGateway({ answeredTargets: [], recordedExchanges: 100_000 });
  const keeper = new Keeper(onlooker.transport);
  const kept = keeper.keep(UDP);
  expect((await kept.settled()).isErr()).toBe(true);
  await onlooker.clock.advance('1h');
  /** Tenths of a second in which a search sent something, after a second in which none did. */
  const starts: number[] = [];
  let [known, last] = [count(onlooker, 'search'), -Infinity];
  for (let tenth = 0; tenth < 600; tenth += 1) {
    keeper.checkNow();
    await onlooker.clock.advance(100);
    const now = count(onlooker, 'search');
    if (now > known && tenth - last > 10) starts.push(tenth);
    if (now > known) last = tenth;
    known = now;
  }
  await keeper.close();
  expect(starts).toEqual(Array.from({ length: 12 }, (_, index) => index * 50));
});
