/**
 * Which URLs may be fetched. Whoever is on the network can answer a search, and would have this host send requests to
 * anything that it can reach, were LOCATION and controlURL believed (server-side request forgery).
 */
import { err, ok, type Result } from '../result.ts';
import type { PolicyError, PolicyErrorCode, InvalidArgumentError } from '../errors.ts';
import { policyTexts } from '../hints.ts';
import {
  checkArguments,
  listOf,
  NUMBER,
  OBJECT,
  OPTIONS,
  options as optionsOf,
  TEXT,
  type Check,
} from '../arguments.ts';
import type { InterfaceAddress } from '../ports.ts';
import { excerptOf, printable } from '../text.ts';
import { classifyAddress } from '../addresses/address-class.ts';
import { inSubnet, parseIpAddress, sameAddress } from '../addresses/ip-address.ts';
import { formatHttpUrl, onHost, parseHttpUrl, resolveHttpUrl, sameUrlHost, type HttpUrl } from './url.ts';

export interface LocationPolicy {
  /** The address from which the answer came, with its zone if it is link-local. */
  readonly responder: string;
  /** This host's addresses: what lies in their subnets is on-link. */
  readonly interfaces: readonly InterfaceAddress[];
  /** The default router's address. A private one is used also if it is in no subnet of this host. Default: none. */
  readonly defaultRouter?: string | null | undefined;
  /** Accept private and public addresses outside of this host's subnets. Default: false. */
  readonly allowOffLink?: boolean | undefined;
  /** Accept ports below 1024 other than 80 and 443. Default: false. */
  readonly allowAnyPort?: boolean | undefined;
  /**
   * Ask the responder, at the same port and path, if the URL names another host: some routers name `[::1]`, a link-local
   * address, their CARP address or their name. Default: false; a search sets it.
   */
  readonly rewriteToResponder?: boolean | undefined;
}

const POLICY: Check = optionsOf({ responder: TEXT, interfaces: listOf(OBJECT) });

/** A URL that may not be fetched, or what is no URL at all. */
export type UrlError = PolicyError | InvalidArgumentError;

/**
 * The URL of a description that may be fetched, with the responder's zone where it is link-local: `http`, no user
 * information, a usual port, its host an on-link address or the default router, and that of the responder. The source of
 * an answer can be forged, so a host on another network costs no request.
 *
 * Loopback is accepted from loopback only: a gateway that runs on this host. If no subnet is known, because the system
 * keeps the list of interfaces from programs, any private address counts as on-link.
 *
 * Errors: `not-http`, `bad-url`, `user-information`; `host-name` for whatever is no strict address (`localhost`, `127.1`,
 * `2130706433`); `public-address`, `off-link-address`; `foreign-host`; `low-port`.
 */
export function checkLocation(location: string, policy: LocationPolicy): Result<string, UrlError> {
  const checked = checkArguments(['location', location, TEXT], ['policy', policy, POLICY]);
  return checked
    .andThen(() => readUrl(policy.rewriteToResponder === true ? readableHost(location) : location))
    .mapErr((error) => (error.kind === 'policy' ? policyError(error.code, location) : error))
    .andThen((url) => {
      const { responder, allowAnyPort, rewriteToResponder } = policy;
      const isResponder = sameUrlHost(url.host, responder);
      // A zone in a LOCATION is the sender's name for an interface, if anything; the responder's is ours.
      const takeResponder = isResponder ? responder.includes('%') : rewriteToResponder === true;
      const host = takeResponder ? responder : url.host;
      const refused = refusal(host, policy);
      if (refused !== null) return err(policyError(refused, location));
      if (!sameUrlHost(host, responder)) return err(policyError('foreign-host', location));
      if (allowAnyPort !== true && !isUsualPort(url)) return err(policyError('low-port', location));
      return ok(formatHttpUrl({ ...url, host }));
    });
}

/**
 * The URL with a name in place of a host that can't be read: none at all, an IPv6 address without brackets, spaces, letters
 * beyond ASCII. The responder is asked in any case. User information stays, and is refused.
 */
