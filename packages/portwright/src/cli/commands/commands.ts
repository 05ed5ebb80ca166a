/** The commands, declared once as data: arguments, options, help. What they do is in files of their names. */
import type { Protocol } from '@portwright/core';
import type { Flags, OptionDeclaration } from '../arguments/option-declaration.ts';
import {
  ALL,
  ANY,
  CLIENT,
  CONFORMANCE_OPTIONS,
  DEFAULT_PROTOCOLS,
  DESCRIPTION,
  FORCE,
  GATEWAY6_OPTIONS,
  gateway6Flags,
  GATEWAY_OPTIONS,
  gatewayFlags,
  JOURNAL,
  KEEP,
  LEASE,
  LOCATION,
  NO_VERIFY,
  TRUST_CONFLICTS,
  PINHOLE_LEASE,
  PINHOLE_PROTOCOL,
  PROTOCOL,
  REMOTE,
  SEARCH_OPTIONS,
  SERVICES,
  searchFlags,
  SIMULATION_OPTIONS,
  timeoutOption,
  WAN_HOST_OPTIONS,
} from '../arguments/options.ts';
import type { ConformanceRequest, MapRequest, PinholeRequest, QueryRequest, Request } from '../arguments/requests.ts';
import { Misuse, readInternalPort, readPinholeId, readPort, readSource } from '../arguments/values.ts';

export interface CommandDeclaration {
  readonly description: string;
  readonly parameters: readonly ParameterDeclaration[];
  readonly options: readonly OptionDeclaration[];
  /** The values are those of the parameters, read. */
  readonly toRequest: (flags: Flags, values: readonly unknown[]) => Request;
  readonly examples?: readonly Example[];
  /** Whether it is about no gateway that could be simulated: help does not offer it then. */
  readonly hidesSimulate?: true;
}

export interface ParameterDeclaration {
  readonly name: string;
  readonly description: string;
  readonly isOptional?: true;
  readonly read: (text: string) => unknown;
}

export type Example = readonly [args: string, what: string];

const PORT: ParameterDeclaration = { name: 'port', description: 'external port, 1 to 65535', read: readPort };
const PINHOLE_ID: ParameterDeclaration = {
  name: 'id',
  description: 'the number that "pinhole add" printed',
  read: readPinholeId,
};

