/** What a report is written from, looked at before. */
import { assertArguments, type Check, LIST, OBJECT, options as optionsOf, TEXT } from '@portwright/core/internal';
import type { Report } from '../run/result.ts';

const REPORT: Check = optionsOf({ run: TEXT, results: LIST });

const RESULT: Check = optionsOf({ requirement: OBJECT });

/** @throws PortwrightException (`invalid-argument`) if an argument is not a report, or not options */
export function assertReport(report: Report, options: object = {}): void {
  assertArguments(['report', report, REPORT], ['options', options, optionsOf()]);
}

/** @throws PortwrightException (`invalid-argument`) if an argument is not a result, or not options */
export function assertResult(result: object, options: object): void {
  assertArguments(['result', result, RESULT], ['options', options, optionsOf()]);
}
