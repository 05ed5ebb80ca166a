import { MemoryNetwork, seededRandom, simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { findMapper } from './find-mapper.ts';
import { mapPort } from './map-port.ts';

const SEEDS = 60;

/** Maps a port on a network that loses a fifth of the packets, 150 ms from end to end. @returns how it ended */
async function mapWith(seed: number): Promise<string> {
  const network = new MemoryNetwork({ loss: 0.2, latencyMs: 150, random: seededRandom(seed) });
  await using router = simulateGateway({ network });
  const found = await findMapper(router.transport, { trustDefaultRouter: true });
  if (found.isErr()) return `not found: ${found.error.message}`;
  const mapped = await mapPort(found.value.mapper, { externalPort: 7777, protocol: 'UDP' });
  return mapped.match(
    () => 'mapped',
    ({ kind, code }) => `${kind}: ${code}`,
  );
}

it('maps 19 times of 20 where a fifth of the packets is lost and the router is 150 ms away', async () => {
  const outcomes: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) outcomes.push(await mapWith(seed));
  const failed = outcomes.filter((outcome) => outcome !== 'mapped');
  expect(failed.slice(SEEDS / 20)).toEqual([]);
});
