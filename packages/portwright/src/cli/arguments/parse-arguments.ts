/**
 * The one parser of the command line. node:util's parseArgs splits the words; the declarations of the commands say what
 * they mean. Every run loads this file before the search begins, so it must be small: a library that also writes help
 * (commander) takes longer to load than most commands take to run. Help is a chunk of its own (help.ts).
 */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@portwright/core/result';
import { GROUPS, type Command } from '../commands/command.ts';
import { COMMANDS, type Request } from '../commands/index.ts';
import type { UsageError } from '../errors/problem.ts';
import type { Host } from '../host.ts';
import { flagOf, type Option } from './option.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import { suggestionFor } from './suggestions.ts';

/** What the arguments come to. */
export type Parsed =
  | { readonly kind: 'request'; readonly request: Request }
  /** @property topic - a command, a group, or the whole program */
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'usage-error'; readonly error: UsageError };

/** A usage error without its hint. */
type Mistake = Pick<UsageError, 'code' | 'message'>;
type Flags = Readonly<Record<string, unknown>>;

/** Reads any arguments. It prints nothing and runs nothing. */
export function parseArguments(given: readonly string[], { invocation }: Pick<Host, 'invocation'>): Parsed {
  const argv = helpAsOption(given);
  return parseFrom(argv, argv, [], {}).match(
    (parsed) => parsed,
    (mistake) => {
      const words = argv.filter((word) => !word.startsWith('-'));
      const hint = `See: ${[invocation, topicIn(words), '--help'].filter((part) => part !== undefined).join(' ')}`;
      return { kind: 'usage-error', error: { kind: 'usage', ...mistake, hint } };
    },
  );
}

/** `help pinhole add` and `pinhole help add` mean `pinhole add --help`. */
function helpAsOption(argv: readonly string[]): readonly string[] {
  const words = argv.filter((word) => !word.startsWith('-'));
  const at = Object.hasOwn(GROUPS, words[0] ?? '') ? 1 : 0;
  if (words[at] !== 'help') return argv;
  const options = argv.filter((word) => word.startsWith('-'));
  const rest = words.toSpliced(at, 1);
  const topic = topicIn(rest);
  // A word that names no command is refused as such.
  if (topic === undefined && rest.length > 0) return [...rest, ...options];
  if (topic === rest[0] && rest.length > 1 && Object.hasOwn(GROUPS, topic ?? '')) return [...rest, ...options];
  return [...(topic?.split(' ') ?? []), '--help', ...options];
}

/** The command or the group that words begin with. */
function topicIn(words: readonly string[]): string | undefined {
  return commandIn(words)?.name ?? (Object.hasOwn(GROUPS, words[0] ?? '') ? words[0] : undefined);
}

function commandIn([first = '', second = '']: readonly string[]): Command<Request> | undefined {
  return commandNamed(first) ?? commandNamed(`${first} ${second}`);
}

function commandNamed(name: string): Command<Request> | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name as Request['command']] : undefined;
}

/**
 * Reads the words behind the program's name, a group or a command. An option belongs to the level that it stands behind:
 * `--simulate` is a switch of the program, and takes a value behind `conformance`.
 */
function parseFrom(
  argv: readonly string[],
  words: readonly string[],
  path: readonly string[],
  before: Flags,
): Result<Parsed, Mistake> {
  const topic = path.length === 0 ? undefined : path.join(' ');
  const command = commandNamed(path.join(' '));
  const options = optionsOf(command);
  const children = childrenOf(path);
  return readWords(words, options, children).andThen((read): Result<Parsed, Mistake> => {
    const flags = { ...before, ...read.flags };
    if (read.child !== undefined) return parseFrom(argv, read.child.words, [...path, read.child.name], flags);
    if (read.wantsVersion) return ok({ kind: 'version' });
    if (read.wantsHelp) return ok({ kind: 'help', topic });
    if (command !== undefined) return requestOf(argv, command, read, flags);
    const [word] = read.operands;
    if (word !== undefined) {
      const suggestion = suggestionFor(word, [...children, 'help']);
      return err({ code: 'unknown-command', message: `unknown command '${word}'${suggestion}` });
    }
    if (read.unknown !== undefined) return err(unknownOption(argv, read.unknown, command));
    return err({ code: 'missing-argument', message: 'no command given' });
  });
}

/** A command's own options, and the global ones but for those that it has by the same name. */
export function optionsOf(command: Pick<Command, 'options'> | undefined): readonly Option[] {
  const own = command?.options ?? [];
  return [...own, ...GLOBAL_OPTIONS.filter(({ name }) => !own.some((one) => one.name === name))];
}

/** The words that lead on from the program, or from a group. */
function childrenOf(path: readonly string[]): readonly string[] {
  const paths = Object.keys(COMMANDS).map((name) => name.split(' '));
  return paths
    .filter((names) => names.length > path.length && path.every((name, at) => names[at] === name))
    .flatMap((names) => names.slice(path.length, path.length + 1));
}

interface Words {
  readonly flags: Flags;
  readonly operands: readonly string[];
  /** The first option that this level does not have. */
  readonly unknown: string | undefined;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  /** The group or command that comes next, and the words behind it. */
  readonly child: { readonly name: string; readonly words: readonly string[] } | undefined;
}

