/** Hints that name options and commands: the core's hints are for programs that call it. */
import type { InvalidArgumentError, PolicyErrorCode, TransportError, TransportErrorCode } from '@portwright/core';
import { transportHints } from '@portwright/core/internal';
import type { AttemptError, NotMappedError } from '@portwright/core/mapping';
import type { Problem } from './problem.ts';

/** The hint of an error; undefined if the user can do nothing. */
export function nextStep(problem: Problem | AttemptError): string | undefined {
  switch (problem.kind) {
    case 'transport':
      return afterTransportError(problem);
    case 'malformed':
      return problem.hint ?? 'Run the command again. If the error stays, restart the router or update its firmware.';
    case 'policy':
      return POLICY[problem.code];
    case 'upnp-fault':
      return FAULTS[problem.name] ?? problem.hint ?? "Check the UPnP and port settings on the router's own web page.";
    case 'invalid-argument':
      return problem.hint ?? ARGUMENTS[problem.code];
    case 'not-mapped':
      return afterFailedMapping(problem);
    case 'conflict':
      return ANOTHER_PORT;
    case 'unconfirmed':
      return problem.code === 'foreign' ? ANOTHER_PORT : (problem.hint ?? TABLE_FULL);
    default:
      return problem.hint;
  }
}

const ANOTHER_PORT = 'Use another port, or pass --any to let Portwright find a free one.';
const TABLE_FULL = "The router's table may be full: delete old port mappings in its settings.";
const TRY_AGAIN = 'Run the command again. If the error stays, restart the router.';
const CHECK_URL = 'Check the URL. The discover command shows the routers on this network.';
const OTHER_SERVICE =
  'Another program may answer at this address. The discover command shows the routers on this network.';

/** A hint of the core for the situation is better than a general one. The core's general hints are for programs. */
function afterTransportError({ code, hint }: TransportError): string | undefined {
  return hint === undefined || hint === transportHints[code] ? TRANSPORT[code] : hint;
}

const TRANSPORT: Readonly<Record<TransportErrorCode, string | undefined>> = {
  refused: TRY_AGAIN,
  reset: TRY_AGAIN,
  truncated: TRY_AGAIN,
  unreachable: "Check this computer's network connection.",
  timeout: TRY_AGAIN,
  // The user pressed Ctrl-C.
  aborted: undefined,
  'too-large': OTHER_SERVICE,
  'not-http': OTHER_SERVICE,
  'unsupported-encoding': OTHER_SERVICE,
  'http-status': 'Check that UPnP is turned on in the settings of the router, or restart it.',
  'address-in-use': 'Another program uses that port. Stop that program.',
  'no-address': 'Connect this computer to a network with IPv4 and IPv6.',
  'no-such-interface': 'The network may have changed. Run the command again.',
  'not-permitted': "Check this computer's firewall and security software.",
  failed: "Check this computer's network connection, then run the command again.",
};

const POLICY: Readonly<Record<PolicyErrorCode, string>> = {
  'not-http': 'Use a URL that starts with http://.',
  'user-information': 'Remove the user name and the password from the URL.',
  'host-name': 'Use an IP address in the URL, such as http://192.168.1.1:5000/rootDesc.xml.',
  'foreign-host': 'The device names an address that is not its own. Update its firmware.',
  'public-address': 'Use a router on the local network.',
  'off-link-address': 'Use a router on the local network.',
  'low-port': 'If you trust the device, pass --any-location, or the URL of its description with --gateway.',
  'bad-url': CHECK_URL,
  'redirect-refused': 'Use the URL that the router redirects to.',
};

/** By the name of the code in the specification. */
const FAULTS: Readonly<Record<string, string>> = {
  ArgumentValueOutOfRange: 'The longest --lease is 7d (604800 seconds), of a pinhole 1d (86400 seconds).',
  StringArgumentTooLong: 'Use a shorter --description: routers take at most 256 characters, many fewer.',
  ConflictInMappingEntry: ANOTHER_PORT,
  ConflictWithOtherMechanisms: ANOTHER_PORT,
  NoSuchEntryInArray: 'The list command shows the mapped ports.',
  PortMappingNotFound: 'The list command shows the mapped ports.',
  OnlyPermanentLeasesSupported: 'Pass --lease 0 to map the port permanently.',
  SamePortValuesRequired: 'This router needs the same port on both sides: leave out the internal port.',
  FirewallDisabled: "The router's IPv6 firewall is off, so no pinhole is needed.",
  InboundPinholeNotAllowed: "Allow IPv6 pinholes or IPv6 port sharing in the router's settings.",
  NoSuchEntry: 'The pinhole may have expired. Open a new one with the "pinhole add" command.',
  PinholeSpaceExhausted: 'Close a pinhole with the "pinhole delete" command, or restart the router.',
  ProtocolNotSupported: 'Pass another --protocol.',
};

const ARGUMENTS: Readonly<Record<InvalidArgumentError['code'], string>> = {
  'out-of-range': 'The --help option shows the allowed values.',
  'wrong-type': 'The --help option shows the allowed values.',
  'forbidden-characters': 'Remove line breaks and other control characters.',
  'not-an-address': 'The --help option shows the allowed values.',
  'not-a-url': 'Use a URL that starts with http://.',
  missing: 'The --help option shows the options of the command.',
  'no-such-service': "The router does not offer this. Look for it in the router's settings.",
};

function afterFailedMapping({ code, attempts, hint }: NotMappedError): string | undefined {
  const last = attempts.at(-1)?.error;
  switch (code) {
    case 'refused':
      return (last && nextStep(last)) ?? hint;
    case 'out-of-time':
      return 'The router answers slowly or not at all. Run the command again, or restart the router.';
    case 'left-behind':
      return 'Unmap it with the unmap command.';
    case 'double-nat':
    case 'no-address':
      return hint;
    case 'aborted':
      return undefined;
  }
}

/** The core's arguments, and their names on the command line. */
const NAMES: Readonly<Record<string, string>> = {
  description: '--description',
  externalPort: 'the port',
  id: 'the id',
  interface: '--interface',
  internalPort: 'the internal port',
  leaseSeconds: '--lease',
  protocol: '--protocol',
  remoteHost: '--remote',
  remotePort: 'the port in --remote',
  timeoutMs: '--timeout',
};

/** The message, with the name of the option instead of the core's argument. */
export function namingOption({ argument, message }: InvalidArgumentError): string {
  const name = NAMES[argument];
  return name !== undefined && message.startsWith(`${argument} `) ? name + message.slice(argument.length) : message;
}
