/** A report as TAP, version 14: https://testanything.org/tap-version-14-specification.html */
import { assertReport } from './check-report.ts';
import type { Report } from '../run/result.ts';
import { WIRE_LIMITS } from './detail.ts';
import { outcomesByArea, outcomesOf, type RunFinding, runFindings, type SettledOutcome, whenOf } from './outcome.ts';
import { oneLine } from './visible.ts';
import { wireLines } from './wire-text.ts';

interface TestPoint {
  readonly isOk: boolean;
  readonly description: string;
  readonly directive: '' | 'SKIP' | 'TODO';
  readonly reason: string;
  /** What a reader of YAML reads. */
  readonly diagnostics: readonly string[];
}

/**
 * A test point for each requirement, and at last those of the run itself. The stream as a whole is ok where the report is good:
 * a warning, a known failure and what could not be found out are not ok, but to do.
 */
export function reportTap(report: Report): string {
  assertReport(report);
  const areas = outcomesByArea(outcomesOf(report)).map(({ title, outcomes }) => ({
    title,
    points: outcomes.map(testPoint),
  }));
  const parts = [...areas, { title: 'The run itself', points: runFindings(report).map(runPoint) }];
  const count = parts.reduce((sum, { points }) => sum + points.length, 0);
  let number = 0;
  const lines = parts.flatMap(({ title, points }) => [
    `# ${title}`,
    ...points.flatMap((point) => {
      number += 1;
      return pointLines(point, number);
    }),
  ]);
  const about = [`# ${oneLine(report.location)}`, `# run ${oneLine(report.run)}`];
  return ['TAP version 14', `1..${count}`, ...about, ...lines, ''].join('\n');
}

function pointLines(
  { isOk, description, directive, reason, diagnostics }: TestPoint,
  number: number,
): readonly string[] {
  const end = directive === '' ? '' : ` # ${directive} ${escaped(reason)}`;
  const line = `${isOk ? 'ok' : 'not ok'} ${number} - ${escaped(description)}${end}`;
  return diagnostics.length === 0 ? [line] : [line, '  ---', ...diagnostics.map((one) => `  ${one}`), '  ...'];
}

/** A number sign would begin a directive. */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\#]/g, '\\$&');
}

function testPoint(outcome: SettledOutcome): TestPoint {
  const { result, standing, remark } = outcome;
  const { requirement } = result;
  const about = {
    description: `${requirement.id}: ${requirement.sentence}`,
    reason: remark,
  };
  const diagnostics = diagnosticsOf(outcome);
  switch (standing) {
    case 'passed':
      return { ...about, isOk: true, directive: '', diagnostics: [] };
    case 'skipped':
      return { ...about, isOk: true, directive: 'SKIP', diagnostics: [] };
    case 'failed':
    case 'unexpected-pass':
      return { ...about, isOk: false, directive: '', diagnostics };
    case 'warned':
      return { ...about, isOk: false, directive: 'TODO', reason: `warning: ${remark}`, diagnostics };
    case 'known-failure':
      return { ...about, isOk: false, directive: 'TODO', reason: `known failure: ${remark}`, diagnostics };
    case 'inconclusive':
      return { ...about, isOk: false, directive: 'TODO', reason: `inconclusive: ${remark}`, diagnostics };
  }
}

function diagnosticsOf(outcome: SettledOutcome): readonly string[] {
  const { result, standing, evidence, remark, other } = outcome;
  const { requirement, durationMs, known } = result;
  const wire = wireLines(evidence?.exchanges ?? [], WIRE_LIMITS);
  return [
    pair('message', remark),
    pair('standing', standing),
    pair('clause', requirement.clause),
    pair('level', requirement.level),
    ...(evidence === null ? [] : [pair('expected', evidence.expected), pair('actual', evidence.actual)]),
    ...(known === null ? [] : [pair('known', `${known.reason} (${known.clause})`)]),
    ...(other === null
      ? []
      : [pair('when', whenOf(outcome)), pair('otherwise', `${whenOf(other)}: ${other.remark || other.standing}`)]),
    `duration_ms: ${Math.round(durationMs)}`,
    // The number is the block's indentation: its first line may begin with spaces of its own.
    ...(wire.length === 0 ? [] : ['wire: |2', ...wire.map((line) => `  ${line}`)]),
  ];
}

/** A string of JSON is one of YAML, too. */
function pair(name: string, value: string): string {
  return `${name}: ${JSON.stringify(oneLine(value))}`;
}

function runPoint({ id, sentence, standing, details }: RunFinding): TestPoint {
  return {
    isOk: standing !== 'failed',
    description: `${id}: ${sentence}`,
    directive: standing === 'skipped' ? 'SKIP' : '',
    reason: details.join('; '),
    diagnostics:
      standing === 'failed' ? ['details:', ...details.map((detail) => `  - ${JSON.stringify(oneLine(detail))}`)] : [],
  };
}
