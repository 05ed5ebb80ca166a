import { expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, rewritesReplies } from '../mutants/mutant.ts';

const ID = 'desc/required-fields';

async function verdictOn(mutant: Mutant): Promise<unknown> {
  return resultOf(await checkGateway(mutant, { only: [ID], write: false }), ID);
}

test.each([
  ['unicast', 'pass'],
  ['both', 'pass'],
] as const)(
  'the UDN is compared with that of USN where searches are answered by %s',
  async (answersSearches, verdict) => {
    expect(await verdictOn({ what: '', options: { answersSearches } })).toMatchObject({ verdict });
    const stray = rewritesReplies((text) => text.replace(/^USN: uuid:\w+/m, 'USN: uuid:0'));
    expect(await verdictOn({ what: '', options: { answersSearches }, hooks: stray })).toMatchObject({
      verdict: 'fail',
    });
  },
);

test('nothing is found out where no USN was heard', async () => {
  expect(await verdictOn({ what: '', options: { answeredTargets: [] } })).toMatchObject({
    verdict: 'inconclusive',
    actual: 'none',
  });
  const without = rewritesReplies((text) => text.replace(/^USN:.*\r\n/m, ''));
  expect(await verdictOn({ what: '', hooks: without })).toMatchObject({ verdict: 'inconclusive' });
});
