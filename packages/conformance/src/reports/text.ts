/** A report for terminals and logs. */
import { entryText } from '../bench/mapping-table.ts';
import { assertReport, assertResult } from './check-report.ts';
import type { Report } from '../run/result.ts';
import type { CheckResult } from '../run/check-result.ts';
import { columnsOf, folded, truncated, wrapped } from './columns.ts';
import { LEVELS } from './detail.ts';
import {
  countStandings,
  deviceText,
  headline,
  notes,
  objections,
  type Outcome,
  outcomeOf,
  outcomesByArea,
  outcomesOf,
  type RunFinding,
  runFindings,
  runText,
  type SettledOutcome,
  type Standing,
  STANDINGS,
  whenOf,
  wordFor,
} from './outcome.ts';
import { oneLine } from './visible.ts';
import { type WireLimits, wireLines } from './wire-text.ts';

export type StyleName = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts colour on a text. */
export type Style = (name: StyleName, text: string) => string;

export interface TextOptions {
  /** Columns to fit into; Infinity: nothing is broken or cut off. Default: 80. */
  readonly width?: number | undefined;
  /** Default: no colours. */
  readonly style?: Style | undefined;
}

const LIMITS: WireLimits = { exchanges: 3, body: 700 };

const MARKS: Readonly<Record<Standing, readonly [mark: string, colour: StyleName]>> = {
  failed: ['✗', 'red'],
  'unexpected-pass': ['✗', 'red'],
  inconclusive: ['?', 'yellow'],
  warned: ['!', 'yellow'],
  'known-failure': ['~', 'dim'],
  passed: ['✓', 'green'],
  skipped: ['-', 'dim'],
};

/** Between a number and its word. */
const NO_BREAK = '\u00a0';

/** About what a terminal shows at once. */
const PAGE_LINES = 24;

/** What is shown one by one: the rest is only counted. */
const SHOWN: readonly Standing[] = ['failed', 'unexpected-pass', 'inconclusive', 'warned', 'known-failure'];

interface Page {
  readonly width: number;
  readonly style: Style;
}

function pageOf({ width = 80, style = (_name, text): string => text }: TextOptions): Page {
  return { width: Math.max(40, width), style };
}

/** The verdict, then what is wrong or in doubt, area by area, with its evidence, and the verdict once more at the end. */
export function reportText(report: Report, options: TextOptions = {}): string {
  assertReport(report, options);
  const page = pageOf(options);
  const areas = outcomesByArea(outcomesOf(report)).flatMap(({ title, outcomes }) => {
    const shown = outcomes.filter(({ standing }) => SHOWN.includes(standing));
    return shown.length === 0
      ? []
      : [page.style('bold', title), '', ...shown.flatMap((one) => outcomeLines(one, page))];
  });
  const head = [...verdictLines(report, page), '', ...factLines(report, page), ''];
  // A reader of a long report sees its end.
  const end = areas.length > PAGE_LINES ? verdictLines(report, page) : [];
  return `${[...head, ...areas, ...end].join('\n').trimEnd()}\n`;
}

/** One line on a result, to be shown as it comes: its mark, the requirement, what is to be said of it, how long it took. */
export function resultLine(result: CheckResult, options: TextOptions = {}): string {
  assertResult(result, options);
  const { width, style } = pageOf(options);
  const { requirement, isRepeated, durationMs } = result;
  const { standing, remark } = outcomeOf(result);
  const [mark, colour] = MARKS[standing];
  const id = `${requirement.id}${isRepeated ? ' (again)' : ''}`;
  const time = `${Math.round(durationMs)} ms`;
  const text = oneLine(standing === 'passed' ? requirement.sentence : remark);
  const room = width - columnsOf(`${mark} ${id}    ${time}`);
  const said = room < 8 ? '' : `  ${truncated(text, room)}`;
  return `${style(colour, mark)} ${id}${style('dim', said)}  ${style('dim', time)}`;
}

