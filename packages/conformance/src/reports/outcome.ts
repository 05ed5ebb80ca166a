/** What a result means for the run, judged once for all formats. */
import { entryText } from '../bench/mapping-table.ts';
import type { Area } from '../checks/requirement.ts';
import type { Report, RunFacts, Uncompared } from '../run/result.ts';
import type { CheckResult } from '../run/check-result.ts';
import { settle, type Standing, standingOf } from '../run/standing.ts';
import type { WireRecord } from '../wire/wire-record.ts';

export { type Standing, STANDINGS } from '../run/standing.ts';

const WORDS: Readonly<Record<Standing, readonly [one: string, many: string]>> = {
  failed: ['failed', 'failed'],
  'unexpected-pass': ['unexpected pass', 'unexpected passes'],
  inconclusive: ['inconclusive', 'inconclusive'],
  warned: ['warning', 'warnings'],
  'known-failure': ['known failure', 'known failures'],
  passed: ['passed', 'passed'],
  skipped: ['skipped', 'skipped'],
};

/** For people. */
export function wordFor(standing: Standing, count = 1): string {
  const [one, many] = WORDS[standing];
  return count === 1 ? one : many;
}

export interface Evidence {
  readonly expected: string;
  readonly actual: string;
  readonly exchanges: readonly WireRecord[];
}

export interface Outcome {
  readonly result: CheckResult;
  readonly standing: Standing;
  /** The requirement's id. */
  readonly key: string;
  /** Null: it passed. */
  readonly evidence: Evidence | null;
  /** What is to be said of it in a few words; empty: nothing. */
  readonly remark: string;
}

/** What came of a requirement, and what else came of it: before the writes or after them, where it came out otherwise. */
export interface SettledOutcome extends Outcome {
  readonly other: Outcome | null;
}

/** One for each requirement, in the order in which they were checked. */
export function outcomesOf({ results }: Report): readonly SettledOutcome[] {
  return settle(results).map(({ result, other }) => ({
    ...outcomeOf(result),
    other: other === null ? null : outcomeOf(other),
  }));
}

export function outcomeOf(result: CheckResult): Outcome {
  const { requirement, known } = result;
  const standing = standingOf(result);
  const key = requirement.id;
  if (result.verdict === 'pass') {
    const remark = known === null ? '' : `it passes, but is listed as a known failure (${known.reason})`;
    return { result, standing, key, evidence: null, remark };
  }
  const { expected, actual, exchanges } = result;
  const seen = standing === 'skipped' ? `${expected}: ${actual}` : `expected ${expected}, saw ${actual}`;
  const remark = standing === 'known-failure' && known !== null ? `${known.reason} (${known.clause})` : seen;
  return { result, standing, key, evidence: { expected, actual, exchanges }, remark };
}

/** When it came out so, where it did not both times. */
export function whenOf({ result }: Outcome): string {
  return result.isRepeated ? 'after the writes' : 'before the writes';
}

export interface AreaOutcomes {
  readonly area: Area;
  readonly title: string;
  readonly outcomes: readonly SettledOutcome[];
}

/** What each area is called, in the order of the specifications. */
export const AREA_TITLES: Readonly<Record<Area, string>> = {
  ssdp: 'Discovery (SSDP)',
  desc: 'Device description',
  scpd: 'Service descriptions (SCPD)',
  soap: 'Control (SOAP)',
  gena: 'Eventing (GENA)',
  wanip: 'WANIPConnection',
  wanip2: 'WANIPConnection:2',
  wanppp: 'WANPPPConnection',
  wancic: 'WANCommonInterfaceConfig',
  v6fw: 'WANIPv6FirewallControl',
  l3f: 'Layer3Forwarding',
  pcp: 'Port Control Protocol (PCP)',
  'nat-pmp': 'NAT Port Mapping Protocol (NAT-PMP)',
};

/** By area, in the order of the specifications; those of which nothing was checked are left out. */
export function outcomesByArea(all: readonly SettledOutcome[]): readonly AreaOutcomes[] {
  const areas = Object.entries(AREA_TITLES) as readonly [Area, string][];
  return areas
    .map(([area, title]) => ({
      area,
      title,
      outcomes: all.filter(({ key }) => key.startsWith(`${area}/`)),
    }))
    .filter(({ outcomes }) => outcomes.length > 0);
}

export function countStandings(outcomes: readonly Pick<Outcome, 'standing'>[]): Readonly<Record<Standing, number>> {
  const count = (standing: Standing): number => outcomes.filter((outcome) => outcome.standing === standing).length;
  return {
    failed: count('failed'),
    'unexpected-pass': count('unexpected-pass'),
    inconclusive: count('inconclusive'),
    warned: count('warned'),
    'known-failure': count('known-failure'),
    passed: count('passed'),
    skipped: count('skipped'),
  };
}

