/** Every simulated router misses what its quirks make it miss, as known-failures/personas says, and nothing else. */
import { PERSONAS, type PersonaName, protocolsOf } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { checkPersona } from './check-persona.test-support.ts';
import { expectationOf, idsWith, namesOfFiles, skippedByAnswer } from './expectation.test-support.ts';

const NAMES = Object.keys(PERSONAS) as PersonaName[];

const sortedIds = (entries: readonly { readonly id: string }[]): readonly string[] =>
  entries.map(({ id }) => id).toSorted();

describe('a persona misses what its file says', () => {
  test.each(NAMES)('%s', async (name) => {
    const { failures, inconclusive, skipped } = expectationOf(name);
    const { report, before, after } = await checkPersona(name, failures);
    const { results } = report;
    // The gateway's answers about its table may differ from the table.
    expect(after).toEqual(before);
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
      ...(protocolsOf(PERSONAS[name]).includes('upnp') ? { table: { missing: [], extra: [] } } : { table: null }),
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
});

test('a whole run against a gateway by the book takes less than five seconds of processor time', async () => {
  const before = process.cpuUsage();
  await checkPersona('igd2', []);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
});
