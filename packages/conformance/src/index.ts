export { runConformance } from './run/run.ts';
export { type KnownFailure, parseKnownFailures } from './run/known-failures.ts';
export { selection, type Selection } from './run/patterns.ts';
export type { Begun, ConformanceOptions } from './run/options.ts';
export type { GatewayIdentity, Report, RunFacts, TableDifference, Uncompared } from './run/result.ts';
export type { CheckResult, Verdict } from './run/check-result.ts';
export type { Target, TargetError } from './run/target.ts';
export { reportHtml } from './reports/html.ts';
export {
  type BytesDocument,
  type ExchangeDocument,
  reportJson,
  type ReportDocument,
  type RequestDocument,
  type ResponseDocument,
  type ResultDocument,
} from './reports/json.ts';
export type { Standing } from './run/standing.ts';
export { AREA_TITLES } from './reports/outcome.ts';
export { reportJUnit } from './reports/junit.ts';
export { reportTap } from './reports/tap.ts';
export { reportText, resultLine, type Style, type StyleName, type TextOptions } from './reports/text.ts';
export type { RunLedger } from './run/run-ledger.ts';
export { sweep, type Sweep, type SweepOptions } from './run/sweep.ts';
export type { TableEntry } from './bench/mapping-table.ts';
export { REQUIREMENTS } from './checks/requirements.ts';
export type { Area, Feature, Kind, Level, Need, Requirement, RequirementId } from './checks/requirement.ts';
export type { HttpOutcome, WireRecord } from './wire/wire-record.ts';
