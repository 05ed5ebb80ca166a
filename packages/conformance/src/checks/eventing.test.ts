import type { Transport } from '@portwright/core';
import { simulateGateway } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { isFor, onRequest } from '../mutants/mutant.ts';
import { runConformance } from '../run/run.ts';

/** Events are dropped on their way in, as a firewall of the tester's does. */
function withoutEvents(transport: Transport): Transport {
  const { events } = transport;
  if (events === undefined) return transport;
  return { ...transport, events: { listen: (address) => events.listen(address, () => 200) } };
}

test.each(['gena/initial-event', 'wanip2/events'])('%s finds out nothing where no connection comes', async (id) => {
  await using router = simulateGateway();
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = await runConformance(withoutEvents(router.transport), target, { write: true, only: [id] });
  expect(resultOf(report._unsafeUnwrap(), id)).toMatchObject({
    verdict: 'inconclusive',
    actual: expect.stringContaining('the firewall of this host') as string,
  });
});

test.each([
  [1, 'warn'],
  [2, 'fail'],
] as const)('a subscription without an end on version %i: %s', async (version, verdict) => {
  const hooks = onRequest(isFor('event'), (_context, proceed) => {
    const answer = proceed();
    const headers = answer.headers.map(
      ([name, value]) => [name, name === 'TIMEOUT' ? 'Second-infinite' : value] as const,
    );
    return { ...answer, headers };
  });
  const report = await checkGateway({ what: '', version, hooks }, { only: ['gena/timeout'], write: false });
  expect(resultOf(report, 'gena/timeout')).toMatchObject({ verdict, actual: 'Second-infinite' });
});
