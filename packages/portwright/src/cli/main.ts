import type { Host } from './host.ts';
import type { Outcome } from './outcome.ts';
import type { Parsed } from './parse-arguments.ts';
import { plainRequest } from './plain-arguments.ts';
import { exitStatusOf, type ExitStatus, type Problem } from './problem.ts';
import { showProgress } from './progress.ts';
import { problemText, warningText } from './report.ts';
import { terminalOf } from './terminal.ts';
import { printableJson } from './untrusted.ts';

/** One run of the command line, from its arguments to its exit status. */
export async function main(argv: readonly string[], host: Host): Promise<ExitStatus> {
  const report = wantsJson(argv) ? jsonReport(host) : textReport(host);
  const parsed = await parse(argv, host);
  if (parsed.kind === 'misuse') return report.failed(parsed.error);
  if (parsed.kind === 'shown') return report.shown(parsed.text);
  const hideProgress = report.progress(parsed.request.command);
  const { carryOut } = await import('./carry-out.ts');
  const result = await carryOut(host, parsed.request);
  hideProgress();
  return result.match(report.done, report.failed);
}

async function parse(argv: readonly string[], host: Host): Promise<Parsed> {
  const request = plainRequest(argv);
  if (request !== undefined) return { kind: 'request', request };
  const { parseArguments } = await import('./parse-arguments.ts');
  return parseArguments(argv, host);
}

/** Whether `--json` is among the arguments; asked of them as they stand, since a wrong use is reported so too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** How a run ends: each prints, and returns the exit status. */
interface Report {
  readonly progress: (command: string) => () => void;
  readonly done: (outcome: Outcome) => ExitStatus;
  readonly failed: (problem: Problem) => ExitStatus;
  readonly shown: (text: string) => ExitStatus;
}

/** On stdout, one document and nothing else; on stderr, nothing. */
function jsonReport(host: Host): Report {
  const print = (document: unknown): void => {
    host.stdout.write(`${printableJson(document)}\n`);
  };
  return {
    progress: () => () => undefined,
    done: ({ json, warnings = [], problem }) => {
      const notes = warnings.length === 0 ? {} : { warnings };
      print({ ...json, ...notes, ...(problem === undefined ? {} : { error: problem }) });
      return problem === undefined ? 0 : exitStatusOf(problem);
    },
    failed: (error) => {
      print({ error });
      return exitStatusOf(error);
    },
    shown: (text) => {
      print({ text });
      return 0;
    },
  };
}

/** What was asked for on stdout, and what went wrong on stderr. */
function textReport(host: Host): Report {
  const failed = (problem: Problem): ExitStatus => {
    host.stderr.write(problemText(terminalOf(host.stderr), problem));
    return exitStatusOf(problem);
  };
  return {
    progress: (command) => showProgress(host, command),
    done: ({ text, warnings = [], problem }) => {
      host.stdout.write(text(terminalOf(host.stdout)));
      for (const warning of warnings) host.stderr.write(warningText(terminalOf(host.stderr), warning));
      return problem === undefined ? 0 : failed(problem);
    },
    failed,
    shown: (text) => {
      host.stdout.write(text);
      return 0;
    },
  };
}