function readWords(
  words: readonly string[],
  options: readonly Option[],
  children: readonly string[],
): Result<Words, Mistake> {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
    ),
    strict: false,
    tokens: true,
  });
  const flags: Record<string, unknown> = {};
  const operands: string[] = [];
  let unknown: string | undefined;
  let [wantsHelp, isLiteral, index] = [false, false, -1];
  for (const token of tokens) {
    // parseArgs takes a group of short options apart. Here it is one word.
    if (token.index === index) continue;
    index = token.index;
    const word = words[index] ?? '';
    const option = token.kind === 'option' ? options.find(({ name }) => `--${name}` === token.rawName) : undefined;
    if (token.kind === 'option-terminator') {
      isLiteral = true;
    } else if (token.kind === 'positional' || (children.length === 0 && NEGATIVE_NUMBER.test(word))) {
      if (operands.length === 0 && unknown === undefined && !wantsHelp && children.includes(word)) {
        const rest = words.slice(index + 1);
        const child = { name: word, words: isLiteral ? ['--', ...rest] : rest };
        return ok({ flags, operands, unknown, wantsHelp: false, wantsVersion: false, child });
      }
      if (unknown === undefined) operands.push(word);
    } else if (word === '--version' || /^-[Vv]/.test(word)) {
      return ok({ flags, operands, unknown, wantsHelp: false, wantsVersion: true, child: undefined });
    } else if (word === '--help' || word === '-h') {
      wantsHelp = true;
    } else if (option === undefined || (option.value === undefined && word.includes('='))) {
      unknown ??= word;
    } else {
      // parseArgs takes any next word for the value, but `--interface --json` means something else.
      const isValue = token.inlineValue === true || !isOption(token.value ?? '');
      const value = valueOf(option, isValue ? token.value : undefined, flags);
      if (value.isErr()) return err(value.error);
      flags[flagOf(option).flag] = value.value;
    }
  }
  return ok({ flags, operands, unknown, wantsHelp, wantsVersion: false, child: undefined });
}

/** A word like this is the value of a parameter, and no option. */
const NEGATIVE_NUMBER = /^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/;

function valueOf(option: Option, text: string | undefined, before: Flags): Result<unknown, Mistake> {
  const { name, value, isRepeatable } = option;
  const { flag, switched } = flagOf(option);
  if (value === undefined) return ok(switched);
  if (text === undefined) {
    return err({ code: 'missing-argument', message: `--${name} needs a value: --${name} <${value.label}>` });
  }
  const earlier = isRepeatable === true ? ((before[flag] ?? []) as readonly unknown[]) : [];
  return value
    .read(text)
    .map((read) => (isRepeatable === true ? [...earlier, ...(read as readonly unknown[])] : read))
    .mapErr((message) => ({ code: 'bad-value', message }));
}

function isOption(word: string): boolean {
  return Object.values(COMMANDS).some((command) => optionsOf(command).some(({ name }) => `--${name}` === word));
}

function requestOf(
  argv: readonly string[],
  command: Command<Request>,
  { operands, unknown }: Words,
  flags: Flags,
): Result<Parsed, Mistake> {
  const { name, parameters, refuse, toRequest } = command;
  const conflict = conflictIn(optionsOf(command), flags);
  if (conflict !== undefined) return err({ code: 'conflict', message: conflict });
  if (unknown !== undefined) return err(unknownOption(argv, unknown, command));
  const missing = parameters.find((one, at) => one.isOptional !== true && at >= operands.length);
  if (missing !== undefined) {
    return err({ code: 'missing-argument', message: `missing required argument '${missing.name}'` });
  }
  if (operands.length > parameters.length) {
    const message = `too many arguments for '${name.split(' ').at(-1) ?? name}': expected ${parameters.length}, got ${operands.length}`;
    return err({ code: 'extra-argument', message });
  }
  const values: unknown[] = [];
  for (const [at, text] of operands.entries()) {
    const value = parameters[at]?.read(text);
    if (value?.isErr() === true) return err({ code: 'bad-value', message: value.error });
    values.push(value?.unwrapOr(undefined));
  }
  const refusal = refuse?.(flags);
  if (refusal !== undefined) return err({ code: 'bad-value', message: refusal });
  return ok({ kind: 'request', request: toRequest(flags, values) });
}

function conflictIn(options: readonly Option[], flags: Flags): string | undefined {
  const given = options.filter((option) => flagOf(option).flag in flags);
  for (const { name, conflicts = [] } of given) {
    const other = given.find((one) => conflicts.includes(one.name));
    if (other !== undefined) return `--${name} cannot be used with --${other.name}`;
  }
  return undefined;
}

function unknownOption(argv: readonly string[], word: string, command: Command | undefined): Mistake {
  const visible = optionsOf(command).filter(({ name }) => name !== 'simulate' || command?.hidesSimulate !== true);
  const names = [...visible.map(({ name }) => name), 'help', 'version'].map((name) => `--${name}`);
  const suggestion = word.startsWith('--') ? suggestionFor(word, names) : '';
  return { code: 'unknown-option', message: misplaced(argv, word) ?? `unknown option '${word}'${suggestion}` };
}

/** An option of a command may stand before the command's name. */
function misplaced(argv: readonly string[], word: string): string | undefined {
  const [option = ''] = word.split('=');
  const rest = argv.slice(argv.indexOf(word) + 1);
  const command = rest.map((_, at) => commandIn(rest.slice(at))).find((one) => one !== undefined);
  if (command === undefined || commandIn(argv) === command) return undefined;
  const isKnown = command.options.some(({ name }) => `--${name}` === option);
  return isKnown ? `${option} must come after the command: ${command.name} ... ${option}` : undefined;
}
