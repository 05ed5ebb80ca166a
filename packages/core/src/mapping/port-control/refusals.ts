/** What a refusal of a PCP or NAT-PMP server means, for people. */
import type { RefusalCode, RefusalError } from '../../errors.ts';
import { FAULTY_ROUTER, OTHER_PROTOCOL, TRY_AGAIN } from '../../hints.ts';
import type { PcpResult } from '../../pcp/results.ts';
import { refusalSeconds } from './lifetimes.ts';

const HINTS: Readonly<Record<RefusalCode, string>> = {
  'unsupported-version': OTHER_PROTOCOL,
  'not-authorized': "Allow this device to open ports in the router's settings. Ports below 1024 are often refused.",
  'not-understood': FAULTY_ROUTER,
  unsupported: OTHER_PROTOCOL,
  'unsupported-option': 'Let the router choose any free port.',
  'network-failure': "Check the router's Internet connection, and whether it stands behind another router.",
  'no-resources': 'Remove old mappings, and check whether the router stands behind another router.',
  quota: 'Delete mappings that are not needed, or wait until their leases end.',
  'port-not-available': 'Choose another port, or let the router choose any free port.',
  'address-mismatch':
    'Run the program outside of the container or virtual machine, or connect this computer to the router directly.',
  unknown: TRY_AGAIN,
};

/** By the name of the result (RFC 6887, 7.4). */
const CODES: Readonly<Record<string, RefusalCode>> = {
  UNSUPP_VERSION: 'unsupported-version',
  NOT_AUTHORIZED: 'not-authorized',
  MALFORMED_REQUEST: 'not-understood',
  UNSUPP_OPCODE: 'unsupported',
  UNSUPP_OPTION: 'unsupported-option',
  MALFORMED_OPTION: 'not-understood',
  NETWORK_FAILURE: 'network-failure',
  NO_RESOURCES: 'no-resources',
  UNSUPP_PROTOCOL: 'unsupported',
  USER_EX_QUOTA: 'quota',
  CANNOT_PROVIDE_EXTERNAL: 'port-not-available',
  ADDRESS_MISMATCH: 'address-mismatch',
};

const UNKNOWN: PcpResult = { name: 'unknown', message: 'the router refuses it', lifetime: 'varies' };

/**
 * @param result - what a table of one of the protocols has for the result code
 * @param lifetimeSeconds - how long the server says that it will refuse; 0: it does not say
 */
export function refusal(
  via: 'pcp' | 'nat-pmp',
  resultCode: number,
  { name, message: reason, lifetime }: PcpResult = UNKNOWN,
  lifetimeSeconds = 0,
): RefusalError {
  const code = CODES[name] ?? 'unknown';
  const message = `${reason} (${via === 'pcp' ? 'PCP' : 'NAT-PMP'} ${resultCode} ${name})`;
  const retryInSeconds = refusalSeconds(lifetimeSeconds, lifetime === 'long');
  return { kind: 'refusal', code, via, resultCode, message, retryInSeconds, hint: HINTS[code] };
}

/** The server granted another port than the only one that is wanted. */
export function otherPortGranted(via: 'pcp' | 'nat-pmp', wanted: number, granted: number): RefusalError {
  const code = 'port-not-available';
  const message = `the router grants port ${granted} instead of port ${wanted}`;
  return {
    kind: 'refusal',
    code,
    via,
    resultCode: 0,
    message,
    retryInSeconds: refusalSeconds(0, false),
    hint: HINTS[code],
  };
}
