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
import { inSubnet, parseIpAddress } from '../addresses/ip-address.ts';
import { formatHttpUrl, onHost, parseHttpUrl, resolveHttpUrl, sameUrlHost, type HttpUrl } from './url.ts';

export interface LocationPolicy {
  /** The address from which the answer came, with its zone if it is link-local. */
  readonly responder: string;
  /** This host's addresses: what lies in their subnets is near. */
  readonly interfaces: readonly InterfaceAddress[];
  /** Accept public addresses outside of our subnets. */
  readonly allowPublicAddress?: boolean;
  /** Put the responder's address in place of any other host; so is a router reached that names `[::1]` or its CARP address. */
  readonly rewriteToResponder?: boolean;
}

const POLICY: Check = optionsOf({ responder: TEXT, interfaces: listOf(OBJECT) });

/** A URL that may not be fetched, or what is no URL at all. */
export type UrlError = PolicyError | InvalidArgumentError;

/**
 * The URL of a description that may be fetched, with the responder's zone where it is link-local: `http`, no user
 * information, its host an address that is near (private, or in one of our subnets) and that of the responder.
 *
 * Loopback is accepted from loopback only: a gateway that runs on this host.
 *
 * Errors: `not-http`, `bad-url`, `user-information`; `host-name` for whatever is no strict address (`localhost`, `127.1`,
 * `2130706433`); `public-address`, `off-link-address`; `foreign-host`.
 */
export function checkLocation(location: string, policy: LocationPolicy): Result<string, UrlError> {
  const checked = checkArguments(['location', location, TEXT], ['policy', policy, POLICY]);
  return checked
    .andThen(() => readUrl(location))
    .andThen((url) => {
      const { responder } = policy;
      const isResponder = sameUrlHost(url.host, responder);
      // A zone in a LOCATION is the sender's name for an interface, if anything; the responder's is ours.
      const takeResponder = isResponder ? responder.includes('%') : policy.rewriteToResponder === true;
      const host = takeResponder ? responder : url.host;
      const refused = refusal(host, policy);
      if (refused !== null) return err(policyError(refused, location));
      if (!sameUrlHost(host, responder)) return err(policyError('foreign-host', location));
      return ok(formatHttpUrl({ ...url, host }));
    });
}

function refusal(host: string, policy: LocationPolicy): PolicyErrorCode | null {
  const is = classifyAddress(host);
  const { interfaces, responder, allowPublicAddress = false } = policy;
  if (is === 'invalid') return 'host-name';
  const usable =
    is === 'private' ||
    (is === 'loopback' && classifyAddress(responder) === 'loopback') ||
    // 169.254.0.0/16 is where cloud hosts keep their credentials; in IPv6, routers do live at link-local addresses.
    (is === 'link-local' && host.includes('%')) ||
    ((is === 'public' || is === 'shared') && allowPublicAddress) ||
    (/^(public|shared|reserved)$/.test(is) &&
      interfaces.some(({ address, prefixLength }) => inSubnet(host, address, prefixLength)));
  if (usable) return null;
  return is === 'public' ? 'public-address' : 'off-link-address';
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
 * Where a redirect may lead: to the same host, once.
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
      return near === null ? err(otherwise) : ok(formatHttpUrl(near));
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