/** What has to be so of the run itself, whatever was checked. */
export interface RunFinding {
  readonly id: 'run/table' | 'run/leftovers' | 'run/complete';
  readonly sentence: string;
  readonly standing: 'passed' | 'failed' | 'skipped';
  /** What speaks against it, or why it was not looked at. */
  readonly details: readonly string[];
}

const REASONS: Readonly<Record<Uncompared, string>> = {
  unwritten: 'nothing was written',
  unreadable: 'it could not be read completely',
  lost: 'it could be read completely before the run, but not after it',
};

export function runFindings({ table, uncompared, leftovers, wasAborted }: Report): readonly RunFinding[] {
  const differences = [
    ...(uncompared === null ? [] : [REASONS[uncompared]]),
    ...(table?.missing ?? []).map((entry) => `no longer there: ${entryText(entry)}`),
    ...(table?.extra ?? []).map((entry) => `new: ${entryText(entry)}`),
  ];
  const standing = (isGood: boolean): 'passed' | 'failed' => (isGood ? 'passed' : 'failed');
  const isKnown = table !== null || uncompared === 'lost';
  return [
    {
      id: 'run/table',
      sentence: 'The run did not change the mapping table.',
      standing: isKnown ? standing(differences.length === 0) : 'skipped',
      details: differences,
    },
    {
      id: 'run/leftovers',
      sentence: 'The run left nothing on the gateway.',
      standing: standing(leftovers.length === 0),
      details: leftovers,
    },
    {
      id: 'run/complete',
      sentence: 'The run checked everything.',
      standing: standing(!wasAborted),
      details: wasAborted ? ['the run ended early: it was aborted, or its time was up'] : [],
    },
  ];
}

/** Why a report is not good, in a few words each; none where it is. */
export function objections(report: Report): readonly string[] {
  const counts = countStandings(outcomesOf(report));
  const { missing, extra } = report.table ?? { missing: [], extra: [] };
  const isTableLost = report.uncompared === 'lost';
  return [
    ...(report.counts.pass === 0 && !report.wasAborted ? ['no check passed'] : []),
    ...(counts.failed > 0 ? [counted(counts.failed, 'failure')] : []),
    ...(counts['unexpected-pass'] > 0
      ? [`${counts['unexpected-pass']} ${wordFor('unexpected-pass', counts['unexpected-pass'])}`]
      : []),
    ...(missing.length + extra.length > 0 ? ['the run changed the mapping table'] : []),
    ...(isTableLost ? ['the mapping table can no longer be read'] : []),
    ...(report.leftovers.length > 0 ? [`${counted(report.leftovers.length, 'thing')} left behind`] : []),
    ...(report.wasAborted ? ['the run is incomplete'] : []),
  ];
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the gateway says it is; empty: nothing. */
export function deviceText({ device }: RunFacts): string {
  if (device === null) return '';
  const { friendlyName, manufacturer, modelName, modelNumber } = device;
  const model = [manufacturer, modelName, modelNumber].filter(Boolean).join(' ');
  return [friendlyName ?? '', model === '' ? '' : `(${model})`].filter(Boolean).join(' ');
}

/** What the run was allowed and told, and the seed that gives the same one. */
export function runText({ run, seed, write, disruptive, strict, only, startedAt }: RunFacts): string {
  const how = [
    write ? 'with writes' : 'reads only',
    ...(disruptive ? ['disruptive'] : []),
    ...(strict ? ['strict'] : []),
    ...(only === null ? [] : [`only ${only.join(', ')}`]),
    `seed ${seed}`,
  ];
  return `${run}${startedAt === null ? '' : `, ${startedAt}`}: ${how.join(', ')}`;
}

/** What is worth knowing, and nobody's mistake. */
export function notes({ table, uncompared }: Report): readonly string[] {
  return [
    ...(uncompared === 'unreadable'
      ? ['the mapping table could not be read completely, so the run can’t tell whether it changed']
      : []),
    ...(table?.others ?? []).map((entry) => `mapped by another program during the run: ${entryText(entry)}`),
  ];
}

/** The verdict in a sentence. */
export function headline(report: Report): string {
  const { inconclusive } = countStandings(outcomesOf(report));
  if (report.isGood) {
    return inconclusive === 0 && report.uncompared !== 'unreadable'
      ? 'The gateway conforms'
      : 'The gateway conforms, as far as the run could check';
  }
  const isCutOff = report.wasAborted && objections(report).length === 1;
  return isCutOff ? 'No verdict' : 'The gateway does not conform';
}
