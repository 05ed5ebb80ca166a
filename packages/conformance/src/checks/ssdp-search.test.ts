import { simulateGateway } from '@portwright/transport-mock';
import { okAsync } from '@portwright/core/result';
import { describe, expect, test } from 'vitest';
import { checkGateway, flagged, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onSearch } from '../mutants/mutant.ts';
import { cantSend, checkFromOutside } from './wan-host.test-support.ts';

/** Answers by the number of their search, from 1. */
function answersAfter(delayMs: (search: number) => number): Mutant {
  return {
    what: '',
    hooks: () => {
      let searches = 0;
      return {
        search: (answers) => {
          searches += 1;
          return answers.map((answer) => ({ ...answer, delayMs: delayMs(searches) }));
        },
      };
    },
  };
}

async function verdictOn(mutant: Mutant, id: string): Promise<unknown> {
  return resultOf(await checkGateway(mutant, { only: [id], write: false }), id);
}

describe('silence towards the WAN', () => {
  test('is none where nothing was sent', async () => {
    expect(await checkFromOutside('ssdp/wan-silent', cantSend)).toMatchObject({
      verdict: 'inconclusive',
      actual: 'the helper sends to nobody but its own gateway',
    });
  });

  test('is silence where a search could be sent', async () => {
    const once = await checkFromOutside('ssdp/wan-silent', (number, proceed) =>
      number < 3 ? cantSend(number, proceed) : proceed(),
    );
    expect(once).toMatchObject({ verdict: 'pass' });
  });

  test('is none of a gateway that answers, although two datagrams get lost', async () => {
    const answers: Mutant['hooks'] = () => ({
      inbound: ({ payload }) => ({ inside: null, answers: [payload] }),
    });
    const lossy = await checkFromOutside(
      'ssdp/wan-silent',
      (number, proceed) => (number < 3 ? okAsync(undefined) : proceed()),
      answers,
    );
    expect(lossy).toMatchObject({ verdict: 'fail' });
  });
});

describe('an answer to a search', () => {
  test.each([1_300, 2_500, 4_000])('to the gateway’s own address is late after %i ms', async (delayMs) => {
    const late = answersAfter(() => delayMs);
    const result = { verdict: 'warn', expected: 'an answer within a second' };
    const seen =
      delayMs < 4_000 ? { ...result, actual: expect.stringMatching(/^an answer after \d+ ms$/) as string } : result;
    expect(await verdictOn(late, 'ssdp/unicast-reply')).toMatchObject(seen);
  });

  test.each(['ssdp/msearch-igd2-reply', 'ssdp/unicast-reply'])('%s: late for once is not late', async (id) => {
    expect(
      await verdictOn(
        answersAfter((search) => (search === 1 ? 1_400 : 10)),
        id,
      ),
    ).toMatchObject({
      verdict: 'pass',
    });
    expect(
      await verdictOn(
        answersAfter((search) => (search <= 3 ? 1_400 : 10)),
        id,
      ),
    ).toMatchObject({
      verdict: id === 'ssdp/unicast-reply' ? 'warn' : 'fail',
      actual: expect.stringMatching(/^an answer after 14\d\d ms$/) as string,
    });
  });

  test('with an MX above 5 may get lost once', async () => {
    const loses = (lost: number): Mutant => ({
      what: '',
      hooks: () => {
        let searches = 0;
        return {
          search: (answers, { maximumWait }) => {
            if (maximumWait === 120) searches += 1;
            return maximumWait === 120 && searches <= lost ? [] : answers;
          },
        };
      },
    });
    expect(await verdictOn(loses(1), 'ssdp/mx-over-5')).toMatchObject({ verdict: 'pass' });
    expect(await verdictOn(loses(2), 'ssdp/mx-over-5')).toMatchObject({ verdict: 'warn' });
  });

  test('counts from another address of the gateway’s', async () => {
    const elsewhere: Mutant = {
      what: '',
      hooks: onSearch(
        () => true,
        (answers) => answers.map((answer) => ({ ...answer, from: { ...answer.from, address: '192.168.1.254' } })),
      ),
    };
    const report = await checkGateway(elsewhere, { only: ['ssdp/*'], write: false });
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'ssdp/msearch-igd2-reply')).toMatchObject({ verdict: 'pass' });
  });

  test('from another router that was given the same UDN does not', async () => {
    await using twin = simulateGateway();
    const url = twin.descriptionUrl;
    const other: Mutant = {
      what: '',
      hooks: onSearch(
        () => true,
        (answers) =>
          answers.map((answer) => ({
            ...answer,
            from: { ...answer.from, address: '192.168.1.254' },
            payload: new TextEncoder().encode(
              new TextDecoder().decode(answer.payload).replace(url, url.replace('192.168.1.1', '192.168.1.254')),
            ),
          })),
      ),
    };
    expect(await verdictOn(other, 'ssdp/msearch-igd2-reply')).toMatchObject({ verdict: 'fail', actual: 'none' });
  });
});
