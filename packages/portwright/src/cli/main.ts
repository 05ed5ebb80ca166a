import type { Result } from '@portwright/core/result';
import type { Parsed } from './arguments/parse-arguments.ts';
import type { Context, Run } from './commands/command.ts';
import { RUNS, type Request } from './commands/index.ts';
import { diagnosed } from './errors/diagnosis.ts';
import { formatForCli } from './errors/format-for-cli.ts';
import { exitStatusOf, isInterruption, type ExitStatus, type InternalError, type Problem } from './errors/problem.ts';
import type { Host } from './host.ts';
import * as network from './network/connect.ts';
import type { Event, Outcome } from './output/outcome.ts';
import { printableJson } from './output/printable-json.ts';
import { NO_PROGRESS, startProgress, type Progress } from './output/progress.ts';
import { problemText, waitingText, warningText } from './output/report.ts';
import { terminalOf } from './output/terminal.ts';

/** One run of the command line, from its arguments to its exit status. */
export async function main(argv: readonly string[], host: Host, parsed: Parsed): Promise<ExitStatus> {
  const request = parsed.kind === 'request' ? parsed.request : undefined;
  const explain = (problem: Problem): Problem => formatForCli(diagnosed(problem, request));
  const report = wantsJson(argv) ? jsonReport(host, keepsRunning(argv) ? 0 : 2, explain) : textReport(host, explain);
  let progress = NO_PROGRESS;
  try {
    switch (parsed.kind) {
      case 'usage-error':
        return report.failed(parsed.error);
      case 'version':
        return report.shown(`${host.version}\n`);
      case 'help': {
        const { helpText } = await import('./arguments/help.ts');
        return report.shown(helpText(parsed.topic, host.invocation));
      }
      case 'request': {
        progress = report.progress(parsed.request.command);
        const result = await dispatch(parsed.request, { host, network, showProgress: progress.show });
        progress.end();
        return await result.match(report.done, (problem) => Promise.resolve(report.failed(problem)));
      }
    }
  } catch (thrown) {
    // Only a bug in this program throws. It is reported like any error, since a program may read the output.
    progress.end();
    return report.failed(internalError(thrown));
  }
}

async function dispatch(request: Request, context: Context): Promise<Result<Outcome, Problem>> {
  const { run } = await RUNS[request.command]();
  // The type of RUNS says that each function takes the request of its command.
  return (run as Run<Request>)(request, context);
}

/** Reads the arguments as they are: wrong use is reported as JSON, too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** A command that keeps running prints one document per line. People may read the document of any other. */
function keepsRunning(argv: readonly string[]): boolean {
  return ['simulate', 'watch', 'wan-host', '--keep'].some((word) => argv.includes(word));
}

function internalError(thrown: unknown): InternalError {
  const { message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const hint = 'This is a bug in Portwright. Please report it with the output of the same command and --json.';
  return { kind: 'internal', code: 'exception', message: `internal error: ${message}`, hint, stack };
}

/** Formats an error for the command line. */
type Explain = (problem: Problem) => Problem;

/** The end of a run. Each function prints, and returns the exit status. */
interface Report {
  readonly progress: (command: string) => Progress;
  readonly done: (outcome: Outcome) => Promise<ExitStatus>;
  readonly failed: (problem: Problem) => ExitStatus;
  readonly shown: (text: string) => ExitStatus;
}

/** Prints one document on stdout, or one per line while a command keeps running. Nothing on stderr. */
function jsonReport(host: Host, indent: number, explain: Explain): Report {
  const print = (document: unknown): void => {
    host.stdout.write(`${printableJson(document, indent)}\n`);
  };
  const failed = (problem: Problem): ExitStatus => {
    print({ error: explain(problem) });
    return exitStatusOf(problem);
  };
  return {
    progress: () => NO_PROGRESS,
    done: async (outcome) => {
      let document: Outcome['json'] = {};
      let status: ExitStatus = 0;
      const warnings: string[] = [];
      const printAll = (more: object): void => {
        print({ ...document, ...(warnings.length === 0 ? {} : { warnings }), ...more });
      };
      for (let now: Outcome | undefined = outcome; now !== undefined; now = await now.afterwards?.()) {
        document = { ...document, ...now.json };
        warnings.push(...(now.warnings ?? []));
        if (now.waiting !== undefined) {
          const { problem, retryInMs } = now.waiting;
          print({ event: 'waiting', at: new Date().toISOString(), error: explain(problem), retryInMs });
        }
        if (now.problem !== undefined) {
          printAll({ error: explain(now.problem) });
          return exitStatusOf(now.problem);
        }
        if (now.follow !== undefined) {
          printAll({});
          const problem = await now.follow(
            (event) => {
              print(event.json);
            },
            () => undefined,
          );
          return problem === undefined ? 0 : failed(problem);
        }
        status = now.status ?? status;
      }
      printAll({});
      return status;
    },
    failed,
    shown: (text) => {
      print({ text });
      return 0;
    },
  };
}

/** Prints results on stdout, and errors on stderr. */
function textReport(host: Host, explain: Explain): Report {
  const failed = (problem: Problem): ExitStatus => {
    // An unwritable stdout interrupted the run, and that has been reported.
    const isReported = isInterruption(problem) && host.unread.aborted;
    if (!isReported) host.stderr.write(problemText(terminalOf(host.stderr), explain(problem)));
    return exitStatusOf(problem);
  };
  const notify = (notice: string): void => {
    if (host.stderr.isTTY === true) host.stderr.write(`${notice}\n`);
  };
  const show = ({ text }: Event): void => {
    host.stdout.write(text(terminalOf(host.stdout)));
  };
  return {
    progress: (command) => startProgress(host, command),
    done: async (outcome) => {
      let status: ExitStatus = 0;
      for (let now: Outcome | undefined = outcome; now !== undefined; now = await now.afterwards?.()) {
        show(now);
        for (const warning of now.warnings ?? []) host.stderr.write(warningText(terminalOf(host.stderr), warning));
        if (now.waiting !== undefined) {
          host.stderr.write(waitingText(terminalOf(host.stderr), explain(now.waiting.problem)));
        }
        const problem = now.problem ?? (await now.follow?.(show, notify));
        if (problem !== undefined) return failed(problem);
        status = now.status ?? status;
      }
      return status;
    },
    failed,
    shown: (text) => {
      host.stdout.write(text);
      return 0;
    },
  };
}
