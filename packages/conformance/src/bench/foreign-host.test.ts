import { expect, test } from 'vitest';
import { resultOf } from '../mutants/mutant.test-support.ts';
import { isFor, rewrites } from '../mutants/mutant.ts';
import { simulateGateway } from '@portwright/transport-mock';
import { runConformance } from '../run/run.ts';

const OTHER = '192.168.1.77';

test('nothing is asked of another host that a description names, and same-host reports it', async () => {
  await using router = simulateGateway();
  const asked: string[] = [];
  router.network.attach({
    addresses: [OTHER],
    http: (_port, request) => {
      asked.push(`${request.method} ${request.url}`);
      return { kind: 'failure', code: 'refused', delayMs: 0 };
    },
    datagram: () => [],
  });
  router.inject({
    row: 0,
    what: '',
    remedy: '',
    name: 'URLs on another host',
    hooks: rewrites(isFor('description'), (text) =>
      text.replace(/<(SCPDURL|controlURL|eventSubURL)>/g, `<$1>http://${OTHER}:8080`),
    ),
  });
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = (await runConformance(router.transport, target, { write: true, disruptive: true }))._unsafeUnwrap();
  expect(asked).toEqual([]);
  expect(resultOf(report, 'desc/same-host')).toMatchObject({ verdict: 'warn' });
  for (const id of ['desc/urls-resolve', 'scpd/args', 'soap/any-prefix', 'gena/unknown-sid', 'wanip/delete']) {
    expect(resultOf(report, id)).toMatchObject({
      verdict: 'inconclusive',
      actual: expect.stringMatching(/^the description points to another host: http:\/\/192\.168\.1\.77:8080/) as string,
    });
  }
});
