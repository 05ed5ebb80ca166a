/** A report as JUnit's XML, in the dialect that GitHub's actions, GitLab and Jenkins read alike. */
import { assertReport } from './check-report.ts';
import type { Report } from '../run/result.ts';
import { detailLines } from './detail.ts';
import {
  type AreaOutcomes,
  outcomesByArea,
  outcomesOf,
  type RunFinding,
  runFindings,
  type SettledOutcome,
} from './outcome.ts';
import { escapeMarkup, oneLine, visible } from './visible.ts';

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly kind: 'pass' | 'failure' | 'error' | 'skipped';
  /** What stands in it, as XML. */
  readonly content: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * A suite for each area with a case for each requirement, and a last one for the run itself. What could not be found out is an error, a known failure is
 * skipped with its reason, and a known failure that passed is a failure. A warning passes, with its evidence as output.
 */
export function reportJUnit(report: Report): string {
  assertReport(report);
  const suites = [...outcomesByArea(outcomesOf(report)).map(areaSuite), runSuite(report)];
  const total = tally(suites.flatMap(({ cases }) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Portwright conformance" ${total}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escapeMarkup(name)}" ${tally(cases)}>`,
      ...properties(report),
      ...cases.flatMap((one) => caseLines(one, name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ location, run }: Report): readonly string[] {
  return [
    '    <properties>',
    `      <property name="location" value="${escapeMarkup(oneLine(location))}"/>`,
    `      <property name="run" value="${escapeMarkup(oneLine(run))}"/>`,
    '    </properties>',
  ];
}

function tally(cases: readonly TestCase[]): string {
  const count = (wanted: TestCase['kind']): number => cases.filter(({ kind }) => kind === wanted).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  const [failures, errors, skipped] = [count('failure'), count('error'), count('skipped')];
  return `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
}

/** Jenkins makes packages of what stands before the last dot of a class name. */
function caseLines({ name, seconds, content }: TestCase, suite: string): readonly string[] {
  const className = escapeMarkup(`conformance.${suite}`);
  const tag = `    <testcase classname="${className}" name="${escapeMarkup(oneLine(name))}" time="${seconds.toFixed(3)}"`;
  return content === '' ? [`${tag}/>`] : [`${tag}>`, `      ${content}`, '    </testcase>'];
}

function areaSuite({ area, outcomes }: AreaOutcomes): Suite {
  return { name: area, cases: outcomes.map(testCase) };
}

function testCase(outcome: SettledOutcome): TestCase {
  const { result, standing, remark } = outcome;
  const { requirement, durationMs } = result;
  const about = {
    name: `${requirement.id}: ${requirement.sentence}`,
    seconds: durationMs / 1_000,
  };
  const details = detailLines(outcome).join('\n');
  switch (standing) {
    case 'passed':
      return { ...about, kind: 'pass', content: '' };
    case 'warned':
      return { ...about, kind: 'pass', content: element('system-out', {}, `Warning: ${remark}\n${details}`) };
    case 'failed':
    case 'unexpected-pass': {
      const type = standing === 'failed' ? requirement.level : standing;
      return { ...about, kind: 'failure', content: element('failure', { message: remark, type }, details) };
    }
    // Not an error: a run is red exactly when the gateway is not good.
    case 'inconclusive': {
      const message = `inconclusive: ${remark}`;
      return { ...about, kind: 'skipped', content: element('skipped', { message }, details) };
    }
    case 'known-failure': {
      const message = `known failure: ${remark}`;
      return { ...about, kind: 'skipped', content: element('skipped', { message }, details) };
    }
    case 'skipped':
      return { ...about, kind: 'skipped', content: element('skipped', { message: remark }, '') };
  }
}

function runSuite(report: Report): Suite {
  return { name: 'run', cases: runFindings(report).map(runCase) };
}

function runCase({ id, sentence, standing, details }: RunFinding): TestCase {
  const about = { name: `${id}: ${sentence}`, seconds: 0 };
  const message = details.join('; ');
  switch (standing) {
    case 'passed':
      return { ...about, kind: 'pass', content: '' };
    case 'failed':
      return { ...about, kind: 'failure', content: element('failure', { message, type: 'run' }, details.join('\n')) };
    case 'skipped':
      return { ...about, kind: 'skipped', content: element('skipped', { message }, '') };
  }
}

function element(name: string, attributes: Readonly<Record<string, string>>, text: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(oneLine(value))}"`);
  const start = `${name}${pairs.join('')}`;
  return text === '' ? `<${start}/>` : `<${start}>${escapeMarkup(visible(text))}</${name}>`;
}
