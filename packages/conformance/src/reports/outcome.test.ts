import { entryText } from '../bench/mapping-table.ts';
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../checks/requirements.ts';
import { conclude, type Report } from '../run/result.ts';
import type { CheckResult } from '../run/check-result.ts';
import { runConformance } from '../run/run.ts';
import { reportHtml } from './html.ts';
import { reportJUnit } from './junit.ts';
import { countStandings, headline, notes, objections, outcomesByArea, outcomesOf, runFindings } from './outcome.ts';
import { goodReport, hostileReport, RUN } from './reports.test-support.ts';
import { reportTap } from './tap.ts';
import { reportText } from './text.ts';

const ENTRY = {
  remoteHost: '',
  externalPort: 40_000,
  protocol: 'TCP',
  internalPort: 80,
  internalClient: '192.168.1.2',
  isEnabled: true,
  description: 'a game',
};

function emptyWith(facts: Partial<Report>): Report {
  return conclude({
    ...RUN,
    results: [],
    table: null,
    uncompared: 'unwritten',
    swept: [],
    leftovers: [],
    wasAborted: false,
    ...facts,
  });
}

test('each verdict stands as it is, in the light of what is known', () => {
  const { results } = hostileReport();
  const known = results.map(({ known }) => (known === null ? null : { ...known, clause: 'C', reason: 'R' }));
  const short = results.map((result, index) => ({
    ...result,
    known: known[index] ?? null,
    ...(result.verdict === 'pass' ? {} : { expected: 'E', actual: 'A' }),
  }));
  expect(
    outcomesOf(emptyWith({ results: short })).map(({ key, standing, remark, other }) => [key, standing, remark, other]),
  ).toEqual([
    ['ssdp/fail', 'failed', 'expected E, saw A', null],
    ['ssdp/known-fail', 'known-failure', 'R (C)', null],
    ['ssdp/known-warn', 'known-failure', 'R (C)', null],
    ['ssdp/pass', 'passed', '', null],
    ['ssdp/known-pass', 'unexpected-pass', 'it passes, but is listed as a known failure (R)', null],
    ['soap/warn', 'warned', 'expected E, saw A', null],
    ['soap/skip', 'skipped', 'E: A', null],
    ['soap/inconclusive', 'inconclusive', 'expected E, saw A', null],
  ]);
});

describe('a requirement that was checked again after the writes counts once', () => {
  const [warned] = hostileReport().results.filter(({ requirement }) => requirement.id === 'soap/warn');
  if (warned === undefined || warned.verdict === 'pass') throw new Error('there is such a result');
  const { requirement, known, durationMs } = warned;
  const about = { requirement, known, durationMs, isRepeated: true };
  const [passed, failed] = [
    { ...about, verdict: 'pass' },
    { ...warned, isRepeated: true, verdict: 'fail' },
  ] as const;
  const first = { ...warned, expected: 'E', actual: 'an uptime of 7' };

  test.each<readonly [what: string, again: CheckResult, standing: string, other: string | null]>([
    ['the same was seen', { ...first, isRepeated: true }, 'warned', null],
    // What a gateway says of the time is another thing each time.
    ['another thing was seen of the same kind', { ...first, isRepeated: true, actual: 'one of 9' }, 'warned', null],
    ['something else was expected', { ...first, isRepeated: true, expected: 'F' }, 'warned', 'warned'],
    ['it is worse', failed, 'failed', 'warned'],
    ['it passes', passed, 'warned', 'passed'],
  ])('where %s', (_what, again, standing, other) => {
    const report = emptyWith({ results: [first, again] });
    expect(outcomesOf(report).map((outcome) => [outcome.standing, outcome.other?.standing ?? null])).toEqual([
      [standing, other],
    ]);
    const { counts } = report;
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(1);
    expect(countStandings(outcomesOf(report))).toMatchObject({ [standing]: 1 });
  });

  test('and both are told where they differ', () => {
    const again = { ...failed, expected: 'a second thing', actual: 'nothing' };
    const report = emptyWith({ results: [first, again] });
    expect(reportText(report)).toMatch(
      /after the writes:\n {2}expected +a second thing\n {2}actual +nothing\n[^]*\n {2}before the writes: warning\n {2}expected +E\n {2}actual +an uptime of 7\n/,
    );
    for (const text of [reportJUnit(report), reportTap(report), reportHtml(report)]) {
      expect(text).toContain('a second thing');
      expect(text).toMatch(/[Bb]efore the writes: (?:warn|expected E, saw an uptime of 7)/);
    }
    expect(reportJUnit(report)).toContain(' tests="1" failures="1" ');
    expect(reportTap(report)).toContain('\n1..4\n');
  });
});

