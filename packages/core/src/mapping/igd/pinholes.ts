/** Holes in a gateway's IPv6 firewall: there is no translation there, only permission. WANIPv6FirewallControl:1. */
import { err, ok, safeTry, type Result, type ResultAsync } from '../../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../../arguments.ts';
import { checkProtocol, type ProtocolName } from '../../port-mapping.ts';
import type { Gateway } from '../../client/gateway.ts';
import { nextInternalClient } from '../../client/internal-client.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { CallError, InvalidArgumentError, TransportError } from '../../errors.ts';
import type { CallOptions } from '../../call-options.ts';
import type { ActionInput } from '../../igd/declaration.ts';
import type { WanIpv6FirewallControl } from '../../igd/wan-ipv6-firewall-control.ts';
import { checkWhole } from '../../invalid-argument.ts';
import { checkIpv6, pinholeClientOf } from './pinhole-address.ts';
import { callFirewall, firewallOf, type PinholeCallOptions } from './pinhole-call.ts';
import { isBroken } from './read-mapping.ts';

/** 2.5.2: the transport protocol by its number (IANA); UDPLITE and others exist, and few gateways take them. */
const PROTOCOL_NUMBERS = { TCP: 6, UDP: 17 } as const;

export interface PinholeOptions extends PinholeCallOptions {
  /** In either case. */
  readonly protocol: ProtocolName;
  /** 1..65535; there is no other port outside. */
  readonly internalPort: number;
  /** The only remote address that may come in; default and empty: any. */
  readonly remoteHost?: string | undefined;
  /** The only remote port; default and 0: any. */
  readonly remotePort?: number | undefined;
  /** Seconds, 1..86400 (2.3.5); default 3600. */
  readonly leaseSeconds?: number | undefined;
}

export interface Pinhole {
  /** What the gateway knows it by, 0..65535. */
  readonly id: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly internalClient: string;
  readonly internalPort: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly leaseSeconds: number;
}

/**
 * Opens a hole; to this host, by default. If this host gets another address meanwhile, the request is repeated once for
 * that one. A hole whose request got no answer may be open until its lease ends: `hint` says so.
 */
export function addPinhole(gateway: Gateway, options: PinholeOptions): ResultAsync<Pinhole, CallError> {
  return safeTry<Pinhole, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const { internalPort, leaseSeconds = 3600 } = options;
    const protocol = yield* checkProtocol(options.protocol);
    const traffic = yield* await trafficOf(gateway, options, 1);
    yield* checkLease(leaseSeconds);
    const { RemoteHost: remoteHost, RemotePort: remotePort } = traffic;
    const open = (internalClient: string): ResultAsync<Pinhole, CallError> => {
      const input = { ...traffic, InternalClient: internalClient, LeaseTime: leaseSeconds };
      return callFirewall(gateway, 'AddPinhole', { ...options, internalClient }, input)
        .map(({ UniqueID: id }) => ({
          id,
          protocol,
          internalClient,
          internalPort,
          remoteHost,
          remotePort,
          leaseSeconds,
        }))
        .mapErr((error) => hintForUnanswered(error, leaseSeconds));
    };
    const first = await open(traffic.InternalClient);
    if (first.isOk() || options.internalClient !== undefined) return first;
    if ((await isOwnAddress(gateway.transport, traffic.InternalClient)) !== false) return first;
    const next = await nextInternalClient(gateway, () => options.signal?.aborted === true, pinholeClientOf);
    return next === null ? first : open(next);
  });
}

/** The router may have carried out a request whose answer was lost. */
function hintForUnanswered(error: CallError, leaseSeconds: number): CallError {
  if (!isBroken(error) && error.code !== 'timeout') return error;
  const before = error.hint === undefined ? '' : `${error.hint} `;
  return { ...error, hint: `${before}The pinhole may be open: it closes within ${leaseSeconds} seconds.` };
}

/** Begins its lease anew; 1..86400 seconds. */
export function updatePinhole(
  gateway: Gateway,
  options: PinholeCallOptions & { readonly id: number; readonly leaseSeconds: number },
): ResultAsync<void, CallError> {
  return checkArguments(['options', options, OPTIONS])
    .andThen(() => checkLease(options.leaseSeconds))
    .asyncAndThen((leaseSeconds) =>
      callFirewall(gateway, 'UpdatePinhole', options, { UniqueID: options.id, NewLeaseTime: leaseSeconds }),
    )
    .map(() => undefined);
}

