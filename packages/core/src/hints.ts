/**
 * The next step for a person, by an error's code. A place that knows the situation better gives a hint of its own. The
 * hints for UPnP error codes are in igd/fault-codes.ts.
 */
import type { MalformedError, PolicyErrorCode, TransportError, TransportErrorCode } from './errors.ts';

export const TRY_AGAIN = 'Try again. If that fails too, restart the router.';
export const OTHER_PROTOCOL = 'Use another protocol: UPnP, PCP or NAT-PMP.';
export const ALLOW_CHANGES = "Allow UPnP port changes in the router's settings.";
/** For a mapping that may still exist on the router. */
export const LEFT_MAPPING = "Delete the mapping in the router's settings, or wait until its lease expires.";
export const FAULTY_ROUTER = 'The firmware may be faulty: restart the router, or update it.';

/** For adapters as well. `aborted` has none, since the caller did that on purpose. */
export const transportHints: Readonly<Partial<Record<TransportErrorCode, string>>> = {
  refused: 'Check the address and port. After a router restart, search for the router again.',
  reset: TRY_AGAIN,
  truncated: TRY_AGAIN,
  unreachable: "Check that this computer is in the router's network. A VPN may block the way.",
  timeout: 'Try again with a longer timeout. If that fails too, restart the router.',
  'too-large': FAULTY_ROUTER,
  'not-http': 'Check the port: another service may use it.',
  'unsupported-encoding': FAULTY_ROUTER,
  'http-status': 'The URL may be out of date: search for the router again.',
  'address-in-use': 'Close the other program that uses this port, or choose another port.',
  'no-such-interface': 'The network may have changed: list the interfaces again.',
  'not-permitted': "Allow this program in the firewall and in the system's privacy settings.",
  failed: 'Look up the system error code, if there is one.',
};

export const malformedHints: Readonly<Record<MalformedError['code'], string>> = {
  datagram: 'Ignore it: other devices may send invalid messages.',
  xml: FAULTY_ROUTER,
  description: "Check that the URL is that of the router's UPnP description.",
  response: FAULTY_ROUTER,
  empty: 'Check first whether the router did it, and only then try again.',
  value: FAULTY_ROUTER,
};

/** An error of an adapter, with the usual hint if the adapter gave none. */
export function withHint(error: TransportError): TransportError {
  return { ...error, hint: error.hint ?? transportHints[error.code] };
}

/** Why a URL is not allowed, and the next step. */
export const policyTexts: Readonly<Record<PolicyErrorCode, readonly [reason: string, hint: string]>> = {
  'not-http': ['it is not an http URL', 'Use a URL that starts with http://.'],
  'user-information': ['it contains a user name', 'Remove everything before the @.'],
  'host-name': ['it has a host name', 'Use the IP address instead of the name.'],
  'foreign-host': [
    'it leads to another host',
    "Update the router's firmware, or pass the URL of its description instead of searching.",
  ],
  'public-address': ['it has a public address', "Use the router's address in the local network."],
  'off-link-address': ['its address is not in this network', "Use the router's address in the local network."],
  'low-port': [
    'its port is below 1024, and neither 80 nor 443',
    'Pass the URL of the description instead of searching, if you trust the device.',
  ],
  'bad-url': ['it is not a valid URL', 'Write it as http://192.168.1.1:5000/rootDesc.xml.'],
  'redirect-refused': ['the redirect is not safe', 'Use the URL to which the router redirects.'],
};
