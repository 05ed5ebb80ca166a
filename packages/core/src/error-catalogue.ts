/**
 * What a person is told about each error: docs/ERRORS.md is written from this. Its types make the compiler ask for each
 * kind and code. No entry of the package imports it, so that it costs programs nothing.
 */
import type { PortwrightError } from './errors.ts';
import type { PortConflictError, UnconfirmedError } from './mapping/attempts.ts';
import type { LapsedError, ThrownError } from './mapping/keeper/events.ts';
import type { ClosedError } from './mapping/keeper/kept-port.ts';
import type { NotMappedError, NotUnmappedError } from './mapping/types.ts';

/** One code, for people. */
export interface ErrorEntry {
  /** The message, with capitals for what varies. */
  readonly message: string;
  readonly cause: string;
  /** What to do next. */
  readonly next: string;
}

/** One kind, and each of its codes. */
export interface ErrorKind<Code extends string = string> {
  readonly means: string;
  readonly codes: Readonly<Record<Code, ErrorEntry>>;
}

type Any =
  | PortwrightError
  | PortConflictError
  | UnconfirmedError
  | NotMappedError
  | NotUnmappedError
  | LapsedError
  | ThrownError
  | ClosedError;

/** A catalogue of errors that are told apart by kind, then by code. */
export type Catalogue<E extends { readonly kind: string; readonly code: string | number | null }> = {
  readonly [Kind in E['kind']]: ErrorKind<Extract<Extract<E, { readonly kind: Kind }>['code'], string>>;
};

