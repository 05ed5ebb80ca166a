/** The help of the program, of a group and of a command, from their declarations; 80 columns wide. */
import { GROUPS, type Command, type Example } from '../commands/command.ts';
import { COMMANDS } from '../commands/index.ts';
import { wrap } from '../output/width.ts';
import type { Option, Parameter } from './option.ts';
import { GLOBAL_OPTIONS } from './options.ts';

const WIDTH = 80;

type Item = readonly [term: string, description: string];

const VERSION: Item = ['-V, --version', 'print the version (also -v)'];
const HELP: Item = ['-h, --help', 'print this help'];
const HELP_COMMAND: Item = ['help [command]', 'print the help of a command'];

const EXAMPLES: readonly Example[] = [
  ['map 7777', 'open TCP port 7777 for an hour'],
  ['map 7777 --protocol udp', 'UDP, as most games need'],
  ['list', 'show the open ports'],
  ['unmap 7777', 'close TCP port 7777'],
  ['map 7777 --keep', 'keep it open until Ctrl-C'],
  ['demo', 'try it without a router'],
];

interface Page {
  readonly usage: string;
  readonly description: string;
  readonly sections: readonly (readonly [title: string, items: readonly Item[]])[];
  readonly examples: readonly Example[];
}

/** @param topic - a command or a group; default: the program */
export function helpText(topic: string | undefined, invocation: string): string {
  const command = Object.values<Command>(COMMANDS).find(({ name }) => name === topic);
  const { usage, description, sections, examples } =
    command !== undefined ? pageOf(command) : topic !== undefined ? groupPage(topic) : PROGRAM;
  const shown = sections.filter(([, items]) => items.length > 0);
  const termWidth = Math.max(...shown.flatMap(([, items]) => items.map(([term]) => term.length)));
  const parts = [
    `Usage: ${invocation} ${usage}`,
    wrap(description, WIDTH),
    ...shown.map(([title, items]) => [`${title}:`, ...items.map((item) => itemLines(item, termWidth))].join('\n')),
    ...(examples.length === 0 ? [] : [exampleLines(invocation, examples)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

const commands: readonly Command[] = Object.values<Command>(COMMANDS);

const PROGRAM: Page = {
  usage: '[options] [command]',
  description: 'Opens ports on home routers (UPnP IGD).',
  sections: [
    ['Options', [VERSION, ...GLOBAL_OPTIONS.map((option) => optionItem(option, [])), HELP]],
    ['Commands', [...commands.map(commandItem), HELP_COMMAND]],
  ],
  examples: EXAMPLES,
};

function groupPage(group: string): Page {
  return {
    usage: `${group} [options] [command]`,
    description: GROUPS[group] ?? '',
    sections: [
      ['Options', [HELP]],
      ['Global Options', globalItems([])],
      ['Commands', [...commands.filter(({ name }) => name.startsWith(`${group} `)).map(commandItem), HELP_COMMAND]],
    ],
    examples: [],
  };
}

function pageOf({ name, description, parameters, options, examples = [], hidesSimulate }: Command): Page {
  const hidden = [...options.map((one) => one.name), ...(hidesSimulate === true ? ['simulate'] : [])];
  return {
    usage: [name, '[options]', ...parameters.map(usageOf)].join(' '),
    description,
    sections: [
      ['Arguments', parameters.map((one) => [one.name, one.description])],
      ['Options', [...options.map((option) => optionItem(option, options)), HELP]],
      ['Global Options', globalItems(hidden)],
    ],
    examples,
  };
}

function globalItems(hidden: readonly string[]): readonly Item[] {
  return [VERSION, ...GLOBAL_OPTIONS.filter(({ name }) => !hidden.includes(name)).map((one) => optionItem(one, []))];
}

function commandItem({ name, parameters, description }: Command): Item {
  return [[name, ...parameters.map(usageOf)].join(' '), description];
}

function usageOf({ name, isOptional }: Parameter): string {
  return isOptional === true ? `[${name}]` : `<${name}>`;
}

function optionItem(option: Option, beside: readonly Option[]): Item {
  const { name, description, value } = option;
  const term = value === undefined ? `--${name}` : `--${name} <${value.label}>`;
  return [term, description + exclusions(option, beside)];
}

/** `; not with --keep, --gateway`: each of two options says it, whichever declares the conflict. */
function exclusions(one: Option, options: readonly Option[]): string {
  const excludes = (from: Option, other: Option): boolean => from.conflicts?.includes(other.name) === true;
  const names = options.filter((other) => excludes(one, other) || excludes(other, one)).map(({ name }) => `--${name}`);
  return names.length === 0 ? '' : `; not with ${names.join(', ')}`;
}

function itemLines([term, description]: Item, termWidth: number): string {
  const indent = ' '.repeat(termWidth + 4);
  const text = wrap(description, WIDTH - indent.length).replaceAll('\n', `\n${indent}`);
  return `  ${term.padEnd(termWidth)}  ${text}`;
}

function exampleLines(invocation: string, examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([args]) => args.length));
  return `Examples:\n${examples.map(([args, what]) => `  ${invocation} ${args.padEnd(width)}  ${what}`).join('\n')}`;
}
