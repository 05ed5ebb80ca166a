import { CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import type { Host } from './host.ts';
import type { UsageError } from './problem.ts';
import { createProgram } from './program.ts';
import type { Request } from './requests.ts';
import { Misuse } from './values.ts';

/** What the arguments come to. */
export type Parsed =
  | { readonly kind: 'request'; readonly request: Request }
  /** Help or the version, which was asked for. */
  | { readonly kind: 'shown'; readonly text: string }
  | { readonly kind: 'misuse'; readonly error: UsageError };

const HELP_WIDTH = 80;

/** Whether `--json` is among the arguments; asked of them as they stand, since a wrong use is reported so too. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}

/** Reads the arguments. It prints nothing, and runs nothing. */
export function parseArguments(argv: readonly string[], { invocation: name, version }: Host): Parsed {
  const only = commandIn(argv);
  let request: Request | undefined;
  let shown = '';
  const program = createProgram({ name, version, only, choose: (chosen) => (request = chosen) });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (shown += text),
      writeErr: () => undefined,
      getOutHelpWidth: () => HELP_WIDTH,
    });
  }
  const misuse = (code: UsageError['code'], message: string): Parsed => {
    const hint = `See: ${[name, ...(only === undefined ? [] : [only]), '--help'].join(' ')}`;
    return { kind: 'misuse', error: { kind: 'usage', code, message, hint } };
  };
  try {
    program.parse(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof Misuse) return misuse(thrown.code, thrown.message);
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (shown !== '') return { kind: 'shown', text: shown };
    return misuse(CODES[thrown.code] ?? 'bad-value', oneLine(thrown.message));
  }
  return request === undefined ? misuse('missing-argument', 'no command given') : { kind: 'request', request };
}

/** The command that is asked for, if the first argument that is no option names one. */
function commandIn(argv: readonly string[]): Request['command'] | undefined {
  const first = argv.find((arg) => !arg.startsWith('-')) ?? '';
  return Object.hasOwn(COMMANDS, first) ? (first as Request['command']) : undefined;
}

const CODES: Readonly<Record<string, UsageError['code']>> = {
  'commander.unknownOption': 'unknown-option',
  'commander.unknownCommand': 'unknown-command',
  'commander.missingArgument': 'missing-argument',
  'commander.optionMissingArgument': 'missing-argument',
  'commander.excessArguments': 'extra-argument',
  'commander.conflictingOption': 'conflict',
  // What commander throws where a program is called without a command: it would print its help.
  'commander.help': 'missing-argument',
};

/** Commander begins with "error: ", and puts its suggestion on a line of its own. */
function oneLine(message: string): string {
  if (message === '(outputHelp)') return 'no command given';
  return message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
}