export const ERROR_CATALOGUE: Catalogue<Exclude<Any, { readonly kind: 'upnp-fault' }>> = {
  'invalid-argument': {
    means: 'The caller passed something that cannot be used. Nothing was sent.',
    codes: {
      'out-of-range': {
        message: 'ARGUMENT must be a whole number from MINIMUM to MAXIMUM, not VALUE',
        cause: 'A number is too small, too large, or not whole.',
        next: 'Pass a number in the range that the message gives.',
      },
      'wrong-type': {
        message: 'ARGUMENT must be EXPECTED, not VALUE',
        cause: 'The value is of another kind, such as a transport in the place of options.',
        next: 'Pass what the message names. The hint says what to do about common mistakes.',
      },
      'forbidden-characters': {
        message: 'ARGUMENT must be without control characters, not VALUE',
        cause: 'The text contains characters that could start another header or element.',
        next: 'Remove line breaks and other control characters from the text.',
      },
      'not-an-address': {
        message: 'ARGUMENT must be the IPv4 address of a host, not VALUE',
        cause: 'The text is no IP address, or one that no port can lead to, such as 127.0.0.1.',
        next: 'Pass the address of the host that the port leads to, such as 192.168.1.20.',
      },
      'not-a-url': {
        message: 'ARGUMENT must be an absolute http URL, not VALUE',
        cause: 'The text is no URL, or not one that starts with http://.',
        next: 'Pass a complete URL, such as http://192.168.1.1:5000/rootDesc.xml.',
      },
      missing: {
        message: 'ARGUMENT must be EXPECTED, not undefined',
        cause: 'An argument is missing, or its value is not known on this host.',
        next: 'Pass the argument that the message names.',
      },
      'no-such-service': {
        message: "the router at URL can't open IPv6 pinholes (no WANIPv6FirewallControl)",
        cause: 'The router does not offer this service over UPnP.',
        next: "Open the port in the router's settings, under IPv6 firewall or pinholes.",
      },
    },
  },
  transport: {
    means: 'The network, or the operating system, failed.',
    codes: {
      refused: {
        message: 'SUBJECT: no program listens on that port',
        cause: 'The host exists, but no program listens on that port.',
        next: 'Check the URL. After a restart a router may use another port: search again.',
      },
      reset: {
        message: 'SUBJECT: the other side reset the connection',
        cause: 'The router closed the connection before the answer was complete.',
        next: 'Try again. If it happens each time, restart the router or update its firmware.',
      },
      truncated: {
        message: 'SUBJECT: the connection ended before the response was complete',
        cause: 'The connection ended before the answer was complete.',
        next: 'Try again. If it happens each time, restart the router or update its firmware.',
      },
      unreachable: {
        message: 'SUBJECT: there is no route to that host',
        cause: 'This computer has no route to that address.',
        next: 'Check that this computer is on the network of the router, and that no VPN hides it.',
      },
      timeout: {
        message: 'SUBJECT: no complete answer in time',
        cause: 'The router is slow, busy, or no longer there; a firewall may drop its answers.',
        next: 'Try again with a longer time limit (--timeout, deadlineMs), and check the firewall.',
      },
      aborted: {
        message: 'SUBJECT: aborted by the caller',
        cause: 'The signal that was passed has aborted.',
        next: 'Nothing is wrong. Call again when you want the result.',
      },
      'too-large': {
        message: 'SUBJECT: the message is larger than allowed',
        cause: 'The answer, or the datagram, has more bytes than is allowed.',
        next: 'Check that the URL is that of a router. No router needs this much.',
      },
      'not-http': {
        message: 'SUBJECT: the answer is not HTTP',
        cause: 'Another service listens on that port.',
        next: 'Check the port in the URL.',
      },
      'unsupported-encoding': {
        message: 'SUBJECT: the response has a content coding that the request did not accept',
        cause: 'The device compressed its answer although the request did not allow it.',
        next: 'Update the firmware of the device, or use another one.',
      },
      'http-status': {
        message: 'the device answered HTTP STATUS',
        cause: 'The device refused the request, or does not know the URL.',
        next: "For 401 and 403 allow UPnP port changes in the router's settings; for 404 check the URL.",
      },
      'no-address': {
        message: 'this computer has no FAMILY address',
        cause: 'The network of this computer has no IPv4, or no IPv6.',
        next: 'Connect to a network with that protocol, or use the other one: a mapping needs IPv4, a pinhole IPv6.',
      },
      'address-in-use': {
        message: 'SUBJECT: another program uses the port',
        cause: 'Another program uses that port of this computer.',
        next: 'Close the other program, or use another port (0 lets the system choose).',
      },
      'no-such-interface': {
        message: 'no network interface "NAME" has an IPv4 address',
        cause: 'This computer has no such network interface, or it has no address.',
        next: 'Check the name and the cable. The hint lists the interfaces of this computer.',
      },
      'not-permitted': {
        message: 'SUBJECT: the system does not permit it',
        cause: 'The operating system or a firewall does not let this program use the network so.',
        next: 'Allow the program in the firewall, or give it the permission.',
      },
      failed: {
        message: 'SUBJECT: the system reported an error',
        cause: 'The operating system reported another error; `cause` has its code.',
        next: 'Look up the code of the system, such as EIO. If it makes no sense, report it.',
      },
    },
  },
  malformed: {
    means: 'The peer sent something that cannot be read.',
    codes: {
      datagram: {
        message: 'malformed datagram at WHERE: expected EXPECTED, found "EXCERPT"',
        cause: 'The answer to the search is no SSDP message.',
        next: 'Pass the URL of the router instead of searching (--gateway URL; findMapper: gateway).',
      },
      xml: {
        message: 'malformed xml at LINE: expected well-formed XML, found "EXCERPT"',
        cause: 'The document is cut off or is not XML.',
        next: 'Try again. If it happens each time, update the firmware of the router.',
      },
      description: {
        message: 'malformed description at the root element: expected <root>, found "EXCERPT"',
        cause: 'The document is no UPnP description; it may be a web page.',
        next: 'Check the URL. It must be that of the device description.',
      },
      response: {
        message: 'malformed response at Envelope/Body: expected <ActionResponse>, found "EXCERPT"',
        cause: 'The router answered another question, or not in SOAP.',
        next: 'Try again. If it happens each time, restart the router or update its firmware.',
      },
      empty: {
        message: 'malformed response at the body: expected <ActionResponse>, found nothing',
        cause: 'The router sent an empty answer. It may have carried out the request.',
        next: 'List the mappings to see whether it was done.',
      },
      value: {
        message: 'malformed value at NAME: expected a whole number from 0 to 65535, found "EXCERPT"',
        cause: 'A value in the answer is not of its type.',
        next: 'Update the firmware of the router; report the model if it stays.',
      },
    },
  },
  refusal: {
    means: 'A PCP or NAT-PMP server understood the request and refused it. `retryInSeconds` tells when to ask again.',
    codes: {
      'unsupported-version': {
        message: 'the router does not support this version (PCP 1 UNSUPP_VERSION)',
        cause: 'The router speaks another version of the protocol, mostly NAT-PMP.',
        next: 'Use another protocol: UPnP, PCP or NAT-PMP.',
      },
      'not-authorized': {
        message: 'the router does not allow this device to open ports (PCP 2 NOT_AUTHORIZED)',
        cause: "The router's settings forbid it to this device, or forbid this port.",
        next: "Allow this device to open ports in the router's settings. Ports below 1024 are often refused.",
      },
      'not-understood': {
        message: 'the router could not read the request (PCP 3 MALFORMED_REQUEST)',
        cause: 'The firmware of the router may be faulty.',
        next: 'Restart the router, or update its firmware.',
      },
      unsupported: {
        message: 'the router does not support this request (PCP 4 UNSUPP_OPCODE)',
        cause: 'The router has a part of the protocol only.',
        next: 'Use another protocol: UPnP, PCP or NAT-PMP.',
      },
      'unsupported-option': {
        message: 'the router does not support this option (PCP 5 UNSUPP_OPTION)',
        cause: 'The router cannot be asked for one port and no other.',
        next: 'Let the router choose any free port (--any-port, port: "any").',
      },
      'network-failure': {
        message: 'the router has no public address (PCP 7 NETWORK_FAILURE)',
        cause: 'The router has no connection to the Internet, or no public address.',
        next: "Check the router's Internet connection, and whether it stands behind another router.",
      },
      'no-resources': {
        message: 'the router has no room for another port (PCP 8 NO_RESOURCES)',
        cause: 'The table of the router is full, or it has no public address.',
        next: 'Remove old mappings, and check whether the router stands behind another router.',
      },
      quota: {
        message: 'the router does not allow this device another port (PCP 10 USER_EX_QUOTA)',
        cause: 'The router limits the mappings of each device.',
        next: 'Delete mappings that are not needed, or wait until their leases end.',
      },
      'port-not-available': {
        message: 'the external port is not free (PCP 11 CANNOT_PROVIDE_EXTERNAL)',
        cause: 'Another host has the port, or the router does not permit it. It may have granted another port instead.',
        next: 'Choose another port, or let the router choose any free port.',
      },
      'address-mismatch': {
        message: 'another NAT is between this device and the router (PCP 12 ADDRESS_MISMATCH)',
        cause:
          'The request reached the router from another address: of a container host, a VM host or a second router.',
        next: 'Run the program outside of the container or virtual machine, or connect the computer to that router directly.',
      },
      unknown: {
        message: 'the router refuses it (PCP 14 unknown)',
        cause: 'The result code is in no specification.',
        next: 'Try again. If that fails too, restart the router.',
      },
    },
  },
  policy: {
    means: 'Refused for safety, before a connection was made.',
    codes: {
      'not-http': {
        message: '"URL" is not allowed: it is not an http URL',
        cause: 'Descriptions of routers are fetched over http alone.',
        next: 'Pass a URL that starts with http://.',
      },
      'user-information': {
        message: '"URL" is not allowed: it contains a user name',
        cause: 'The URL contains a user name or a password.',
        next: 'Remove the user name and the password before the @.',
      },
      'host-name': {
        message: '"URL" is not allowed: it has a host name',
        cause: 'The host is a name, so that a name server would decide where the request goes.',
        next: 'Use the IP address of the router, or allow names (allowHostName).',
      },
      'foreign-host': {
        message: '"URL" is not allowed: it leads to another host',
        cause: 'The device names another host than itself.',
        next: 'Pass the URL of the router with its own address (--gateway URL; findMapper: gateway).',
      },
      'public-address': {
        message: '"URL" is not allowed: it has a public address',
        cause: 'A device on the local network names an address on the Internet.',
        next: 'If that is your router, pass its URL (--gateway URL; findMapper: gateway), or search with --any-location.',
      },
      'off-link-address': {
        message: '"URL" is not allowed: its address is not in this network',
        cause: 'The address is on none of the networks of this computer, and is not its default router.',
        next: 'If that is your router, pass its URL (--gateway URL; findMapper: gateway), or search with --any-location.',
      },
      'low-port': {
        message: '"URL" is not allowed: its port is below 1024, and neither 80 nor 443',
        cause: 'A server of another kind may listen there, and anybody on the network can name its port.',
        next: 'If that is your router, pass its URL (--gateway URL; findMapper: gateway), or search with --any-location.',
      },
      'bad-url': {
        message: '"URL" is not allowed: it is not a valid URL',
        cause: 'The text is no URL.',
        next: 'Check the URL for spaces and missing parts.',
      },
      'redirect-refused': {
        message: '"URL" is not allowed: the redirect is not safe',
        cause: 'The device redirects to another host, to a port of another service, or more than once.',
        next: 'Pass the URL that the redirect ends at, if that is your router.',
      },
    },
  },
  'no-gateway': {
    means: 'No router was found that can open ports. `candidates` lists every device that answered, and why it cannot.',
    codes: {
      'no-network': {
        message: 'this computer is not connected to a network',
        cause: 'No network interface has an address, or all are switched off.',
        next: "Connect this computer to the router's network by cable or Wi-Fi, and try again.",
      },
      'no-carrier': {
        message: 'this computer is not connected to a network: INTERFACE has no link',
        cause: 'No cable is plugged in, or the Wi-Fi is not connected.',
        next: "Connect this computer to the router's network by cable or Wi-Fi, and try again.",
      },
      'no-ipv4': {
        message: 'this computer has no IPv4 address',
        cause: 'The network has IPv6 only.',
        next: 'Search over IPv6 (--ipv6, families), and open an IPv6 pinhole (pinhole add, addPinhole).',
      },
      'no-ipv6': {
        message: 'this computer has no IPv6 address',
        cause: 'IPv6 is off on this computer or in the router.',
        next: 'Turn on IPv6 in the router and on this computer, or search over IPv4.',
      },
      'late-answer': {
        message: 'no router answered the search on INTERFACE in time; ADDRESS answered N s after the time was up',
        cause: 'The router is slow or busy.',
        next: 'Search longer (--timeout, timeoutMs).',
      },
      'no-answer': {
        message: 'no device answered the search on INTERFACE (ADDRESS)',
        cause: 'UPnP is off in the router, or a firewall, a VPN or a guest network hides it.',
        next: "Turn on UPnP in the router's settings, check the firewall, or pass --gateway URL.",
      },
      'none-usable': {
        message: 'ADDRESS answered the search, but REASON',
        cause: 'Devices answered, but none of them offers port mappings, or none could be read.',
        next: 'Read the reason of each candidate. If one is your router, restart it or update its firmware.',
      },
    },
  },
  conflict: {
    means: 'An attempt was not made: the port belongs to somebody else.',
    codes: {
      foreign: {
        message: 'PROTOCOL port PORT is already mapped to ADDRESS:PORT',
        cause: 'The router has a mapping of this port to another host or to another program.',
        next: 'Use another port, or allow any port (--any, port: any).',
      },
    },
  },
  unconfirmed: {
    means: 'The router granted the mapping, but its table does not show it.',
    codes: {
      absent: {
        message: 'the router said that PROTOCOL port PORT is mapped, but its table has no such entry',
        cause: 'The table of the router is full, or the router does not do what it says.',
        next: "Remove old mappings in the router's settings, then try again or use another port.",
      },
      unlisted: {
        message: 'the router said that PROTOCOL port PORT is mapped, but its table has no such entry',
        cause: 'The table of the router has always been empty, so it cannot show whether the mapping exists.',
        next: 'Test the port from outside. If nobody can reach it, map another port.',
      },
      foreign: {
        message: 'the router said that PROTOCOL port PORT is mapped, but its table maps it to ADDRESS:PORT',
        cause: 'The router kept or made another mapping than was asked for.',
        next: 'Use another port, or remove that mapping in the settings of the router.',
      },
    },
  },
  'not-mapped': {
    means: 'The port could not be mapped. `attempts` lists each try and why it failed.',
    codes: {
      refused: {
        message: "can't map PROTOCOL port PORT: REASON",
        cause: 'The router refused every attempt; the reason is that of the last one.',
        next: 'Follow the hint. Mostly another port helps, or a permission in the settings of the router.',
      },
      'out-of-time': {
        message: "can't map PROTOCOL port PORT: the time limit was reached",
        cause: 'The router answers too slowly.',
        next: 'Try again with more time (budgetMs). List the mappings first: one may have been made.',
      },
      aborted: {
        message: "can't map PROTOCOL port PORT: aborted",
        cause: 'The signal that was passed has aborted; what had been granted was deleted again.',
        next: 'Nothing is wrong. Call again when you want the port.',
      },
      'double-nat': {
        message:
          "can't map PROTOCOL port PORT: your router stands behind another router: its address ADDRESS is private",
        cause: 'The router has no public address, and refuses every port mapping for that reason.',
        next: 'Connect this computer to the other router, or set one of the two to bridge mode.',
      },
      'no-address': {
        message: "can't map PROTOCOL port PORT: this computer has no IPv4 address",
        cause: 'The network has IPv6 only. A port mapping needs IPv4.',
        next: 'Open an IPv6 pinhole instead (pinhole add, addPinhole).',
      },
      'left-behind': {
        message: "can't map PROTOCOL port PORT: aborted, but the router did not delete the mapping",
        cause: 'The call was aborted after the router made the mapping, and the router did not delete it.',
        next: 'Delete it (portwright unmap, unmapPort), or wait until its lease ends.',
      },
    },
  },
  'not-unmapped': {
    means: 'The mapping was left as it is.',
    codes: {
      'not-own': {
        message: 'PROTOCOL port PORT is mapped to another device, ADDRESS',
        cause: 'Another host made this mapping.',
        next: 'Check the port. To delete it anyway, pass --force or force: true.',
      },
      absent: {
        message: 'PROTOCOL port PORT is not mapped',
        cause: 'There is no such mapping: its lease has ended, or it was never made.',
        next: 'Nothing to do. List the mappings if you expected one.',
      },
      unknown: {
        message: 'PROTOCOL port PORT: REASON',
        cause: 'The router does not tell whose mapping it is.',
        next: 'If it is yours, pass --force or force: true.',
      },
      'no-nonce': {
        message: 'only the program that has mapped PROTOCOL port PORT can delete the mapping (PCP)',
        cause: 'A PCP server deletes a mapping only for a request with the number that its first request had.',
        next: 'Close the program that has mapped the port, or wait until the lease ends: a day at most.',
      },
    },
  },
  lapsed: {
    means: 'A kept mapping: its lease has ended.',
    codes: {
      dropped: {
        message: 'the router no longer maps PROTOCOL port PORT',
        cause: 'The router dropped the mapping without notice, or the computer was suspended longer than the lease.',
        next: 'Nothing: the keeper maps the port again at once.',
      },
      lapsed: {
        message: 'the lease of PROTOCOL port PORT expired',
        cause: 'The router did not answer the renewals in time.',
        next: 'The keeper tries again. If this continues, check the router.',
      },
    },
  },
  thrown: {
    means: 'A kept mapping: a function that was passed has thrown.',
    codes: {
      thrown: {
        message: 'a function passed to the keeper threw: MESSAGE',
        cause: '`find` or `policy` has thrown; `cause` is what it threw.',
        next: 'Correct that function. The keeper tries again meanwhile.',
      },
    },
  },
  closed: {
    means: 'A kept mapping: it was closed.',
    codes: {
      closed: {
        message: 'the mapping was closed before the router granted it',
        cause: 'close() was called, or the signal aborted, before the port was mapped.',
        next: 'Nothing is wrong. Keep the port again if you want it.',
      },
    },
  },
};

