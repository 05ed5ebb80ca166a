import { expect, test } from 'vitest';
import { conclude, type Report } from '../run/result.ts';
import {
  countStandings,
  entryText,
  headline,
  notes,
  objections,
  outcomesByArea,
  outcomesOf,
  runFindings,
} from './outcome.ts';
import { goodReport, hostileReport, RUN } from './reports.test-support.ts';

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
    outcomesOf(emptyWith({ results: short })).map(({ key, standing, remark, isEcho }) => [
      key,
      standing,
      remark,
      isEcho,
    ]),
  ).toEqual([
    ['ssdp/fail', 'failed', 'expected E, saw A', false],
    ['ssdp/known-fail', 'known-failure', 'R (C)', false],
    ['ssdp/known-warn', 'known-failure', 'R (C)', false],
    ['ssdp/pass', 'passed', '', false],
    ['ssdp/known-pass', 'unexpected-pass', 'it passes, and is listed as a known failure (R)', false],
    ['soap/warn', 'warned', 'expected E, saw A', false],
    ['soap/skip', 'skipped', 'E: A', false],
    ['soap/inconclusive', 'inconclusive', 'expected E, saw A', false],
    ['soap/warn/again', 'warned', 'expected E, saw A', true],
  ]);
});

test('a read that comes out otherwise after the writes is no echo', () => {
  const [first] = hostileReport().results.filter(({ requirement }) => requirement.id === 'soap/warn');
  if (first === undefined || first.verdict === 'pass') throw new Error('there is such a result');
  const results = [first, { ...first, isRepeated: true, actual: 'something else' }];
  expect(outcomesOf(emptyWith({ results })).map(({ isEcho }) => isEcho)).toEqual([false, false]);
});

test('areas are in the order of the specifications, and every result is in one', async () => {
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
  ]);
  expect(areas.flatMap(({ outcomes }) => outcomes)).toHaveLength(report.results.length);
  const keys = areas.flatMap(({ outcomes }) => outcomes.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
});

test('counts are by standing', () => {
  expect(countStandings(outcomesOf(hostileReport()))).toEqual({
    failed: 1,
    'unexpected-pass': 1,
    inconclusive: 1,
    warned: 2,
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
    ['run/complete', 'failed', ['the run ended early: it was aborted, or had no time left']],
  ]);
  expect(objections(report)).toEqual([
    'the mapping table is not as it was',
    '1 thing left behind',
    'not all was checked',
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
    details: ['it could be read to its end before, and not afterwards'],
  });
  expect(objections(lost)).toContain('the mapping table can no longer be read');
  expect(notes(lost)).toEqual([]);
  const results = hostileReport().results.filter(({ requirement }) => requirement.id === 'ssdp/pass');
  const unreadable = emptyWith({ uncompared: 'unreadable', results });
  expect(runFindings(unreadable)[0]).toMatchObject({ standing: 'skipped' });
  expect(headline(unreadable)).toBe('The gateway is good, as far as could be found out');
  expect(notes(unreadable)).toEqual([
    'the mapping table could not be read to its end: whether it is as it was before, nobody knows',
  ]);
});

test('a mapping that is switched off is told from one that is not', () => {
  expect(entryText({ ...ENTRY, isEnabled: false })).toBe('TCP 40000 to 192.168.1.2:80, switched off, "a game"');
});

test('a good report has no objections, and another one has', async () => {
  expect(objections(await goodReport())).toEqual([]);
  expect(objections(hostileReport())).toEqual([
    '1 failure',
    '1 unexpected pass',
    'the mapping table is not as it was',
    '1 thing left behind',
    'not all was checked',
  ]);
});
