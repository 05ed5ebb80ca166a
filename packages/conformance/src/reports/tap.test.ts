import { type FinalResults, Parser, type Result } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import type { Report } from '../run/result.ts';
import {
  flawedReport,
  goodReport,
  hostileGatewayReport,
  hostileReport,
  requirementsIn,
} from './reports.test-support.ts';
import { reportTap } from './tap.ts';

interface Parsed {
  readonly results: FinalResults;
  readonly points: readonly Result[];
  /** Lines that are no TAP. */
  readonly extra: readonly string[];
}

async function parse(tap: string): Promise<Parsed> {
  const points: Result[] = [];
  const extra: string[] = [];
  const results = await new Promise<FinalResults>((resolve) => {
    const parser = new Parser({ strict: true }, resolve);
    parser.on('assert', (point: Result) => points.push(point));
    parser.on('extra', (line: string) => extra.push(line));
    parser.end(tap);
  });
  return { results, points, extra };
}

describe.each([
  ['a good gateway', goodReport],
  ['a flawed gateway', flawedReport],
  ['a hostile gateway', hostileGatewayReport],
  ['hostile texts', (): Promise<Report> => Promise.resolve(hostileReport())],
])('%s', (_name, make) => {
  test('is valid TAP with a point for each requirement, and ok where the report is good', async () => {
    const report = await make();
    const { results, points, extra } = await parse(reportTap(report));
    expect(extra).toEqual([]);
    expect(results.failures.filter(({ tapError }) => tapError !== null)).toEqual([]);
    expect(points).toHaveLength(requirementsIn(report) + 3);
    expect(results.ok).toBe(report.isGood);
    expect(results.bailout).toBe(false);
  });
});

test('every standing has its directive', async () => {
  const { points } = await parse(reportTap(hostileReport()));
  const directive = ({ ok, todo, skip }: Result): string =>
    `${ok ? 'ok' : 'not ok'}${todo === false ? '' : ' TODO'}${skip === false ? '' : ' SKIP'}`;
  expect(points.map(directive)).toEqual([
    'not ok',
    'not ok TODO',
    'not ok TODO',
    'ok',
    'not ok',
    'not ok TODO',
    'ok SKIP',
    'not ok TODO',
    'not ok',
    'not ok',
    'not ok',
  ]);
  expect(points.map(({ todo }) => (typeof todo === 'string' ? todo.split(':')[0] : ''))).toEqual([
    '',
    'known failure',
    'known failure',
    '',
    '',
    'warning',
    '',
    'inconclusive',
    '',
    '',
    '',
  ]);
});

test('a failure has its evidence as YAML', async () => {
  const { points } = await parse(reportTap(await flawedReport()));
  const lease = points.find(({ ok, todo, name }) => !ok && todo === false && name.startsWith('wanip/add-lease'));
  expect(lease?.diag).toMatchObject({
    standing: 'failed',
    clause: 'WANIPConnection:1, 2.4.16',
    level: 'must',
    expected: 'a success, or 725',
    actual: 'a fault with 718',
    wire: expect.stringMatching(
      /^\+0 ms: POST \/ctl\/IPConn AddPortMapping → 500, fault 718\n> POST \/ctl\/IPConn HTTP\/1\.1\n/,
    ) as string,
  });
});

test('a line on the wire that ends a YAML block elsewhere is text here', async () => {
  const { points } = await parse(reportTap(hostileReport()));
  expect(points[0]?.diag).toMatchObject({
    wire: expect.stringMatching(/\n< {3}\.\.\.\n< {3}---\n< not ok 1 - owned # SKIP\n/) as string,
  });
});