/** In the order of the help. A name of two words is a command of a group. */
export const COMMANDS: Readonly<Record<Request['command'], CommandDeclaration>> = {
  discover: {
    description: 'search the network and show every device that answers',
    parameters: [],
    options: SEARCH_OPTIONS,
    toRequest: (flags) => ({ command: 'discover', ...searchFlags(flags) }),
  },
  ip: query('ip', 'print the external IP address'),
  status: {
    ...query('status', 'show everything the router reports'),
    options: [SERVICES, ...GATEWAY_OPTIONS],
    toRequest: (flags) => ({ command: 'status', ...gatewayFlags(flags), services: flags.services }),
  },
  watch: query('watch', 'show changes on the router until Ctrl-C'),
  list: query('list', 'list the port mappings on the router'),
  map: {
    description: 'open a port to this computer',
    parameters: [
      PORT,
      {
        name: 'internal',
        description: 'port on this computer (default: the external port)',
        isOptional: true,
        read: readInternalPort,
      },
    ],
    options: [PROTOCOL, LEASE, DESCRIPTION, ANY, NO_VERIFY, TRUST_CONFLICTS, KEEP, JOURNAL, ALL, ...GATEWAY_OPTIONS],
    toRequest: mapRequest,
    examples: [
      ['map 7777 --protocol both', 'TCP and UDP, or neither'],
      ['map 7777 --any --keep', 'this or another port, kept open'],
      ['map 443 8443 --lease 7d', 'port 443 to 8443 here, a week'],
      ['map 7777 --all --ipv6', 'on every router, over IPv6 too'],
      ['map 7777 --simulate --json', 'JSON, without a real router'],
    ],
  },
  unmap: {
    description: 'close a port that leads to this computer',
    parameters: [PORT],
    options: [PROTOCOL, FORCE, ...GATEWAY_OPTIONS],
    toRequest: (flags, [port]) => ({
      command: 'unmap',
      ...gatewayFlags(flags),
      port: port as number,
      protocols: protocolsOf(flags),
      force: flags.force === true,
    }),
  },
  'pinhole add': {
    description: 'open a port of this computer in the IPv6 firewall',
    parameters: [{ ...PORT, description: 'port on this computer; the external port is the same' }],
    options: [PINHOLE_PROTOCOL, PINHOLE_LEASE, CLIENT, REMOTE, ...GATEWAY6_OPTIONS],
    toRequest: (flags, [port]) => ({
      command: 'pinhole add',
      ...gateway6Flags(flags),
      port: port as number,
      protocol: flags.protocol === 'UDP' ? 'UDP' : 'TCP',
      leaseSeconds: flags.lease,
      client: flags.client,
      remote: flags.remote,
    }),
    examples: [
      ['pinhole add 8080', 'for everyone'],
      ['pinhole add 22 --remote 2001:db8::7', 'for one host only'],
    ],
  },
  'pinhole update': pinhole('pinhole update', 'renew a pinhole', [PINHOLE_LEASE]),
  'pinhole delete': pinhole('pinhole delete', 'close a pinhole'),
  'pinhole check': pinhole('pinhole check', 'show whether packets have come through a pinhole'),
  'pinhole timeout': {
    description: 'show when idle outgoing connections expire',
    parameters: [{ ...PORT, name: 'port', description: 'port on this computer (default: any)', isOptional: true }],
    options: [PINHOLE_PROTOCOL, CLIENT, REMOTE, ...GATEWAY6_OPTIONS],
    toRequest: (flags, [port]) => ({
      command: 'pinhole timeout',
      ...gateway6Flags(flags),
      protocol: flags.protocol === 'UDP' ? 'UDP' : 'TCP',
      port: port as number | undefined,
      client: flags.client,
      remote: flags.remote,
    }),
  },
  'pinhole list': {
    description: 'show the state of the IPv6 firewall',
    parameters: [],
    options: GATEWAY6_OPTIONS,
    toRequest: (flags) => ({ command: 'pinhole list', ...gateway6Flags(flags) }),
  },
  describe: {
    description: 'explain which services a device description offers',
    parameters: [{ name: 'url or file', description: 'the device description to explain', read: readSource }],
    options: [LOCATION, timeoutOption(3000)],
    toRequest: (flags, [source]) => ({
      command: 'describe',
      simulate: flags.simulate !== undefined,
      source: source as string,
      location: flags.location,
      timeoutMs: flags.timeout,
    }),
  },
  demo: {
    description: 'try Portwright on a simulated router',
    parameters: [],
    options: [],
    toRequest: () => ({ command: 'demo' }),
  },
  simulate: {
    description: 'run a simulated router until Ctrl-C',
    parameters: [],
    options: SIMULATION_OPTIONS,
    hidesSimulate: true,
    toRequest: ({ simulate, list, persona, address, port, seed }) => {
      if (simulate !== undefined) throw new Misuse(SIMULATE_TWICE);
      return { command: 'simulate', list: list === true, persona, address, port, seed };
    },
    examples: [
      ['simulate --list', 'the routers to choose from'],
      ['simulate --address 192.168.1.20', 'for clients on that LAN'],
      ['simulate --json', 'one JSON document per line'],
    ],
  },
  conformance: {
    description: 'check a router against the specification',
    parameters: [],
    options: CONFORMANCE_OPTIONS,
    toRequest: conformanceRequest,
    examples: [
      ['conformance', 'read-only checks'],
      ['conformance --write --report r.html', 'write checks too'],
      ['conformance --simulate igd2 --write', 'a simulated router'],
      ["conformance --list --only 'gena/*'", 'list event checks'],
    ],
  },
  'wan-host': {
    description: "help the conformance command from the router's internet side, until Ctrl-C",
    parameters: [],
    options: WAN_HOST_OPTIONS,
    hidesSimulate: true,
    toRequest: ({ simulate, address, port }) => {
      if (simulate !== undefined) throw new Misuse(NO_SIMULATED_WAN_HOST);
      return { command: 'wan-host', address, port };
    },
  },
};