export function deletePinhole(
  gateway: Gateway,
  id: number,
  options?: PinholeCallOptions,
): ResultAsync<void, CallError> {
  return callFirewall(gateway, 'DeletePinhole', options, { UniqueID: id }).map(() => undefined);
}

/**
 * Whether traffic has come through it. Null where there was none yet, so that nobody can tell (709): not the same as a
 * hole that does not work.
 */
export function checkPinhole(
  gateway: Gateway,
  id: number,
  options?: PinholeCallOptions,
): ResultAsync<boolean | null, CallError> {
  return callFirewall(gateway, 'CheckPinholeWorking', options, { UniqueID: id })
    .map<boolean | null>(({ IsWorking }) => IsWorking)
    .orElse((error) => (error.kind === 'upnp-fault' && error.code === 709 ? ok(null) : err(error)));
}

/**
 * How many packets have come through it; null where the answer has no such number. miniupnpd answers for a hole that does
 * not exist, too.
 */
export function pinholePackets(
  gateway: Gateway,
  id: number,
  options?: PinholeCallOptions,
): ResultAsync<number | null, CallError> {
  return callFirewall(gateway, 'GetPinholePackets', options, { UniqueID: id }).map(
    ({ PinholePackets }) => PinholePackets,
  );
}

/** Which outbound traffic is meant; whatever is left out is any. */
export interface OutboundOptions extends PinholeCallOptions {
  /** In either case. */
  readonly protocol: ProtocolName;
  readonly internalPort?: number | undefined;
  readonly remoteHost?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * Seconds without traffic after which the firewall forgets what this host has opened by sending: no answer gets in then
 * any more. To keep such a way open, something has to be sent more often. Null if the router answers with no number.
 *
 * @see WANIPv6FirewallControl:1, 2.6 (GetOutboundPinholeTimeout)
 */
export function outboundPinholeTimeout(
  gateway: Gateway,
  options: OutboundOptions,
): ResultAsync<number | null, CallError> {
  return safeTry<number | null, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const traffic = yield* await trafficOf(gateway, options, 0);
    const sender = { ...options, internalClient: traffic.InternalClient };
    const { OutboundPinholeTimeout } = yield* await callFirewall(gateway, 'GetOutboundPinholeTimeout', sender, traffic);
    return ok(OutboundPinholeTimeout);
  });
}

export interface FirewallStatus {
  readonly enabled: boolean;
  /** Whether holes may be asked for. */
  readonly pinholesAllowed: boolean;
}

export function firewallStatus(gateway: Gateway, options?: CallOptions): ResultAsync<FirewallStatus, CallError> {
  return checkArguments(['gateway', gateway, GATEWAY])
    .andThen(() => firewallOf(gateway))
    .asyncAndThen((firewall) => firewall.call('GetFirewallStatus', {}, options))
    .map(({ FirewallEnabled, InboundPinholeAllowed }) => ({
      enabled: FirewallEnabled,
      pinholesAllowed: InboundPinholeAllowed,
    }));
}

/**
 * Which traffic is meant, checked, as the actions are told of it.
 *
 * @param leastPort - 0 where any internal port may be meant
 */
function trafficOf(
  gateway: Gateway,
  { protocol, internalPort = 0, remoteHost = '', remotePort = 0, internalClient }: OutboundOptions,
  leastPort: 0 | 1,
): ResultAsync<
  ActionInput<WanIpv6FirewallControl, 'GetOutboundPinholeTimeout'>,
  InvalidArgumentError | TransportError
> {
  return safeTry(async function* () {
    yield* firewallOf(gateway);
    yield* checkWhole('internalPort', internalPort, leastPort, 65_535);
    yield* checkWhole('remotePort', remotePort, 0, 65_535);
    if (remoteHost !== '') yield* checkIpv6('remoteHost', remoteHost);
    return ok({
      RemoteHost: remoteHost,
      RemotePort: remotePort,
      InternalClient: yield* await pinholeClientOf(gateway, internalClient),
      InternalPort: internalPort,
      Protocol: PROTOCOL_NUMBERS[yield* checkProtocol(protocol)],
    });
  });
}

/** Seconds (2.3.5). */
function checkLease(seconds: number): Result<number, InvalidArgumentError> {
  return checkWhole('leaseSeconds', seconds, 1, 86_400);
}