test('all reports of a run count the same: each requirement once', async () => {
  // Its answers tell the time, and are another one each time.
  await using router = simulateGateway({ persona: 'tp-link-er605' });
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = (await runConformance(router.transport, target, { write: true, seed: 7 }))._unsafeUnwrap();
  const { failed, warned, passed, skipped, ...others } = countStandings(outcomesOf(report));
  expect({ total: failed + warned + passed + skipped, ...others }).toMatchObject({ total: REQUIREMENTS.length });
  expect(report.counts).toMatchObject({ fail: failed, warn: warned, pass: passed, skip: skipped });
  expect(reportText(report)).toMatch(new RegExp(`\\n${failed} failed, [^]*\\b${passed} passed, ${skipped} skipped\\n`));
  const total = REQUIREMENTS.length + runFindings(report).length;
  expect(reportJUnit(report)).toContain(
    `<testsuites name="Portwright conformance" tests="${total}" failures="${failed}"`,
  );
  expect(reportTap(report)).toContain(`\n1..${total}\n`);
  expect(reportHtml(report).match(/<details class="check failed"/g)).toHaveLength(failed);
});

test('areas are in the order of the specifications, and every requirement is in one', async () => {
  const report = await goodReport();
  const areas = outcomesByArea(outcomesOf(report));
  expect(areas.map(({ area }) => area)).toEqual([
    'ssdp',
    'desc',
    'scpd',
    'soap',
    'gena',
    'wanip',
    'wanip2',
    'wanppp',
    'wancic',
    'v6fw',
    'l3f',
    'pcp',
    'nat-pmp',
  ]);
  expect(areas.flatMap(({ outcomes }) => outcomes)).toHaveLength(REQUIREMENTS.length);
  const keys = areas.flatMap(({ outcomes }) => outcomes.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
});

test('counts are by standing', () => {
  expect(countStandings(outcomesOf(hostileReport()))).toEqual({
    failed: 1,
    'unexpected-pass': 1,
    inconclusive: 1,
    warned: 1,
    'known-failure': 2,
    passed: 1,
    skipped: 1,
  });
});

test('of the run itself it is said what speaks against it', () => {
  const report = emptyWith({
    table: { missing: [ENTRY], extra: [], others: [] },
    uncompared: null,
    leftovers: ['a pinhole'],
    wasAborted: true,
  });
  expect(runFindings(report).map(({ id, standing, details }) => [id, standing, details])).toEqual([
    ['run/table', 'failed', ['no longer there: TCP 40000 to 192.168.1.2:80, "a game"']],
    ['run/leftovers', 'failed', ['a pinhole']],
    ['run/complete', 'failed', ['the run ended early: it was aborted, or its time was up']],
  ]);
  expect(objections(report)).toEqual([
    'the run changed the mapping table',
    '1 thing left behind',
    'the run is incomplete',
  ]);
});

test('a table that nobody touched is not compared', () => {
  expect(runFindings(emptyWith({})).map(({ standing }) => standing)).toEqual(['skipped', 'passed', 'passed']);
});

test('a table that can no longer be read is objected to, and one that never could be is noted', () => {
  const lost = emptyWith({ uncompared: 'lost' });
  const [finding] = runFindings(lost);
  expect(finding).toMatchObject({
    standing: 'failed',
    details: ['it could be read completely before the run, but not after it'],
  });
  expect(objections(lost)).toContain('the mapping table can no longer be read');
  expect(notes(lost)).toEqual([]);
  const results = hostileReport().results.filter(({ requirement }) => requirement.id === 'ssdp/pass');
  const unreadable = emptyWith({ uncompared: 'unreadable', results });
  expect(runFindings(unreadable)[0]).toMatchObject({ standing: 'skipped' });
  expect(headline(unreadable)).toBe('The gateway conforms, as far as the run could check');
  expect(notes(unreadable)).toEqual([
    'the mapping table could not be read completely, so the run can’t tell whether it changed',
  ]);
});

test('a mapping that is disabled is told from one that is not', () => {
  expect(entryText({ ...ENTRY, isEnabled: false })).toBe('TCP 40000 to 192.168.1.2:80, disabled, "a game"');
});

test('a good report has no objections, and another one has', async () => {
  expect(objections(await goodReport())).toEqual([]);
  expect(objections(hostileReport())).toEqual([
    '1 failure',
    '1 unexpected pass',
    'the run changed the mapping table',
    '1 thing left behind',
    'the run is incomplete',
  ]);
});
