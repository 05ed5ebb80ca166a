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
import { err, ok, ResultAsync, safeTry } from '@portwright/core/result';
import type { Option, Reader } from '../arguments/option.ts';
import { GATEWAY, INTERFACE, seedOption, timeoutOption } from '../arguments/options.ts';
import { isIpv4, readPortNumber, readText, readUrl } from '../arguments/values.ts';
import type { Problem } from '../errors/problem.ts';
import type { Host } from '../host.ts';
import type { CommandResult, Outcome, ShowProgress } from '../output/outcome.ts';
import { defineCommand, type Context } from './command.ts';
import { environmentFor, type Environment, type EnvironmentRequest } from './conformance/environment.ts';
import { serverIn } from './conformance/server-url.ts';
import {
  readListed,
  refuseUnwritable,
  REPORT_FORMATS,
  writeReports,
  type ReportFile,
  type Written,
} from './conformance/files.ts';
import { listRequirements, refuseUnknownIds } from './conformance/list-requirements.ts';
import { runLedger } from './conformance/run-ledger.ts';
import type { WanHostAddress } from './wan-host/client.ts';

export interface ConformanceRequest extends EnvironmentRequest {
  readonly command: 'conformance';
  /** Lists the requirements, and does nothing else. */
  readonly list: boolean;
  readonly write: boolean;
  readonly disruptive: boolean;
  /** Ids; `*` matches anything. */
  readonly only: readonly string[];
  readonly strict: boolean;
  /** The paths of lists. */
  readonly knownFailures: readonly string[];
  readonly reports: readonly ReportFile[];
  /** The report is printed as TAP. */
  readonly tap: boolean;
  readonly seed?: number | undefined;
}

/** `wanip/*,soap/*`. */
const readIds: Reader<readonly string[]> = (text) => {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id !== '')) return ok(ids);
  return err(`--only must be ids separated by commas, such as wanip/*,soap/*, not "${text}"`);
};

const readReport: Reader<readonly ReportFile[]> = (path) => {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(REPORT_FORMATS, ending) ? REPORT_FORMATS[ending] : undefined;
  if (format !== undefined) return ok([{ path, format }]);
  return err(`--report must be a file name that ends in .html, .json, .xml, .tap or .txt, not "${path}"`);
};

/** `5.5.5.2:4719`. The way there leads through the gateway's NAT, so it is IPv4. */
const readWanHost: Reader<WanHostAddress> = (text) => {
  const [, address = '', port = ''] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  return isIpv4(address)
    ? readPortNumber('the port of --wan-host')(port).map((number) => ({ address, port: number }))
    : err(`--wan-host must be an IPv4 address and a port, such as 5.5.5.2:4719, not "${text}"`);
};

/** The URL of a description, or of a server without UPnP. */
const readGateway: Reader<string> = (text) => (serverIn(text) === null ? readUrl('--gateway')(text) : ok(text));

/** The global `--simulate` is a switch, and may stand before the command's name. */
const SIMULATE: Option<'simulate', string | true> = {
  name: 'simulate',
  description: 'check a simulated router; "portwright simulate --list" shows the names',
  value: { label: 'persona', read: readText('--simulate') },
  conflicts: ['gateway', 'interface', 'timeout', 'wan-host', 'reboot'],
};
const DEFAULT_PERSONA = 'igd2';

