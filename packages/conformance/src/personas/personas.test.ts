/** Every simulated router misses what its quirks make it miss, as known-failures/personas says, and nothing else. */
import {
  PERSONAS,
  type PersonaName,
  putForeignMappings,
  simulateGateway,
  surroundings,
} from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../requirements/all.ts';
import type { KnownFailure } from '../run/known-failures.ts';
import type { Report } from '../run/result.ts';
import { runConformance } from '../run/run.ts';
import { expectationOf, idsWith, namesOfFiles, skippedByAnswer } from './expectation.test-support.ts';

const NAMES = Object.keys(PERSONAS) as PersonaName[];

const sortedIds = (entries: readonly { readonly id: string }[]): readonly string[] =>
  entries.map(({ id }) => id).toSorted();

/** A strict run: what it warns of is a failure, and has to be known. */
async function check(persona: PersonaName, knownFailures: readonly KnownFailure[]): Promise<Report> {
  await using router = simulateGateway({ persona });
  putForeignMappings(router);
  const before = router.mappings();
  const { reboot, ...around } = surroundings(router);
  const tables: (typeof before)[] = [];
  const options = { write: true, disruptive: true, strict: true, seed: 7, knownFailures, ...around };
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = await runConformance(router.transport, target, {
    ...options,
    reboot: () => {
      tables.push(router.mappings());
      return reboot();
    },
  });
  // What the gateway says of its table may be one thing, and what there is another. A reboot, at the end, empties it.
  expect(tables[0] ?? router.mappings()).toEqual(before);
  return report._unsafeUnwrap();
}

describe('a persona misses what its file says', () => {
  test.each(NAMES)('%s', async (name) => {
    const { failures, inconclusive, skipped } = expectationOf(name);
    const report = await check(name, failures);
    const { results } = report;
    expect({
      missed: idsWith(results, 'fail'),
      inconclusive: idsWith(results, 'inconclusive'),
      skipped: skippedByAnswer(results),
    }).toEqual({
      missed: sortedIds(failures),
      inconclusive: sortedIds(inconclusive),
      skipped: sortedIds(skipped),
    });
    expect(report).toMatchObject({
      table: { missing: [], extra: [] },
      swept: [],
      leftovers: [],
      unexpectedPasses: [],
      wasAborted: false,
      isGood: true,
    });
  });
});

describe('the files', () => {
  test('are there for each persona, and for nobody else', () => {
    expect(namesOfFiles().toSorted()).toEqual(NAMES.toSorted());
  });

  test.each(NAMES)('tell what is odd about %s, and the clause of each requirement as it stands', (name) => {
    const { title, quirk } = PERSONAS[name];
    const { heading, failures } = expectationOf(name);
    expect(heading).toEqual([title, quirk]);
    const clauseOf = (id: string): string | undefined => REQUIREMENTS.find((one) => one.id === id)?.clause;
    expect(failures.filter(({ id, clause }) => clause !== clauseOf(id))).toEqual([]);
  });
});

test('a whole run against a gateway by the book takes less than five seconds of processor time', async () => {
  const before = process.cpuUsage();
  await check('igd2', []);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
});