function readableHost(location: string): string {
  const [, rest = ''] = /^http:\/\/[^/?#@\\\0-\x1f]*?((?::\d{0,5})?(?:[/?#].*)?)$/i.exec(location) ?? [];
  return rest === '' || parseHttpUrl(location).isOk() ? location : `http://unreadable${rest}`;
}

function refusal(host: string, policy: LocationPolicy): PolicyErrorCode | null {
  const is = classifyAddress(host);
  const { responder, allowOffLink } = policy;
  if (is === 'invalid') return 'host-name';
  const isHostOfInternet = is === 'private' || is === 'public' || is === 'shared';
  const usable =
    (is === 'loopback' && classifyAddress(responder) === 'loopback') ||
    // 169.254.0.0/16 is where cloud hosts keep their credentials; in IPv6, routers do live at link-local addresses.
    (is === 'link-local' && host.includes('%')) ||
    ((isHostOfInternet || is === 'reserved') && isOnLink(host, policy, is === 'private')) ||
    (isHostOfInternet && allowOffLink === true);
  if (usable) return null;
  return is === 'public' ? 'public-address' : 'off-link-address';
}

function isOnLink(host: string, { interfaces, defaultRouter }: LocationPolicy, isPrivate: boolean): boolean {
  const bits = parseIpAddress(host)?.bits.length ?? 0;
  const ofFamily = bits === 32 ? 'ipv4' : 'ipv6';
  // An interface whose prefix is its address alone, as of some tunnels, or is missing, tells no subnet.
  const subnets = interfaces.filter(
    ({ family, internal, prefixLength: known }) => family === ofFamily && !internal && known > 0 && known < bits,
  );
  if (subnets.some(({ address, prefixLength }) => inSubnet(host, address, prefixLength))) return true;
  return isPrivate && (subnets.length === 0 || sameAddress(host, defaultRouter ?? ''));
}

/** No server that understands HTTP listens below 1024, but for these two: a request may do harm at any other. */
function isUsualPort({ port }: HttpUrl): boolean {
  return port >= 1024 || port === 80 || port === 443;
}

/**
 * A service's URL (SCPDURL, controlURL, eventSubURL), absolute, if its host is that of the description. Its port may
 * differ: MikroTik's and Netgear's do.
 */
export function checkServiceUrl(url: string, location: string): Result<string, UrlError> {
  const checked = checkArguments(['url', url, TEXT], ['location', location, TEXT]);
  return checked.andThen(() => readUrl(location)).andThen((base) => onSameHost(url, base, 'foreign-host'));
}

/**
 * Where a redirect may lead: to the same host, once, and to no other port below 1024 than 80 and 443.
 *
 * @param target - the value of the Location header, absolute or relative
 * @param from - the URL that was asked
 * @param followed - how many redirects have led to `from`
 */
export function checkRedirect(target: string, from: string, followed: number): Result<string, UrlError> {
  return checkArguments(['target', target, TEXT], ['from', from, TEXT], ['followed', followed, NUMBER])
    .andThen(() => (followed >= 1 ? err(policyError('redirect-refused', target)) : readUrl(from)))
    .andThen((base) => onSameHost(target, base, 'redirect-refused'));
}

/**
 * The URL of a description that a person gave. That host is trusted, wherever it is; but it is still `http`, without
 * user information, and an address unless host names are allowed.
 */
export function checkGatewayUrl(
  url: string,
  options: { readonly allowHostName?: boolean | undefined } = {},
): Result<string, UrlError> {
  return checkArguments(['url', url, TEXT], ['options', options, OPTIONS])
    .andThen(() => readUrl(url))
    .andThen((parsed) =>
      parseIpAddress(parsed.host) === null && options.allowHostName !== true
        ? err(policyError('host-name', url))
        : ok(formatHttpUrl(parsed)),
    );
}

function onSameHost(reference: string, base: HttpUrl, otherwise: PolicyErrorCode): Result<string, PolicyError> {
  return resolveHttpUrl(reference, base)
    .andThen((url) => {
      const near = onHost(url, base.host);
      return near === null || (otherwise === 'redirect-refused' && near.port !== base.port && !isUsualPort(near))
        ? err(otherwise)
        : ok(formatHttpUrl(near));
    })
    .mapErr((code) => policyError(code, reference));
}

function readUrl(text: string): Result<HttpUrl, PolicyError> {
  return parseHttpUrl(text).mapErr((code) => policyError(code, text));
}

function policyError(code: PolicyErrorCode, url: string): PolicyError {
  const [reason, hint] = policyTexts[code];
  return { kind: 'policy', code, url: printable(url), message: `"${excerptOf(url)}" is not allowed: ${reason}`, hint };
}
