import { Command } from 'commander';
import { COMMANDS, type CommandDeclaration, type Example } from './commands.ts';
import type { Flags } from './options.ts';
import type { Request } from './requests.ts';

const EXAMPLES: readonly Example[] = [
  ['map 7777', 'open TCP port 7777 for an hour'],
  ['map 7777 --protocol udp', 'UDP, which most games need'],
  ['list', 'what is open'],
  ['unmap 7777', 'close it'],
  ['demo', 'try it out without a router'],
];

/** What commander reads the arguments with. */
export interface ProgramOptions {
  /** What a person types to run it. */
  readonly name: string;
  readonly version: string;
  /** The only command that is asked for, where that is clear: to declare all of them takes milliseconds. */
  readonly only: Request['command'] | undefined;
  /** Is told what the arguments come to. */
  readonly choose: (request: Request) => void;
}

export function createProgram({ name, version, only, choose }: ProgramOptions): Command {
  const program = new Command(name)
    .description('Opens ports on home routers (UPnP IGD).')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print one JSON document and nothing else, errors too')
    .option('--simulate', 'on a simulated gateway, in memory; each run has a new one')
    // Every command has options: to say so at each is no help.
    .configureHelp({ showGlobalOptions: true, subcommandTerm: usageOf })
    .addHelpText('after', () => exampleText(name, EXAMPLES));
  for (const [command, declaration] of Object.entries(COMMANDS)) {
    if (only === undefined || command === only) program.addCommand(declare(command, declaration));
  }
  return program;

  function declare(
    command: string,
    { description, parameters, options, toRequest, examples }: CommandDeclaration,
  ): Command {
    const declared = program.createCommand(command).copyInheritedSettings(program).description(description);
    for (const one of parameters()) declared.addArgument(one);
    for (const one of options()) declared.addOption(one);
    if (examples !== undefined) declared.addHelpText('after', () => exampleText(name, examples));
    return declared.action(() => {
      // A flag of the whole program counts before the command's name and after it.
      choose(toRequest(declared.optsWithGlobals<Flags>(), declared.processedArgs));
    });
  }
}

function usageOf(command: Command): string {
  const parameters = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  return [command.name(), ...parameters].join(' ');
}

function exampleText(name: string, examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([args]) => args.length));
  return `\nExamples:\n${examples.map(([args, what]) => `  ${name} ${args.padEnd(width)}  ${what}`).join('\n')}`;
}
