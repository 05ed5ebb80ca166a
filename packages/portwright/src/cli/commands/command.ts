/** What a command is: its arguments and its help as data, and the function that runs it. */
import type { Flags, Option, Parameter, Values } from '../arguments/option.ts';
import type { GLOBAL_OPTIONS } from '../arguments/options.ts';
import type { Host } from '../host.ts';
import type * as network from '../network/connect.ts';
import type { CommandResult, ShowProgress } from '../output/outcome.ts';

/** What the arguments of any command come to. */
export interface BaseRequest {
  readonly command: string;
}

/**
 * The half of a command that every run needs: the parser and help read it. Its file also exports `run`, which the bundle
 * loads only for this command (scripts/bundle-command-line.mjs).
 */
export interface Command<Request extends BaseRequest = BaseRequest> {
  /** One word, or two for a command of a group ({@link GROUPS}). */
  readonly name: Request['command'];
  /** Help shows the commands in this order. */
  readonly helpOrder: number;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly options: readonly Option[];
  /** Errors: a sentence about options that need one another, or exclude one another in more than their conflicts. */
  readonly refuse?: (flags: GivenFlags) => string | undefined;
  readonly toRequest: (flags: GivenFlags, values: readonly unknown[]) => Request;
  readonly examples?: readonly Example[];
  /** Help leaves out `--simulate`: there is no router that the command could simulate. */
  readonly hidesSimulate?: true;
}

export type Example = readonly [args: string, what: string];

type GivenFlags = Readonly<Record<string, unknown>>;

/** A command's flags: those of its own options, and the global ones that it does not redefine. */
type FlagsOf<Own extends Option> = Flags<Own> & Omit<Flags<(typeof GLOBAL_OPTIONS)[number]>, keyof Flags<Own>>;

interface TypedCommand<All extends readonly Parameter[], Own extends Option, Request extends BaseRequest> extends Omit<
  Command<Request>,
  'parameters' | 'options' | 'refuse' | 'toRequest'
> {
  readonly parameters: All;
  readonly options: readonly Own[];
  readonly refuse?: (flags: FlagsOf<Own>) => string | undefined;
  readonly toRequest: (flags: FlagsOf<Own>, values: Values<All>) => Request;
}

/** Declares a command. The types of its flags and values follow from its options and parameters. */
export function defineCommand<
  const All extends readonly Parameter[],
  const Own extends Option,
  Request extends BaseRequest,
>(command: TypedCommand<All, Own, Request>): Command<Request> {
  // The parser reads flags and values by these very options and parameters.
  return command as unknown as Command<Request>;
}

/** What a command works with. */
export interface Context {
  readonly host: Host;
  readonly showProgress: ShowProgress;
  /** Passed in: a command that imported these functions would carry a copy of them, and of the core, in its chunk. */
  readonly network: typeof network;
}

/** Carries a request out. */
export type Run<Request extends BaseRequest> = (
  request: Request,
  context: Context,
) => CommandResult | Promise<Awaited<CommandResult>>;

/** Groups of commands, and their descriptions. */
export const GROUPS: Readonly<Record<string, string>> = { pinhole: 'open ports in the IPv6 firewall' };
