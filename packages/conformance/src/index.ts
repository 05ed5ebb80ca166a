export { runConformance } from './run/run.ts';
export type { ConformanceOptions } from './run/options.ts';
export type { CheckResult, Report, TableDifference, Verdict } from './run/result.ts';
export type { Target, TargetError } from './run/target.ts';
export { sweep, type Sweep } from './run/sweep.ts';
export type { TableEntry } from './bench/mapping-table.ts';
export { REQUIREMENTS } from './requirements/all.ts';
export type { Area, Feature, Kind, Level, Need, Requirement, RequirementId } from './requirements/requirement.ts';
export type { HttpOutcome, WireRecord } from './wire/wire-record.ts';