const SIMULATE_TWICE = 'simulate cannot be used with --simulate: it runs a simulated router already';
const NO_SIMULATED_WAN_HOST = 'wan-host cannot be used with --simulate: a simulated router has a simulated WAN side';

function mapRequest(flags: Flags, [port, internalPort = port]: readonly unknown[]): MapRequest {
  const { keep = false, journal = false, simulate } = flags;
  if (journal && !keep) throw new Misuse('--journal needs --keep: only mappings that are kept open are recorded');
  const protocols = protocolsOf(flags);
  if (flags.all === true && protocols.length > 1) {
    throw new Misuse('--all maps one protocol at a time: run it once with --protocol tcp and once with --protocol udp');
  }
  return {
    command: 'map',
    ...gatewayFlags(flags),
    port: port as number,
    internalPort: internalPort as number,
    protocols,
    leaseSeconds: flags.lease,
    description: flags.description,
    any: flags.any === true,
    verify: flags.verify !== false,
    trustConflicts: flags.trustConflicts === true,
    keep,
    // A simulated gateway is gone with the process, and everything on it.
    journal: journal && simulate === undefined,
    all: flags.all === true,
  };
}

function conformanceRequest(flags: Flags): ConformanceRequest {
  const { write, disruptive, reboot, simulate, list, strict, tap } = flags;
  const { only = [], knownFailures = [], report: reports = [] } = flags;
  if (disruptive === true && write !== true) {
    throw new Misuse('--disruptive needs --write: its checks create mappings');
  }
  if (reboot !== undefined && disruptive !== true) {
    throw new Misuse('--reboot needs --disruptive: a restart interrupts everyone on the network');
  }
  return {
    command: 'conformance',
    // Of every other command it is a switch, which may stand before the command's name.
    simulate: simulate === true ? 'igd2' : simulate,
    gateway: flags.gateway,
    interface: flags.interface,
    timeoutMs: flags.timeout,
    list: list === true,
    write: write === true,
    disruptive: disruptive === true,
    only,
    strict: strict === true,
    knownFailures,
    reports,
    tap: tap === true,
    wanHost: flags.wanHost,
    reboot,
    seed: flags.seed,
  };
}

function query(command: QueryRequest['command'], description: string): CommandDeclaration {
  return {
    description,
    parameters: [],
    options: GATEWAY_OPTIONS,
    toRequest: (flags) => ({ command, ...gatewayFlags(flags) }),
  };
}

function pinhole(
  command: PinholeRequest['command'],
  description: string,
  options: readonly OptionDeclaration[] = [],
): CommandDeclaration {
  return {
    description,
    parameters: [PINHOLE_ID],
    options: [...options, ...GATEWAY6_OPTIONS],
    toRequest: (flags, [id]) => ({
      command,
      ...gateway6Flags(flags),
      id: id as number,
      leaseSeconds: flags.lease,
    }),
  };
}

function protocolsOf({ protocol = DEFAULT_PROTOCOLS }: Flags): readonly Protocol[] {
  return typeof protocol === 'string' ? [protocol] : protocol;
}

/** The command that arguments begin with. */
export function commandIn([first = '', second = '']: readonly string[]): Request['command'] | undefined {
  return [first, `${first} ${second}`].find(isCommand);
}

function isCommand(name: string): name is Request['command'] {
  return Object.hasOwn(COMMANDS, name);
}

/** Groups of commands, and what they are about. */
export const GROUPS: Readonly<Record<string, string>> = { pinhole: 'open ports in the IPv6 firewall' };