export const command = defineCommand({
  name: 'conformance',
  helpOrder: 110,
  description: 'check a router against the specification',
  parameters: [],
  options: [
    {
      name: 'write',
      description: 'also run checks that create and delete mappings; without it, the run changes nothing',
    },
    {
      name: 'disruptive',
      description: 'also run checks that others may notice: all ports open for a moment, a restart; needs --write',
    },
    {
      name: 'only',
      description: 'run only the checks with these ids; * matches anything: wanip/*,soap/*',
      value: { label: 'ids', read: readIds },
      isRepeatable: true,
    },
    { name: 'strict', description: 'treat failed recommendations as failures' },
    {
      name: 'known-failures',
      description: 'failures to ignore, one "id | clause | reason" per line; a listed check that passes is an error',
      value: { label: 'file', read: (text) => readText('--known-failures')(text).map((path) => [path]) },
      isRepeatable: true,
    },
    {
      name: 'report',
      description: 'also write a report; its name must end in .html, .json, .xml (JUnit), .tap or .txt',
      value: { label: 'file', read: readReport },
      isRepeatable: true,
    },
    { name: 'tap', description: 'print the report as TAP', conflicts: ['json'] },
    {
      name: 'list',
      description: 'list the requirements and exit',
      conflicts: ['tap', 'report', 'gateway', 'simulate'],
    },
    SIMULATE,
    {
      ...GATEWAY,
      description: "URL of the router's description, or pcp://ADDRESS for a router without UPnP; skips the search",
      value: { label: 'url', read: readGateway },
      conflicts: ['interface', 'timeout'],
    },
    INTERFACE,
    timeoutOption(2000, 'milliseconds to search'),
    {
      name: 'wan-host',
      description: 'computer on the WAN side of the router that runs "portwright wan-host"',
      value: { label: 'ip:port', read: readWanHost },
    },
    {
      name: 'reboot',
      description: 'shell command that restarts the router; needs --disruptive',
      value: { label: 'command', read: readText('--reboot') },
    },
    seedOption('use the ports and the name of an earlier run with this seed'),
  ],
  refuse: ({ write, disruptive, reboot }) => {
    if (disruptive === true && write !== true) return '--disruptive needs --write: its checks create mappings';
    if (reboot !== undefined && disruptive !== true) {
      return '--reboot needs --disruptive: a restart interrupts everyone on the network';
    }
    return undefined;
  },
  toRequest: (flags): ConformanceRequest => ({
    command: 'conformance',
    simulate: flags.simulate === true ? DEFAULT_PERSONA : flags.simulate,
    gateway: flags.gateway,
    interface: flags.interface,
    timeoutMs: flags.timeout,
    list: flags.list === true,
    write: flags.write === true,
    disruptive: flags.disruptive === true,
    only: flags.only ?? [],
    strict: flags.strict === true,
    knownFailures: flags.knownFailures ?? [],
    reports: flags.report ?? [],
    tap: flags.tap === true,
    wanHost: flags.wanHost,
    reboot: flags.reboot,
    seed: flags.seed,
  }),
  examples: [
    ['conformance', 'read-only checks'],
    ['conformance --write --report r.html', 'write checks too'],
    ['conformance --simulate igd2 --write', 'a simulated router'],
    ["conformance --list --only 'gena/*'", 'list event checks'],
  ],
});

export function run(request: ConformanceRequest, { host, network, showProgress }: Context): CommandResult {
  const { list, only, reports } = request;
  return safeTry<Outcome, Problem>(async function* () {
    yield* refuseUnknownIds(only, host.invocation);
    if (list) return listRequirements(only);
    // A mistake in the files is reported before any request to the gateway.
    const knownFailures = yield* await knownFailuresOf(host, request);
    yield* await refuseUnwritable(reports, host.invocation);
    await using environment = yield* await environmentFor(request, { host, network });
    const report = yield* await check(host, request, environment, knownFailures, showProgress);
    const written = await writeReports(report, reports);
    return ok(outcome(host, request, report, environment, written));
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

function check(
  host: Host,
  { write, disruptive, only, strict, seed, simulate }: ConformanceRequest,
  { transport, target, secondClient, wanHost, reboot }: Environment,
  knownFailures: readonly KnownFailure[],
  showProgress: ShowProgress,
): ResultAsync<Report, Problem> {
  const { signal } = host;
  signal.addEventListener('abort', () => {
    const interrupted = write ? DELETING : 'Interrupted ...';
    showProgress(interrupted, interrupted);
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
    // No other process can reach a simulated one.
    ledger: simulate === undefined ? runLedger(host.stateFolder) : undefined,
    signal,
    onCheck: (begun) => {
      showProgress(progressLine(begun), milestoneOf(begun));
    },
  });
}

/** Shown at once: the second Ctrl-C leaves no time to show anything. */
const DELETING = 'Interrupted: deleting its mappings (Ctrl-C again leaves them to the next run)';

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
  environment: Environment,
  { paths, problem }: Written,
): Outcome {
  const isInterrupted = report.wasAborted && host.signal.aborted;
  const written = paths.length === 0 ? '' : `\nReports written: ${paths.join(', ')}\n`;
  const deletion =
    report.leftovers.length === 0 ? '; its mappings are deleted' : '; some of its mappings could not be deleted';
  return {
    json: { ...reportJson(report) },
    text: ({ width, style }) => (tap ? reportTap(report) : `${reportText(report, { width, style })}${written}`),
    warnings: [
      ...environment.warnings(),
      ...(isInterrupted ? [`The run was interrupted${write ? deletion : ''}.`] : []),
    ],
    status: isInterrupted ? 130 : report.isGood ? 0 : 1,
    problem,
  };
}
