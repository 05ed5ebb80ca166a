import { expect, test } from 'vitest';
import { reportJson } from './json.ts';
import { flawedReport, HOSTILE, hostileReport } from './reports.test-support.ts';

test('a report survives JSON, and says what format it is', async () => {
  const report = await flawedReport();
  const document = reportJson(report);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(document).toMatchObject({
    format: 'portwright-conformance-report',
    version: 1,
    run: report.run,
    location: 'http://192.168.1.1:5000/rootDesc.xml',
    isGood: false,
    device: { modelName: report.device?.modelName },
    seed: 7,
    write: true,
    only: null,
    table: { missing: [], extra: [], others: [] },
    swept: [],
    leftovers: [],
    wasAborted: false,
  });
  expect(document.results).toHaveLength(report.results.length);
  expect(document.counts).toEqual(report.counts);
});

test('a result has the same members whatever came of it', () => {
  const shapes = reportJson(hostileReport()).results.map((result) => Object.keys(result).join());
  expect(new Set(shapes)).toEqual(
    new Set(['id,sentence,clause,level,kind,verdict,standing,known,isRepeated,durationMs,expected,actual,exchanges']),
  );
});

test('bytes are text where they are readable, and else hexadecimal', () => {
  const [first] = reportJson(hostileReport()).results;
  const [call, unanswered, sent, received, event] = first?.exchanges ?? [];
  const hostileHex = Buffer.from(HOSTILE).toString('hex');
  expect(call).toMatchObject({
    kind: 'http',
    at: 5,
    response: { status: 200, headers: [[HOSTILE, HOSTILE]], body: { encoding: 'hex', data: hostileHex } },
    error: null,
  });
  expect(unanswered).toMatchObject({ response: null, error: { code: 'timeout', message: HOSTILE } });
  expect(sent).toMatchObject({ kind: 'sent', to: { port: 1_900 }, payload: { encoding: 'hex' } });
  expect(received).toMatchObject({ kind: 'received', payload: { encoding: 'hex', data: 'fffe0001' } });
  expect(event).toMatchObject({ kind: 'event', from: HOSTILE, request: { method: HOSTILE } });
});

test('an exchange of a real run is readable', async () => {
  const { results } = reportJson(await flawedReport());
  const bodies = results.flatMap(({ exchanges }) =>
    exchanges.flatMap((exchange) => (exchange.kind === 'http' ? [exchange.response?.body] : [])),
  );
  expect(bodies.length).toBeGreaterThan(0);
  expect(bodies.filter((body) => body?.encoding !== 'utf-8')).toEqual([]);
  expect(JSON.stringify(bodies)).toContain('<s:Envelope');
});