/** Faults by their names in the specifications (igd/fault-codes.ts): what each means, and what to do. */
export const FAULT_CATALOGUE: Readonly<Record<string, Omit<ErrorEntry, 'message'>>> = {
  Unknown: {
    cause: 'The code is in no specification, or there was none.',
    next: 'Read the words of the router in the message. Try another port.',
  },
  InvalidAction: {
    cause: 'The router does not have this action.',
    next: 'Do without it: not every router has every action.',
  },
  InvalidArgs: {
    cause: 'The router does not accept the arguments.',
    next: 'Try another port, a shorter description, or a lease of 0.',
  },
  OutOfSync: {
    cause: 'The router refuses the request; some mean that it is forbidden.',
    next: "Allow UPnP port changes in the router's settings.",
  },
  InvalidVar: { cause: 'The router does not know the variable that was asked for.', next: 'Do without it.' },
  ActionFailed: {
    cause: 'The router could not do it; some give no other reason. Its own address may be private.',
    next: 'Check whether the router stands behind another router; then try another port.',
  },
  ArgumentValueInvalid: {
    cause: 'A value is not acceptable.',
    next: 'Try another port, and plain letters in the description.',
  },
  ArgumentValueOutOfRange: {
    cause: 'A number is too small or too large, often the lease.',
    next: 'Ask for a lease of at most 604800 seconds, a week.',
  },
  OptionalActionNotImplemented: { cause: 'The router does not have this optional action.', next: 'Do without it.' },
  OutOfMemory: { cause: 'The router has no memory left.', next: 'Restart the router, or remove old mappings.' },
  HumanInterventionRequired: {
    cause: 'A person has to do something at the router.',
    next: "Open the router's settings and look for a message.",
  },
  StringArgumentTooLong: {
    cause: 'A text is too long for the router, mostly the description.',
    next: 'Use a shorter description.',
  },
  ActionNotAuthorized: {
    cause: 'The router does not let this host change ports.',
    next: "Allow UPnP port changes in the router's settings, on a FRITZ!Box for each host. Ports below 1024 are often refused.",
  },
  InactiveConnectionStateRequired: {
    cause: 'The connection must be down for this.',
    next: 'End the connection first.',
  },
  ConnectionSetupFailed: {
    cause: 'The router could not connect to the Internet.',
    next: 'Check the line and the access data of the router.',
  },
  ConnectionSetupInProgress: { cause: 'The router is connecting.', next: 'Wait some seconds and try again.' },
  ConnectionNotConfigured: {
    cause: 'The connection of the router is not set up.',
    next: "Set up the Internet access in the router's settings.",
  },
  DisconnectInProgress: { cause: 'The router is disconnecting.', next: 'Wait some seconds and try again.' },
  InvalidLayer2Address: { cause: 'The link address is wrong.', next: "Check the connection in the router's settings." },
  InternetAccessDisabled: {
    cause: 'The Internet access is switched off.',
    next: "Switch it on in the router's settings.",
  },
  InvalidConnectionType: {
    cause: 'The connection is of another type.',
    next: 'Use one of the types that the router lists.',
  },
  ConnectionAlreadyTerminated: { cause: 'The connection is down already.', next: 'Nothing to do.' },
  SpecifiedArrayIndexInvalid: {
    cause: 'There is no entry at this index: the list ends before it.',
    next: 'Nothing is wrong: this is how a list ends.',
  },
  NoSuchEntryInArray: { cause: 'There is no such mapping.', next: 'List the mappings; it may have ended.' },
  WildCardNotPermittedInSrcIP: { cause: 'The router wants one remote host, not any.', next: 'Name the remote host.' },
  WildCardNotPermittedInExtPort: {
    cause: 'The router wants one external port, not any.',
    next: 'Name the external port.',
  },
  ConflictInMappingEntry: { cause: 'The port is mapped for another host.', next: 'Choose another port.' },
  SamePortValuesRequired: {
    cause: 'The router maps a port only to the same port.',
    next: 'Use the same internal and external port.',
  },
  OnlyPermanentLeasesSupported: {
    cause: 'The router accepts permanent mappings only.',
    next: 'Ask for a lease of 0, and delete the mapping in the end.',
  },
  RemoteHostOnlySupportsWildcard: {
    cause: 'The router cannot limit a mapping to one remote host.',
    next: 'Leave the remote host empty.',
  },
  ExternalPortOnlySupportsWildcard: {
    cause: 'The router cannot map a single port.',
    next: "Map the port in the router's settings.",
  },
  NoPortMapsAvailable: {
    cause: 'The table of the router is full.',
    next: "Remove old mappings in the router's settings.",
  },
  ConflictWithOtherMechanisms: {
    cause: 'The port is used by another function of the router.',
    next: 'Choose another port.',
  },
  PortMappingNotFound: { cause: 'There is no mapping in that range.', next: 'List the mappings; it may have ended.' },
  ReadOnly: { cause: 'The value cannot be changed.', next: "Change it in the router's settings." },
  WildCardNotPermittedInIntPort: {
    cause: 'The router wants one internal port, not any.',
    next: 'Name the internal port.',
  },
  InconsistentParameters: {
    cause: 'The arguments contradict one another.',
    next: 'Check the range: its end must not be below its start.',
  },
  PinholeSpaceExhausted: {
    cause: 'The IPv6 firewall has no room for another pinhole.',
    next: 'Delete old pinholes, or wait until they end.',
  },
  FirewallDisabled: {
    cause: 'The IPv6 firewall is off, so that no pinhole is needed.',
    next: 'Nothing to do, unless you want the firewall on.',
  },
  InboundPinholeNotAllowed: {
    cause: 'The router does not allow pinholes.',
    next: "Allow them in the router's settings, under IPv6.",
  },
  NoSuchEntry: { cause: 'There is no such pinhole.', next: 'It may have ended; open it again.' },
  ProtocolNotSupported: { cause: 'The firewall does not know this protocol.', next: 'Use TCP or UDP.' },
  InternalPortWildcardingNotAllowed: {
    cause: 'The firewall wants one internal port, not any.',
    next: 'Name the internal port.',
  },
  ProtocolWildcardingNotAllowed: { cause: 'The firewall wants one protocol, not any.', next: 'Name the protocol.' },
  NoTrafficReceived: {
    cause: 'Nothing has come through this pinhole yet, so it is not known whether the pinhole works.',
    next: 'Send something from outside, and ask again.',
  },
  InvalidDeviceUUID: {
    cause: 'The device is not known to the router.',
    next: 'Search again: the router may have restarted.',
  },
  InvalidServiceID: {
    cause: 'The service is not known to the router.',
    next: 'Search again: the router may have restarted.',
  },
  InvalidConnServiceSelection: {
    cause: 'The connection cannot be the default one.',
    next: "Choose it in the router's settings.",
  },
};
