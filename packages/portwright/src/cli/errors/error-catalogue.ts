/** The errors of the command line. docs/ERRORS.md is generated from this and from the core's catalogue. */
import type { InternalError, UnknownError, UsageError } from './problem.ts';

interface Entry {
  readonly message: string;
  readonly cause: string;
  readonly next: string;
}

interface Kind<Code extends string> {
  readonly means: string;
  readonly codes: Readonly<Record<Code, Entry>>;
}

type Own = UsageError | UnknownError | InternalError;

type Catalogue = { readonly [Name in Own['kind']]: Kind<Extract<Own, { readonly kind: Name }>['code']> } & {
  /** The codes are the system's. */
  readonly file: Kind<'ENOENT'>;
};

export const COMMAND_LINE_CATALOGUE: Catalogue = {
  usage: {
    means: 'The command line was used wrongly. The exit status is 2.',
    codes: {
      'bad-value': {
        message: 'OPTION must be EXPECTED, not "VALUE"',
        cause: 'The value of an option or argument cannot be used.',
        next: 'Pass a value as the message describes it.',
      },
      'unknown-option': {
        message: "unknown option 'OPTION'",
        cause: 'The command has no such option.',
        next: 'See portwright COMMAND --help for the options.',
      },
      'unknown-command': {
        message: "unknown command 'COMMAND'",
        cause: 'There is no such command.',
        next: 'See portwright --help for the commands.',
      },
      'missing-argument': {
        message: 'no command given',
        cause: 'A command, or one of its arguments, is missing.',
        next: 'See portwright COMMAND --help for what it takes.',
      },
      'extra-argument': {
        message: 'too many arguments',
        cause: 'The command takes fewer arguments.',
        next: 'Remove the extra arguments; put texts with spaces in quotes.',
      },
      conflict: {
        message: 'OPTION cannot be used with OPTION',
        cause: 'Two options contradict one another.',
        next: 'Leave out one of them.',
      },
    },
  },
  unknown: {
    means: 'The router answers, but cannot give the requested value. The exit status is 1.',
    codes: {
      'external-address': {
        message: 'the router reports no external address',
        cause: 'The router is not connected, or does not give its address.',
        next: 'Run portwright status to see its state; check its Internet connection.',
      },
    },
  },
  file: {
    means: 'A file cannot be read or written. `code` is that of the system. The exit status is 1.',
    codes: {
      ENOENT: {
        message: 'PATH: no such file',
        cause: 'The file does not exist, or the system does not let this program use it.',
        next: 'Check the path and the permissions of the file.',
      },
    },
  },
  internal: {
    means: 'A mistake in Portwright itself. The exit status is 1.',
    codes: {
      exception: {
        message: 'internal error: MESSAGE',
        cause: 'Portwright has a bug.',
        next: 'Please report it, with the output of --json.',
      },
    },
  },
};
