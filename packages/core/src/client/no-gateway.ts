/**
 * Why no gateway was found, in words: the one place for every use case and for the command line. A library and a command
 * line have different means to do something about it; these are {@link Remedies}.
 */
import { err, errAsync, ResultAsync } from '../result.ts';
import { classifyAddress } from '../addresses/address-class.ts';
import { sameAddress } from '../addresses/ip-address.ts';
import { hostIn } from '../description/url.ts';
import type {
  LateAnswer,
  NoGatewayError,
  RejectedCandidate,
  SearchFacts,
  SearchedInterface,
  UnsearchedInterface,
} from '../errors.ts';
import type { Transport } from '../ports.ts';
import { DEFAULT_TIMEOUT_MS } from '../ssdp/search-schedule.ts';
import { readSystem, searchFacts } from './search-facts.ts';
import type { SearchError, SearchOptions } from './search-types.ts';

/** What the caller can do, as the second half of a sentence; null where it can't. */
export interface Remedies {
  /** Name the description's URL; the URL is known, or `null`. */
  readonly giveUrl: (url: string | null) => string | null;
  /** Wait longer for a description whose URL is known. */
  readonly waitAt: (url: string) => string | null;
  /** Search longer. */
  readonly searchLonger: (timeoutMs: number) => string | null;
  /** Search, in place of the URL that was given. */
  readonly searchInstead: string | null;
  readonly searchOverIpv4: string | null;
  readonly searchOverIpv6: string | null;
  /** Open the IPv6 firewall in place of a mapping. */
  readonly openPinhole: string | null;
}

const BY_LIBRARY: Remedies = {
  giveUrl: (url) => `pass ${url ?? 'it'} to gatewayAt, or as gateway to findMapper`,
  waitAt: (url) => `pass ${url} to gatewayAt, or as gateway to findMapper, with a longer deadlineMs`,
  searchLonger: (timeoutMs) => `search with a timeoutMs of ${timeoutMs}`,
  searchInstead: 'call findMapper or findGateway to search for it',
  searchOverIpv4: "search with families: ['ipv4']",
  searchOverIpv6: "search with families: ['ipv6']",
  openPinhole: 'open an IPv6 pinhole with addPinhole',
};

/**
 * The error for a search, or for a URL, that led to no gateway.
 *
 * @param search - null where a URL was given
 */
export function noGatewayError(search: SearchFacts | null, candidates: readonly RejectedCandidate[]): NoGatewayError {
  const error: NoGatewayError = {
    kind: 'no-gateway',
    code: codeOf(search, candidates),
    message: '',
    candidates,
    ...(search === null ? {} : { search }),
  };
  return { ...error, message: messageOf(error), hint: noGatewayHint(error, BY_LIBRARY) };
}

/** Makes of the failure of a search what it is to a person, where this computer has no network to search. */
export function explainSearchFailure(
  transport: Transport,
  options: SearchOptions,
  error: SearchError,
): ResultAsync<never, SearchError | NoGatewayError> {
  const { families = ['ipv4'], interface: wanted = '' } = options;
  if (error.kind !== 'transport') return errAsync(error);
  if (error.code === 'not-permitted') return errAsync({ ...error, hint: OPEN_FIREWALL });
  if (error.code !== 'unreachable' && error.code !== 'no-such-interface') return errAsync(error);
  return ResultAsync.fromSafePromise(readSystem(transport)).andThen((system) => {
    const facts = searchFacts(options, { interfaces: [], late: [] }, system);
    const isUsable = system.listed.some(
      ({ internal, family, name, address }) =>
        families.includes(family) && (wanted === '' ? !internal : name === wanted || sameAddress(address, wanted)),
    );
    if (isUsable) return err(error.code === 'unreachable' ? { ...error, hint: CONNECT } : error);
    return err(wanted === '' || facts.unsearched.length > 0 ? noGatewayError(facts, []) : error);
  });
}

function codeOf(search: SearchFacts | null, candidates: readonly RejectedCandidate[]): NoGatewayError['code'] {
  if (candidates.some(isBroken)) return 'none-usable';
  if (search === null) return 'none-usable';
  if (search.late.length > 0) return 'late-answer';
  if (candidates.length > 0) return 'none-usable';
  return networkCode(search) ?? 'no-answer';
}

/** What keeps every search from leaving this computer; null where one has left it. */
function networkCode({ interfaces, unsearched }: SearchFacts): NoGatewayError['code'] | null {
  if (interfaces.some(({ name }) => name !== null)) return null;
  const reasons = unsearched.map(({ reason }) => reason);
  for (const reason of ['no-ipv4', 'no-ipv6'] as const) if (reasons.includes(reason)) return reason;
  if (reasons.includes('no-carrier')) return 'no-carrier';
  return interfaces.length === 0 || reasons.length > 0 ? 'no-network' : null;
}

/** It is no other device: something is wrong with it. */
function isBroken({ code }: RejectedCandidate): boolean {
  return code !== 'not-a-gateway' && code !== 'no-server';
}

