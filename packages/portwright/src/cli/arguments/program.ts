/** The declared commands and options, as commander has to be told of them. */
import type { EventEmitter } from 'node:events';
import { Argument, Command, CommanderError, Help, Option } from 'commander';
import {
  commandIn,
  COMMANDS,
  GROUPS,
  type CommandDeclaration,
  type Example,
  type ParameterDeclaration,
} from '../commands/commands.ts';
import { flagOf, readValue, type Flags, type OptionDeclaration } from './option-declaration.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import type { Request } from './requests.ts';

const EXAMPLES: readonly Example[] = [
  ['map 7777', 'open TCP port 7777 for an hour'],
  ['map 7777 --protocol udp', 'UDP, as most games need'],
  ['list', 'show the open ports'],
  ['unmap 7777', 'close TCP port 7777'],
  ['map 7777 --keep', 'keep it open until Ctrl-C'],
  ['demo', 'try it without a router'],
];

const GLOBAL_TITLE = 'Global Options:';

export interface ProgramOptions {
  /** What a person types to run it. */
  readonly name: string;
  readonly version: string;
  /** Is told what the arguments come to. */
  readonly choose: (request: Request) => void;
}

export function createProgram({ name, version, choose }: ProgramOptions): Command {
  const program = new Command(name)
    .description('Opens ports on home routers (UPnP IGD).')
    .version(version, '-V, --version', 'print the version (also -v)')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    // Every command has options: to say so at each is no help.
    .configureHelp({ subcommandTerm: usageOf, visibleCommands: inOneList, groupItems: globalLast })
    // An option is its command's to read that it stands behind: there it may mean something else.
    .enablePositionalOptions()
    .addHelpText('after', exampleText(name, EXAMPLES));
  for (const one of GLOBAL_OPTIONS) program.addOption(toOption(one));
  for (const [command, declaration] of Object.entries(COMMANDS)) {
    const added = declare(commandOf(program, command.split(' ')), declaration);
    if (declaration.examples !== undefined) added.addHelpText('after', exampleText(name, declaration.examples));
    added.action(() => {
      choose(declaration.toRequest(flagsOf(added), added.processedArgs));
    });
  }
  addShortVersion(program);
  for (const added of program.commands.flatMap((one) => [one, ...one.commands])) {
    addGlobalOptions(added, version, commandIn([added.name()]));
  }
  return program;
}

/** Commander knows one short flag for an option; many people try -v first. */
function addShortVersion(command: Command): void {
  // Commander's types leave out that it is an emitter.
  const emitter = command as Command & Pick<EventEmitter, 'emit'>;
  command.addOption(new Option('-v').hideHelp()).on('option:v', () => emitter.emit('option:version'));
}

/** A flag of the whole program counts before the command's name and after it. */
function flagsOf(command: Command): Flags {
  return { ...(command.parent === null ? {} : flagsOf(command.parent)), ...command.opts<Flags>() };
}

/** What every command has, but for what it has by that name itself; help shows it apart. */
function addGlobalOptions(command: Command, version: string, name: Request['command'] | undefined): void {
  const own = command.options.map((one) => one.attributeName());
  command.optionsGroup(GLOBAL_TITLE).version(version, '-V, --version', 'print the version (also -v)');
  addShortVersion(command);
  const hidesSimulate = name !== undefined && COMMANDS[name].hidesSimulate === true;
  for (const one of GLOBAL_OPTIONS) {
    if (own.includes(flagOf(one).flag)) continue;
    const option = toOption(one);
    command.addOption(one.name === 'simulate' && hidesSimulate ? option.hideHelp() : option);
  }
}

/** A new command, in its group where it has one. */
function commandOf(program: Command, [first = '', second]: readonly string[]): Command {
  if (second === undefined) return program.command(first);
  const group = program.commands.find((one) => one.name() === first);
  return (group ?? program.command(first).description(GROUPS[first] ?? '')).command(second);
}

function declare(command: Command, { description, parameters, options }: CommandDeclaration): Command {
  command.description(description);
  for (const one of parameters) command.addArgument(toArgument(one));
  for (const one of options) {
    const option = toOption(one);
    option.description += exclusions(one, options);
    command.addOption(option);
  }
  return command;
}

function toArgument({ name, description, isOptional, read }: ParameterDeclaration): Argument {
  return new Argument(isOptional === true ? `[${name}]` : `<${name}>`, description).argParser((text) => read(text));
}

const OPTION_NAMES: ReadonlySet<string> = new Set(
  [...GLOBAL_OPTIONS, ...Object.values(COMMANDS).flatMap(({ options }) => options)].map(({ name }) => `--${name}`),
);

function toOption(declaration: OptionDeclaration): Option {
  const { name, description, value, conflicts = [] } = declaration;
  const option = new Option(value === undefined ? `--${name}` : `--${name} <${value.label}>`, description);
  if (value !== undefined) {
    option.argParser((text, before: unknown) => {
      // Commander takes whatever comes next for the value, and "--interface --json" means something else.
      if (OPTION_NAMES.has(text)) {
        const message = `error: option '${option.flags}' argument missing`;
        throw new CommanderError(1, 'commander.optionMissingArgument', message);
      }
      return readValue(declaration, text, before);
    });
  }
  return option.conflicts([...conflicts]);
}

/** `; not with --keep, --gateway`: those of the same command; each says it, wherever it is declared. */
function exclusions(one: OptionDeclaration, options: readonly OptionDeclaration[]): string {
  const excludes = (from: OptionDeclaration, other: OptionDeclaration): boolean =>
    from.conflicts?.some((flag) => flag === flagOf(other).flag) === true;
  const names = options.filter((other) => excludes(one, other) || excludes(other, one)).map(({ name }) => `--${name}`);
  return names.length === 0 ? '' : `; not with ${names.join(', ')}`;
}

function usageOf(command: Command): string {
  const parameters = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  const { parent } = command;
  const group = parent?.parent == null ? [] : [parent.name()];
  return [...group, command.name(), ...parameters].join(' ');
}

/** What every command has stands behind what is its own. */
const globalLast: Help['groupItems'] = (all, visible, groupOf) => {
  const groups = [...new Help().groupItems(all, visible, groupOf)];
  const isGlobal = ([title]: (typeof groups)[number]): boolean => title === GLOBAL_TITLE;
  return new Map([...groups.filter((group) => !isGlobal(group)), ...groups.filter(isGlobal)]);
};

/** A group is shown as the commands that are in it. */
function inOneList(program: Command): Command[] {
  return new Help().visibleCommands(program).flatMap((one) => (one.commands.length > 0 ? one.commands : [one]));
}

function exampleText(name: string, examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([args]) => args.length));
  return `\nExamples:\n${examples.map(([args, what]) => `  ${name} ${args.padEnd(width)}  ${what}`).join('\n')}`;
}