function verdictLines(report: Report, { style, width }: Page): readonly string[] {
  const counts = countStandings(outcomesOf(report));
  const numbers = STANDINGS.filter((standing) => counts[standing] > 0).map((standing) =>
    `${counts[standing]} ${wordFor(standing, counts[standing])}`.replaceAll(' ', NO_BREAK),
  );
  const verdict = report.isGood
    ? style('green', `✓ ${headline(report)}.`)
    : wrapped(`✗ ${headline(report)}: ${objections(report).join(', ')}.`, width).map((line) => style('red', line));
  return [
    ...[verdict].flat(),
    ...wrapped(numbers.join(', ') || 'nothing was checked', width).map((line) => line.replaceAll(NO_BREAK, ' ')),
  ];
}

const COMPLAINTS: Readonly<Record<RunFinding['id'], string>> = {
  'run/table': 'Table',
  'run/leftovers': 'Left',
  'run/complete': 'Cut off',
};

function factLines(report: Report, page: Page): readonly string[] {
  const facts = [
    ['Gateway', [deviceText(report), report.location].filter(Boolean).join(' at ')],
    ['Run', runText(report)],
    ...report.swept.map((entry) => ['Removed', `left behind by an earlier run: ${entryText(entry)}`]),
    ...runFindings(report).flatMap(({ id, standing, details }) =>
      standing === 'failed' ? details.map((detail) => [COMPLAINTS[id], detail]) : [],
    ),
    ...notes(report).map((note) => ['Note', note]),
  ];
  return facts.flatMap(([name = '', value = '']) => field(name, value, '', page));
}

function outcomeLines(outcome: SettledOutcome, page: Page): readonly string[] {
  const { result, standing, other } = outcome;
  const { requirement, known } = result;
  const { style, width } = page;
  const [mark, colour] = MARKS[standing];
  const title = `${style(colour, `${mark} ${wordFor(standing)}`)}  ${style('bold', requirement.id)}`;
  return [
    title,
    ...wrapped(oneLine(requirement.sentence), width - 2).map((line) => `  ${line}`),
    ...field('clause', `${requirement.clause} (${LEVELS[requirement.level]})`, '  ', page),
    ...(known === null || outcome.evidence === null
      ? []
      : field('known', `${known.reason} (${known.clause})`, '  ', page)),
    ...(other === null ? [] : [`  ${whenOf(outcome)}:`]),
    ...evidenceLines(outcome, page),
    ...(other === null ? [] : [`  ${whenOf(other)}: ${wordFor(other.standing)}`, ...evidenceLines(other, page)]),
    '',
  ];
}

function evidenceLines({ standing, evidence, remark }: Outcome, page: Page): readonly string[] {
  if (evidence === null) return remark === '' ? [] : field('actual', remark, '  ', page);
  // A known failure is known: what went over the wire has been looked at before.
  const wire = standing === 'known-failure' ? [] : wireLines(evidence.exchanges, LIMITS);
  return [
    ...field('expected', evidence.expected, '  ', page),
    ...field('actual', evidence.actual, '  ', page),
    ...wire.flatMap((line) => wireLine(line, page)),
  ];
}

/** A name, and a text beside it that may need several lines. */
function field(name: string, value: string, indent: string, { width, style }: Page): readonly string[] {
  const margin = `${indent}${name.padEnd(9)} `;
  const lines = wrapped(oneLine(value), width - margin.length);
  return lines.map((line, index) =>
    index === 0 ? `${indent}${style('dim', name.padEnd(9))} ${line}` : `${' '.repeat(margin.length)}${line}`,
  );
}

function wireLine(line: string, { width, style }: Page): readonly string[] {
  const marker = /^[><!] ?/.exec(line)?.[0].trim() ?? '';
  if (marker === '') return [`    ${style('cyan', truncated(line, width - 4))}`];
  const rest = line.slice(marker.length).replace(/^ /, '').replaceAll('\t', '    ');
  return folded(rest, width - 6).map((part) => `    ${style('dim', marker)} ${part}`.trimEnd());
}