function messageOf({ code, candidates, search }: NoGatewayError): string {
  if (search === undefined) return atUrl(candidates);
  const where = `on ${placesOf(search.interfaces)}`;
  const router = routerOf(search);
  const late = search.late.map(latePhrase).slice(0, 1);
  switch (code) {
    case 'no-network':
    case 'no-carrier':
      return `this computer is not connected to a network${detail(search.unsearched)}`;
    case 'no-ipv4':
    case 'no-ipv6':
      return `this computer has no ${code === 'no-ipv4' ? 'IPv4' : 'IPv6'} address${detail(search.unsearched)}`;
    case 'late-answer':
      return [`no router answered the search ${where} in time`, ...late].join('; ');
    case 'no-answer': {
      // Without a default router, it is the likely reason.
      const unused = router.length > 0 ? [] : search.unsearched.map(unusedPhrase);
      return [`no device answered the search ${where}`, ...router, ...unused].join('; ');
    }
    case 'none-usable':
      return [amongAnswers(candidates, search, where), ...late].join('; ');
  }
}

/** For each candidate in its place: what it did. */
function amongAnswers(candidates: readonly RejectedCandidate[], search: SearchFacts, where: string): string {
  const main = mainOf(candidates, search.defaultRouter);
  if (main === undefined) return `no device that answered the search ${where} can map ports`;
  if (!isBroken(main)) {
    const answered =
      candidates.length === 1 ? `${whoIs(main)}, which is not a router,` : 'only devices that are not routers';
    return [`${answered} answered the search ${where}`, ...routerOf(search)].join('; ');
  }
  return `${whoIs(main)} answered the search, ${whatIsWrong(main)}`;
}

function atUrl(candidates: readonly RejectedCandidate[]): string {
  const main = mainOf(candidates, null);
  if (main === undefined) return 'there is no device that can map ports';
  return main.code === 'no-control' || main.code === 'worse'
    ? `the router at ${main.location ?? ''} does not answer requests: ${main.reason}`
    : `the device at ${main.location ?? ''} can't map ports: ${main.reason}`;
}

/** The one that matters most: the default router, else a device with which something is wrong. */
function mainOf(candidates: readonly RejectedCandidate[], router: string | null): RejectedCandidate | undefined {
  const broken = candidates.filter(isBroken);
  return broken.find(({ from }) => from !== undefined && from === router) ?? broken[0] ?? candidates[0];
}

/** `192.168.1.1 (My router)`. */
function whoIs({ from, location, name }: RejectedCandidate): string {
  return `${from ?? (hostIn(location ?? '') || 'a device')}${name === null || name === '' ? '' : ` (${name})`}`;
}

function whatIsWrong({ code, location, reason }: RejectedCandidate): string {
  switch (code) {
    case 'bad-answer':
      return `but its answer can't be read: ${reason}`;
    case 'bad-location':
      return `but the URL in its answer is refused: ${reason}`;
    case 'no-description':
      return `but its description at ${location ?? ''} can't be used: ${reason}`;
    case 'bad-service':
      return `but its description is of no use: ${reason}`;
    case 'no-control':
    case 'worse':
      return `but does not answer requests: ${reason}`;
    case 'not-a-gateway':
    case 'no-server':
    case 'not-authorized':
      return reason;
  }
}

/** `eth0 (192.168.1.20) and wlan0 (192.168.1.21, fe80::1)`. */
function placesOf(interfaces: readonly SearchedInterface[]): string {
  const addresses = new Map<string, string[]>();
  for (const { name, address } of interfaces) {
    if (name === null) continue;
    addresses.set(name, [...(addresses.get(name) ?? []), ...(address === null ? [] : [address])]);
  }
  const places = [...addresses].map(([name, all]) => `${name} (${[...new Set(all)].join(', ')})`);
  return places.length === 0 ? "the system's default interface" : listOf(places);
}

function routerOf({ defaultRouter, isRouterSearched, interfaces }: SearchFacts): readonly string[] {
  if (defaultRouter === null) return [];
  const isElsewhere = !isRouterSearched && interfaces.some(({ family }) => family === 'ipv4');
  return [`the default router is ${defaultRouter}${isElsewhere ? ', which is not in that network' : ''}`];
}

function latePhrase({ from, afterMs }: LateAnswer): string {
  return `${from} answered ${(Math.max(afterMs, 100) / 1000).toFixed(1)} s after the time was up`;
}

function detail(unsearched: readonly UnsearchedInterface[]): string {
  const connectedFirst = unsearched.toSorted(
    (one, other) => Number(one.address === null) - Number(other.address === null),
  );
  return unsearched.length === 0 ? '' : `: ${connectedFirst.map(unsearchedPhrase).join(', ')}`;
}

/** The same by itself. */
function unusedPhrase(one: UnsearchedInterface): string {
  if (one.reason === 'no-ipv4') return `${one.name} has no IPv4 address`;
  return one.reason === 'no-ipv6' ? `${one.name} has no IPv6 address` : unsearchedPhrase(one);
}

