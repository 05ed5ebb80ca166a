/** The declared commands and options, as commander has to be told of them. */
import { Argument, Command, Help, Option } from 'commander';
import { COMMANDS, GROUPS, type CommandDeclaration, type Example, type ParameterDeclaration } from './commands.ts';
import { GLOBAL_OPTIONS, type Flags, type OptionDeclaration } from './options.ts';
import type { Request } from './requests.ts';

const EXAMPLES: readonly Example[] = [
  ['map 7777', 'open TCP port 7777 for an hour'],
  ['map 7777 --protocol udp', 'UDP, which most games need'],
  ['list', 'what is open'],
  ['unmap 7777', 'close it'],
  ['map 7777 --keep', 'open it for as long as this runs'],
  ['demo', 'try it out without a router'],
];

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
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    // Every command has options: to say so at each is no help.
    .configureHelp({ showGlobalOptions: true, subcommandTerm: usageOf, visibleCommands: inOneList })
    .addHelpText('after', exampleText(name, EXAMPLES));
  for (const one of GLOBAL_OPTIONS) program.addOption(toOption(one));
  for (const [command, declaration] of Object.entries(COMMANDS)) {
    const added = declare(commandOf(program, command.split(' ')), declaration);
    if (declaration.examples !== undefined) added.addHelpText('after', exampleText(name, declaration.examples));
    added.action(() => {
      // A flag of the whole program counts before the command's name and after it.
      choose(declaration.toRequest(added.optsWithGlobals<Flags>(), added.processedArgs));
    });
  }
  return program;
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
  for (const one of options) command.addOption(toOption(one));
  return command;
}

function toArgument({ name, description, isOptional, read }: ParameterDeclaration): Argument {
  return new Argument(isOptional === true ? `[${name}]` : `<${name}>`, description).argParser((text) => read(text));
}

function toOption({ name, description, value, conflicts }: OptionDeclaration): Option {
  if (value === undefined) return new Option(`--${name}`, description);
  const option = new Option(`--${name} <${value.label}>`, description).argParser((text) => value.read(text));
  return conflicts === undefined ? option : option.conflicts([...conflicts]);
}

function usageOf(command: Command): string {
  const parameters = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  const { parent } = command;
  const group = parent?.parent == null ? [] : [parent.name()];
  return [...group, command.name(), ...parameters].join(' ');
}

/** A group is shown as the commands that are in it. */
function inOneList(program: Command): Command[] {
  return new Help().visibleCommands(program).flatMap((one) => (one.commands.length > 0 ? one.commands : [one]));
}

function exampleText(name: string, examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([args]) => args.length));
  return `\nExamples:\n${examples.map(([args, what]) => `  ${name} ${args.padEnd(width)}  ${what}`).join('\n')}`;
}
