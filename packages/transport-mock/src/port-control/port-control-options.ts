import { choose } from '../choose.ts';
import { NAT_PMP_DEFAULTS, type NatPmpOptions } from '../nat-pmp/nat-pmp-options.ts';
import { PCP_DEFAULTS, type PcpOptions } from '../pcp/pcp-options.ts';
import { isIPv4 } from '../network/ip-address.ts';
import { type Complete, withDefaults } from '../with-defaults.ts';

/** A way in which a gateway lets its clients open ports. */
export type GatewayProtocol = 'upnp' | 'pcp' | 'nat-pmp';

/** By which protocols a gateway opens ports, and what its server on UDP port 5351 is like (RFC 6886 and RFC 6887). */
export interface PortControlOptions {
  /**
   * Without `upnp` it answers no search, and its HTTP port is closed. `pcp` and `nat-pmp` are on UDP port 5351; all of
   * them share one table of mappings. Default: `['upnp']`.
   */
  readonly protocols?: readonly GatewayProtocol[] | undefined;
  /** What its PCP server is like. Default: by the book. */
  readonly pcp?: PcpOptions | undefined;
  /** What its NAT-PMP server is like. Default: by the book. */
  readonly natPmp?: NatPmpOptions | undefined;
  /**
   * Whether ports are opened while the external address is a private or reserved one; else UPnP answers 501 and tells no
   * address, PCP answers 8 and NAT-PMP 3. Default: true.
   */
  readonly mapsPrivateAddress?: boolean | undefined;
  /** The address of another NAT between the clients and this gateway: their IPv4 requests come from it. Default: null. */
  readonly clientsBehind?: string | null | undefined;
  /**
   * What comes of a datagram to UDP port 5351 with neither PCP nor NAT-PMP: nothing, or an ICMP "port unreachable".
   * Default: `silent`.
   */
  readonly closedPort?: 'silent' | 'refuses' | undefined;
}

/** {@link PortControlOptions} with nothing left open. */
export type PortControlConfig = Complete<Omit<PortControlOptions, 'pcp' | 'natPmp'>> & {
  readonly pcp: Complete<PcpOptions>;
  readonly natPmp: Complete<NatPmpOptions>;
};

/** UPnP without UDP port 5351 is what most routers of providers have. */
export const DEFAULT_PROTOCOLS: readonly GatewayProtocol[] = ['upnp'];

const PROTOCOLS: Readonly<Record<GatewayProtocol, true>> = { upnp: true, pcp: true, 'nat-pmp': true };

/** @throws RangeError for what no gateway can have; it says what is wrong, and what there is */
export function completePortControlOptions({ pcp, natPmp, ...others }: PortControlOptions): PortControlConfig {
  const config: PortControlConfig = {
    ...withDefaults(others, {
      protocols: DEFAULT_PROTOCOLS,
      mapsPrivateAddress: true,
      clientsBehind: null,
      closedPort: 'silent',
    }),
    pcp: withDefaults(pcp ?? {}, PCP_DEFAULTS),
    natPmp: withDefaults(natPmp ?? {}, NAT_PMP_DEFAULTS),
  };
  checkPortControl(config);
  return config;
}

function checkPortControl({ protocols, pcp, natPmp, clientsBehind, closedPort }: PortControlConfig): void {
  for (const protocol of protocols) choose('protocol', PROTOCOLS, protocol);
  choose('closedPort', { silent: true, refuses: true }, closedPort);
  choose('pcp.renewsWithAnyNonce', { none: true, ipv4: true, all: true }, pcp.renewsWithAnyNonce);
  choose('pcp.ignoresPreferFailure', { nowhere: true, ipv6: true, everywhere: true }, pcp.ignoresPreferFailure);
  if (clientsBehind !== null && !isIPv4(clientsBehind)) {
    throw new RangeError(`clientsBehind must be an IPv4 address, not ${clientsBehind}`);
  }
  for (const [group, { lifetimeSeconds, forbiddenDelayMs }] of Object.entries({ pcp, natPmp })) {
    const [least, most] = lifetimeSeconds;
    checkNumber(`${group}.lifetimeSeconds[0]`, least, 1, 0xffff_ffff);
    checkNumber(`${group}.lifetimeSeconds[1]`, most, least, 0xffff_ffff);
    checkNumber(`${group}.forbiddenDelayMs`, forbiddenDelayMs, 0, Number.MAX_SAFE_INTEGER);
  }
  checkNumber('pcp.clientQuota', pcp.clientQuota, 0, 65_535);
  checkNumber('pcp.filterCapacity', pcp.filterCapacity, 0, 65_535);
  checkNumber('pcp.nothingToDelete', pcp.nothingToDelete, 0, 255);
  for (const [code, seconds] of Object.entries(pcp.errorSeconds)) {
    checkNumber('a result code in pcp.errorSeconds', Number(code), 1, 255);
    checkNumber(`pcp.errorSeconds[${code}]`, seconds, 0, 0xffff_ffff);
  }
  if (natPmp.answeredInternalPort !== null) {
    checkNumber('natPmp.answeredInternalPort', natPmp.answeredInternalPort, 0, 65_535);
  }
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}