function unsearchedPhrase({ name, reason, address }: UnsearchedInterface): string {
  switch (reason) {
    case 'down':
      return `${name} is switched off`;
    case 'no-carrier':
      return `${name} has no link (no cable, or no Wi-Fi connection)`;
    case 'no-address':
      return `${name} has no address`;
    case 'no-ipv4':
      return address === null ? `${name} has none` : `${name} has only ${address}`;
    case 'no-ipv6':
      return `${name} has only ${address ?? 'a link-local one'}`;
  }
}

const CONNECT = "Connect this computer to the router's network by cable or Wi-Fi, and try again.";
const OPEN_FIREWALL = "Let UDP to port 1900, and the answers to it, pass this computer's firewall.";
const TURN_ON = "Turn on UPnP in the router's settings.";
const TURN_ON_SERVER = "Check the address, and turn on PCP or NAT-PMP in the router's settings.";
const RESTART = 'Restart the router, and look for an update of its firmware.';

/**
 * The next step for a person. The text is the same for all; only the means differ.
 *
 * @param remedies - how the reader can do what is advised
 */
export function noGatewayHint({ code, candidates, search }: NoGatewayError, remedies: Remedies): string {
  const { giveUrl, searchLonger, searchOverIpv4 } = remedies;
  switch (code) {
    case 'no-network':
    case 'no-carrier': {
      const has = (wanted: UnsearchedInterface['reason']): boolean =>
        search?.unsearched.some(({ reason }) => reason === wanted) === true;
      if (has('no-address')) return GET_ADDRESS;
      return has('down') && !has('no-carrier') ? sentences('Switch the network interface on.', CONNECT) : CONNECT;
    }
    case 'no-ipv4':
      return withoutIpv4(search, remedies);
    case 'no-ipv6':
      return sentences('Turn on IPv6 in the router and on this computer.', either(searchOverIpv4));
    case 'late-answer':
      return sentences(either(searchLonger(2 * (search?.timeoutMs ?? DEFAULT_TIMEOUT_MS))) ?? 'Try again.');
    case 'no-answer':
      return forSilence(search, giveUrl);
    case 'none-usable': {
      const main = mainOf(candidates, search?.defaultRouter ?? null);
      if (main !== undefined && isBroken(main)) return forCandidate(main, remedies);
      if (search !== undefined) return forSilence(search, giveUrl);
      if (main?.code === 'no-server') return sentences(TURN_ON_SERVER, either(remedies.searchInstead));
      return `Use the URL of the router's own description${remedies.searchInstead === null ? '' : `, or ${remedies.searchInstead}`}.`;
    }
  }
}

const GET_ADDRESS = 'The network gave this computer no address: reconnect it, or check DHCP in the router.';

function withoutIpv4(search: SearchFacts | undefined, remedies: Remedies): string {
  if (search?.unsearched.some(({ address }) => address !== null) !== true) return GET_ADDRESS;
  const { openPinhole, searchOverIpv6, giveUrl } = remedies;
  return either(openPinhole, searchOverIpv6) ?? ifUrlIsKnown(giveUrl) ?? GET_ADDRESS;
}

/** Nobody who could be the router has answered. */
function forSilence(search: SearchFacts | undefined, giveUrl: Remedies['giveUrl']): string {
  const isSelfAssigned =
    search !== undefined &&
    search.interfaces.length > 0 &&
    search.interfaces.every(
      ({ address }) => address?.includes('.') === true && classifyAddress(address) === 'link-local',
    );
  if (isSelfAssigned) return GET_ADDRESS;
  return sentences(
    TURN_ON,
    'If it is on, a firewall on this computer, a guest network or a VPN may hide the router.',
    ifUrlIsKnown(giveUrl),
  );
}

function forCandidate({ code, location, error }: RejectedCandidate, { giveUrl, waitAt }: Remedies): string {
  switch (code) {
    case 'bad-location': {
      const trusted = /^(private|public)$/.test(classifyAddress(hostIn(location ?? ''))) ? giveUrl(location) : null;
      if (trusted === null) break;
      return `For safety, nothing was sent there. If you trust the device, ${trusted}.`;
    }
    case 'no-description': {
      if (error?.kind !== 'transport' || error.code !== 'timeout') break;
      const wait = location === null ? null : waitAt(location);
      return `The router may be busy: try again${wait === null ? '' : `, or ${wait}`}.`;
    }
    case 'bad-answer':
      break;
    case 'not-authorized':
      return (error !== undefined && 'hint' in error ? error.hint : undefined) ?? TURN_ON;
    default:
      return RESTART;
  }
  return sentences(RESTART, ifUrlIsKnown(giveUrl));
}

function ifUrlIsKnown(giveUrl: Remedies['giveUrl']): string | null {
  const remedy = giveUrl(null);
  return remedy === null ? null : `If you know the URL of its description, ${remedy}.`;
}

/** The remedies that there are, as one sentence. */
function either(...remedies: readonly (string | null)[]): string | null {
  const text = remedies.filter((one) => one !== null).join(', or ');
  return text === '' ? null : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function sentences(...all: readonly (string | null)[]): string {
  return all.filter((one) => one !== null && one !== '').join(' ');
}

function listOf(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
