import { carryOut } from './dispatch.ts';
import { diagnosed } from './errors/diagnosis.ts';
import type { Host } from './host.ts';
import type { Event, Outcome } from './output/outcome.ts';
import type { Parsed } from './arguments/parse-arguments.ts';
import {
  exitStatusOf,
  inOwnWords,
  isInterruption,
  type ExitStatus,
  type InternalError,
  type Problem,
} from './errors/problem.ts';
import { NO_PROGRESS, showProgress, type Progress } from './output/progress.ts';
import { problemText, warningText } from './output/report.ts';
import type { Request } from './arguments/requests.ts';
import { terminalOf } from './output/terminal.ts';
import { printableJson } from './output/printable-json.ts';

/**
 * One run of the command line, from its arguments to its exit status.
 *
 * @param understood - what the arguments ask for, where that is plain; else commander reads them
 */
export async function main(argv: readonly string[], host: Host, understood?: Request): Promise<ExitStatus> {
  let request = understood;
  const explain = (problem: Problem): Problem => inOwnWords(diagnosed(problem, request));
  const report = wantsJson(argv) ? jsonReport(host, goesOn(argv) ? 0 : 2, explain) : textReport(host, explain);
  let progress = NO_PROGRESS;
  try {
    const parsed = understood === undefined ? await parse(argv, host) : requested(understood);
    if (parsed.kind === 'misuse') return report.failed(parsed.error);
    if (parsed.kind === 'shown') return report.shown(parsed.text);
    request = parsed.request;
    progress = report.progress(request.command);
    const result = await carryOut(host, request, progress.tell);
    progress.end();
    return await result.match(report.done, (problem) => Promise.resolve(report.failed(problem)));
  } catch (thrown) {
    // Nothing throws here but a mistake of ours. It is reported like any error: a program may be reading.
    progress.end();
    return report.failed(internalError(thrown));
  }
}

const requested = (request: Request): Parsed => ({ kind: 'request', request });

async function parse(argv: readonly string[], host: Host): Promise<Parsed> {
  const { parseArguments } = await import('./arguments/parse-arguments.ts');
  return parseArguments(argv, host);
}

/** Whether `--json` is among the arguments; asked of them as they stand, since a wrong use is reported so too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** A command that goes on prints a document a line; of the others a person may well read the one. */
function goesOn(argv: readonly string[]): boolean {
  return ['simulate', 'watch', 'wan-host', '--keep'].some((word) => argv.includes(word));
}

function internalError(thrown: unknown): InternalError {
  const { message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const hint = 'This is a bug in Portwright. Please report it with the output of the same command and --json.';
  return { kind: 'internal', code: 'exception', message: `internal error: ${message}`, hint, stack };
}

/** Puts an error into the words of this command line. */
type Explain = (problem: Problem) => Problem;

/** How a run ends: each prints, and returns the exit status. */
interface Report {
  readonly progress: (command: string) => Progress;
  readonly done: (outcome: Outcome) => Promise<ExitStatus>;
  readonly failed: (problem: Problem) => ExitStatus;
  readonly shown: (text: string) => ExitStatus;
}

/** On stdout, one document and nothing else, or one a line while a command goes on; on stderr, nothing. */
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

/** What was asked for on stdout, and what went wrong on stderr. */
function textReport(host: Host, explain: Explain): Report {
  const failed = (problem: Problem): ExitStatus => {
    // It was not the person who interrupted it, and why has been told.
    const isTold = isInterruption(problem) && host.unread.aborted;
    if (!isTold) host.stderr.write(problemText(terminalOf(host.stderr), explain(problem)));
    return exitStatusOf(problem);
  };
  const remark = (what: string): void => {
    if (host.stderr.isTTY === true) host.stderr.write(`${what}\n`);
  };
  const show = ({ text }: Event): void => {
    host.stdout.write(text(terminalOf(host.stdout)));
  };
  return {
    progress: (command) => showProgress(host, command),
    done: async (outcome) => {
      let status: ExitStatus = 0;
      for (let now: Outcome | undefined = outcome; now !== undefined; now = await now.afterwards?.()) {
        show(now);
        for (const warning of now.warnings ?? []) host.stderr.write(warningText(terminalOf(host.stderr), warning));
        const problem = now.problem ?? (await now.follow?.(show, remark));
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
