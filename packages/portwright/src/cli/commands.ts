/** The commands, declared once as data: arguments, options, help. What they do is in files of their names. */
import {
  DEFAULT_PROTOCOLS,
  DESCRIPTION,
  GATEWAY_OPTIONS,
  gatewayFlags,
  LEASE,
  LOCATION,
  PROTOCOL,
  SEARCH_OPTIONS,
  searchFlags,
  SIMULATION_OPTIONS,
  timeoutOption,
  type Flags,
  type OptionDeclaration,
} from './options.ts';
import type { QueryRequest, Request } from './requests.ts';
import { readInternalPort, readPort, readText } from './values.ts';

export interface CommandDeclaration {
  readonly description: string;
  readonly parameters: readonly ParameterDeclaration[];
  readonly options: readonly OptionDeclaration[];
  /** The values are those of the parameters, read. */
  readonly toRequest: (flags: Flags, values: readonly unknown[]) => Request;
  readonly examples?: readonly Example[];
}

export interface ParameterDeclaration {
  readonly name: string;
  readonly description: string;
  readonly isOptional?: true;
  readonly read: (text: string) => unknown;
}

export type Example = readonly [args: string, what: string];

const PORT: ParameterDeclaration = { name: 'port', description: 'the port outside, 1 to 65535', read: readPort };

/** In the order of the help. */
export const COMMANDS: Readonly<Record<Request['command'], CommandDeclaration>> = {
  discover: {
    description: 'search, and show every device that answers',
    parameters: [],
    options: SEARCH_OPTIONS,
    toRequest: (flags) => ({ command: 'discover', ...searchFlags(flags) }),
  },
  ip: query('ip', 'print the external address'),
  status: query('status', 'show the gateway and whether it is on the Internet'),
  list: query('list', 'list the ports that the gateway maps'),
  map: {
    description: 'open a port to this computer',
    parameters: [
      PORT,
      { name: 'internal', description: 'the port here (default: the same)', isOptional: true, read: readInternalPort },
    ],
    options: [PROTOCOL, LEASE, DESCRIPTION, ...GATEWAY_OPTIONS],
    toRequest: (flags, [port, internalPort = port]) => ({
      command: 'map',
      ...gatewayFlags(flags),
      port: port as number,
      internalPort: internalPort as number,
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
    parameters: [PORT],
    options: [PROTOCOL, ...GATEWAY_OPTIONS],
    toRequest: (flags, [port]) => ({
      command: 'unmap',
      ...gatewayFlags(flags),
      port: port as number,
      protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    }),
  },
  describe: {
    description: 'explain a device description: its services, and which opens ports',
    parameters: [{ name: 'url or file', description: 'where it is', read: readText('<url or file>') }],
    options: [LOCATION, timeoutOption(3000)],
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
    parameters: [],
    options: [],
    toRequest: () => ({ command: 'demo' }),
  },
  simulate: {
    description: 'be a simulated gateway, for any client, until Ctrl-C',
    parameters: [],
    options: SIMULATION_OPTIONS,
    toRequest: ({ list, persona, address, port, seed }) => ({
      command: 'simulate',
      list: list === true,
      persona,
      address,
      port,
      seed,
    }),
    examples: [
      ['simulate --list', 'the routers there are'],
      ['simulate --address 192.168.1.20', 'for all on that LAN'],
      ['simulate --json', 'a document a line'],
    ],
  },
};

function query(command: QueryRequest['command'], description: string): CommandDeclaration {
  return {
    description,
    parameters: [],
    options: GATEWAY_OPTIONS,
    toRequest: (flags) => ({ command, ...gatewayFlags(flags) }),
  };
}

export function isCommand(name: string): name is Request['command'] {
  return Object.hasOwn(COMMANDS, name);
}
