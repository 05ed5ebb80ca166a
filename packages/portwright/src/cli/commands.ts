/** The commands as a person has to know them: names, arguments, options. What they do is in files of their names. */
import { Argument, type Option } from 'commander';
import {
  DEFAULT_PROTOCOLS,
  gatewayFlags,
  gatewayOptions,
  option,
  protocolOption,
  searchFlags,
  searchOptions,
  timeoutOption,
  type Flags,
} from './options.ts';
import type { QueryRequest, Request } from './requests.ts';
import { readInternalPort, readLease, readPort, readText, readUrl } from './values.ts';

export interface CommandDeclaration {
  readonly description: string;
  readonly parameters: () => readonly Argument[];
  readonly options: () => readonly Option[];
  /** The values are those of the arguments, read. */
  readonly toRequest: (flags: Flags, values: readonly unknown[]) => Request;
  readonly examples?: readonly Example[];
}

export type Example = readonly [args: string, what: string];

/** In the order of the help. */
export const COMMANDS: Readonly<Record<Request['command'], CommandDeclaration>> = {
  discover: {
    description: 'search, and show every device that answers',
    parameters: () => [],
    options: searchOptions,
    toRequest: (flags) => ({ command: 'discover', ...searchFlags(flags) }),
  },
  ip: query('ip', 'print the external address'),
  status: query('status', 'show the gateway and whether it is on the Internet'),
  list: query('list', 'list the ports that the gateway maps'),
  map: {
    description: 'open a port to this computer',
    parameters: () => [
      port(),
      new Argument('[internal]', 'the port here (default: the same)').argParser(readInternalPort),
    ],
    options: () => [
      protocolOption(),
      option('--lease <seconds>', 'for how long; 0: until unmapped (default: 3600)', readLease),
      option('--description <text>', 'for the list (default: Portwright)', readText('--description')),
      ...gatewayOptions(),
    ],
    toRequest: (flags, [outside, inside]) => ({
      command: 'map',
      ...gatewayFlags(flags),
      port: outside as number,
      internalPort: (inside ?? outside) as number,
      protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
      leaseSeconds: flags.lease,
      description: flags.description,
    }),
    examples: [
      ['map 7777 --protocol both', 'TCP and UDP'],
      ['map 443 8443 --lease 86400', '443 outside, 8443 here, a day'],
      ['map 7777 --simulate --json', 'what a program gets to read'],
    ],
  },
  unmap: {
    description: 'close a port again',
    parameters: () => [port()],
    options: () => [protocolOption(), ...gatewayOptions()],
    toRequest: (flags, [outside]) => ({
      command: 'unmap',
      ...gatewayFlags(flags),
      port: outside as number,
      protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    }),
  },
  describe: {
    description: 'explain a device description: its services, and which opens ports',
    parameters: () => [new Argument('<url or file>', 'where it is').argParser(readText('<url or file>'))],
    options: () => [
      option('--location <url>', 'for a file: the URL that it came from', readUrl('--location')),
      timeoutOption(3000),
    ],
    toRequest: (flags, [source]) => ({
      command: 'describe',
      simulate: flags.simulate === true,
      source: source as string,
      location: flags.location,
      timeoutMs: flags.timeout,
    }),
  },
  demo: {
    description: 'show it all on a simulated gateway',
    parameters: () => [],
    options: () => [],
    toRequest: () => ({ command: 'demo' }),
  },
};

function query(command: QueryRequest['command'], description: string): CommandDeclaration {
  return {
    description,
    parameters: () => [],
    options: gatewayOptions,
    toRequest: (flags) => ({ command, ...gatewayFlags(flags) }),
  };
}

function port(): Argument {
  return new Argument('<port>', 'the port outside, 1 to 65535').argParser(readPort);
}
