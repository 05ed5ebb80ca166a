/** `conformance`: whether a gateway does what the specifications say; a real one, or a simulated one. */
import {
  AREA_TITLES,
  reportJson,
  reportTap,
  reportText,
  runConformance,
  type Begun,
  type KnownFailure,
  type Report,
} from '@portwright/conformance';
import { ok, ResultAsync, safeTry } from '@portwright/core/result';
import { readListed, refuseUnwritable, writeReports, type Written } from './conformance/files.ts';
import { listRequirements, refuseUnknownIds } from './conformance/list-requirements.ts';
import { runLedger } from './conformance/run-ledger.ts';
import { standFor, type Stand } from './conformance/environment.ts';
import type { Host } from '../host.ts';
import type { CommandResult, Outcome, Tell } from '../output/outcome.ts';
import type { Problem } from '../errors/problem.ts';
import type { ConformanceRequest } from '../arguments/requests.ts';

export function conformance(host: Host, request: ConformanceRequest, tell: Tell): CommandResult {
  const { list, only, reports } = request;
  return safeTry<Outcome, Problem>(async function* () {
    yield* refuseUnknownIds(only, host.invocation);
    if (list) return listRequirements(only);
    // What is wrong with the files is said before the gateway is asked for anything.
    const knownFailures = yield* await knownFailuresOf(host, request);
    yield* await refuseUnwritable(reports, host.invocation);
    await using stand = yield* await standFor(host, request);
    const report = yield* await run(host, request, stand, knownFailures, tell);
    const written = await writeReports(report, reports);
    return ok(outcome(host, request, report, stand, written));
  });
}

function knownFailuresOf(
  host: Host,
  { knownFailures }: ConformanceRequest,
): ResultAsync<readonly KnownFailure[], Problem> {
  return ResultAsync.combine(knownFailures.map((path) => readListed(path, host.invocation))).map((lists) =>
    lists.flat(),
  );
}

function run(
  host: Host,
  { write, disruptive, only, strict, seed, simulate }: ConformanceRequest,
  { transport, target, secondClient, wanHost, reboot }: Stand,
  knownFailures: readonly KnownFailure[],
  tell: Tell,
): ResultAsync<Report, Problem> {
  const { signal } = host;
  signal.addEventListener('abort', () => {
    const interrupted = write ? TAKING_BACK : 'Interrupted ...';
    tell(interrupted, interrupted);
  });
  return runConformance(transport, target, {
    write,
    disruptive,
    only: only.length === 0 ? undefined : only,
    strict,
    seed,
    startedAt: new Date().toISOString(),
    knownFailures,
    secondClient,
    wanHost,
    reboot,
    // Nobody else has to do with a simulated one.
    ledger: simulate === undefined ? runLedger(host.stateFolder) : undefined,
    signal,
    onCheck: (begun) => {
      tell(progressLine(begun), milestoneOf(begun));
    },
  });
}

/** Said at once: nothing can be said any more when the second Ctrl-C comes. */
const TAKING_BACK = 'Interrupted: deleting its mappings (Ctrl-C again leaves them to the next run)';

/** `[ 37/142] wanip/add-lease  A mapping is made with the lease that was asked for.`. */
function progressLine({ requirement, isRepeated, number, total }: Begun): string {
  const count = `[${String(number).padStart(String(total).length)}/${total}]`;
  return `${count} ${requirement.id}${isRepeated ? ' again' : ''}  ${requirement.sentence}`;
}

/** `Checking WANIPConnection again ...`. */
function milestoneOf({ requirement, isRepeated }: Begun): string {
  const titles: Readonly<Record<string, string>> = AREA_TITLES;
  const area = requirement.id.replace(/\/.*/, '');
  return `Checking ${titles[area] ?? area}${isRepeated ? ' again' : ''} ...`;
}

function outcome(
  host: Host,
  { tap, write }: ConformanceRequest,
  report: Report,
  stand: Stand,
  { paths, problem }: Written,
): Outcome {
  const isInterrupted = report.wasAborted && host.signal.aborted;
  const written = paths.length === 0 ? '' : `\nReports written: ${paths.join(', ')}\n`;
  const takenBack =
    report.leftovers.length === 0 ? '; its mappings are deleted' : '; some of its mappings could not be deleted';
  return {
    json: { ...reportJson(report) },
    text: ({ width, style }) => (tap ? reportTap(report) : `${reportText(report, { width, style })}${written}`),
    warnings: [...stand.warnings(), ...(isInterrupted ? [`The run was interrupted${write ? takenBack : ''}.`] : [])],
    status: isInterrupted ? 130 : report.isGood ? 0 : 1,
    problem,
  };
}
