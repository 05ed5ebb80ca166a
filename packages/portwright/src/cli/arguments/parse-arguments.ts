import { CommanderError, type Command } from 'commander';
import { commandIn, COMMANDS, GROUPS } from '../commands/commands.ts';
import type { Host } from '../host.ts';
import type { UsageError } from '../errors/problem.ts';
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

/** Reads any arguments. It prints nothing, and runs nothing. */
export function parseArguments(given: readonly string[], { invocation, version }: Host): Parsed {
  const argv = withoutHelp(given);
  let request: Request | undefined;
  let shown = '';
  const program = createProgram({ name: invocation, version, choose: (chosen) => (request = chosen) });
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (shown += text),
      writeErr: () => undefined,
      getOutHelpWidth: () => HELP_WIDTH,
    });
  }
  const misuse = (code: UsageError['code'], message: string): Parsed => {
    const words = argv.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const command = commandIn(words) ?? (Object.hasOwn(GROUPS, first) ? first : undefined);
    const hint = `See: ${[invocation, ...(command === undefined ? [] : [command]), '--help'].join(' ')}`;
    return { kind: 'misuse', error: { kind: 'usage', code, message, hint } };
  };
  try {
    program.parse(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof Misuse) return misuse('bad-value', thrown.message);
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (shown !== '') return { kind: 'shown', text: shown };
    return misuse(CODES[thrown.code] ?? 'bad-value', plainly(thrown, argv));
  }
  return request === undefined ? misuse('missing-argument', 'no command given') : { kind: 'request', request };
}

/**
 * `help pinhole add` is `pinhole add --help`: commander's own knows only the first word, and has nothing to say where that
 * is no command; the words by themselves are refused with its guess at what is meant.
 */
function withoutHelp(argv: readonly string[]): readonly string[] {
  const [first, ...words] = argv.filter((arg) => !arg.startsWith('-'));
  if (first !== 'help') return argv;
  const options = argv.filter((arg) => arg.startsWith('-'));
  const [group = ''] = words;
  const isGroup = words.length === 1 && Object.hasOwn(GROUPS, group);
  const command = commandIn(words) ?? (isGroup ? group : undefined);
  if (command === undefined && words.length > 0) return [...words, ...options];
  return [...(command?.split(' ') ?? []), ...options, '--help'];
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
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

/** Commander's message on one line, in the words of this command line. */
function plainly({ code, message }: CommanderError, argv: readonly string[]): string {
  if (message === '(outputHelp)') return 'no command given';
  // Commander begins with "error: ", ends some messages with a period, and puts its suggestion on a line of its own.
  const line = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  switch (code) {
    case 'commander.unknownOption':
      return misplaced(line, argv) ?? line;
    case 'commander.optionMissingArgument':
      return line.replace(/^option '(\S+) (.*)' argument missing$/, '$1 needs a value: $1 $2');
    case 'commander.conflictingOption':
      return line.replaceAll(/option '(--[\w-]+)[^']*'/g, '$1');
    case 'commander.excessArguments':
      return line.replace(/\. Expected (\d+) arguments? but got (\d+)$/, ': expected $1, got $2');
    default:
      return line;
  }
}

/** For an option of a command that stands before the command's name. */
function misplaced(message: string, argv: readonly string[]): string | undefined {
  const option = /^unknown option '(--[\w-]+)/.exec(message)?.[1];
  const at = argv.findIndex((word) => word === option || word.startsWith(`${option ?? ''}=`));
  const rest = argv.slice(at + 1);
  const command = rest.map((_, index) => commandIn(rest.slice(index))).find((name) => name !== undefined);
  if (option === undefined || command === undefined || commandIn(argv) === command) return undefined;
  const isKnown = COMMANDS[command].options.some(({ name }) => `--${name}` === option);
  return isKnown ? `${option} must come after the command: ${command} ... ${option}` : undefined;
}
