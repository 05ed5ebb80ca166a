import { type Complete, withDefaults } from '../with-defaults.ts';

/** A range of ports, both ends included. */
export type PortRange = readonly [from: number, to: number];

/**
 * What a simulated gateway is like. It is plain data, so that a router is described by a file of it; everything has a
 * default, and the defaults make a gateway that does what the specifications of its version say.
 */
export interface GatewayOptions {
  /** InternetGatewayDevice:1 (2001) or :2 (2010). Default: 2. */
  readonly igdVersion?: 1 | 2 | undefined;
  /** The services of the WANConnectionDevice. Default: `ip`, WANIPConnection of the gateway's version. */
  readonly connectionService?: 'ip' | 'ppp' | 'ip-and-ppp' | undefined;
  /** Whether WANIPv6FirewallControl:1 is there. Default: on version 2. */
  readonly hasIPv6Firewall?: boolean | undefined;
  /** Optional actions, by name, that this gateway leaves out; they are answered with 602. Default: none. */
  readonly omittedActions?: readonly string[] | undefined;

  readonly friendlyName?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly modelName?: string | undefined;
  readonly modelNumber?: string | undefined;
  readonly serialNumber?: string | undefined;
  /** The SERVER header: operating system, UPnP version, product (UDA 1.0, 1.2.3). */
  readonly server?: string | undefined;
  /** The root device's UUID; the embedded devices count on from it. */
  readonly uuid?: string | undefined;
  /** BOOTID.UPNP.ORG: "increased on each initial announce" (UDA 1.1, 1.2.2). Default: 1. */
  readonly bootId?: number | undefined;
  /** CONFIGID.UPNP.ORG and the description's configId. Default: 1337. */
  readonly configId?: number | undefined;

  /** Default: 192.168.1.1. */
  readonly lanAddress?: string | undefined;
  /** A global or unique local address, or null for a gateway without IPv6. Default: fd77::1. */
  readonly lanAddress6?: string | null | undefined;
  /** Default: fe80::1. */
  readonly linkLocalAddress?: string | undefined;
  /** The TCP port of descriptions and control. Default: 5000. */
  readonly httpPort?: number | undefined;

  /** Default: 5.5.5.1. An empty string: the gateway doesn't know it. */
  readonly externalAddress?: string | undefined;
  /** Whether the cable is in. Default: true. */
  readonly isWanUp?: boolean | undefined;
  /** Default: true. */
  readonly isNatEnabled?: boolean | undefined;
  /** Whether SetConnectionType is refused, the provider deciding. Default: false. */
  readonly isConnectionTypeFixed?: boolean | undefined;
  /** Bits a second. Default: 10,000,000. */
  readonly upstreamBitRate?: number | undefined;
  /** Bits a second. Default: 100,000,000. */
  readonly downstreamBitRate?: number | undefined;
  /** What flows while the connection is up, in bytes a second; the counters grow by it. Default: 1,000 and 10,000. */
  readonly traffic?: { readonly sent: number; readonly received: number } | undefined;

  /** Mappings at most. Default: 1,024. */
  readonly capacity?: number | undefined;
  /**
   * Whether mappings can be made and deleted only for the host that asks ([IGD2] RECOMMENDS it for control points that
   * are not authenticated, and here none is). Default: true.
   */
  readonly isSecure?: boolean | undefined;
  /** Whether a host also sees the mappings of others. Default: true, as on nearly every router. */
  readonly showsForeignMappings?: boolean | undefined;
  /**
   * External ports that may be mapped; others are refused with 606. Default: 1024 to 65535 on version 2, as [IGD2]
   * RECOMMENDS, and 1 to 65535 on version 1.
   */
  readonly allowedExternalPorts?: readonly PortRange[] | undefined;
  /** Default: 1 to 65535. */
  readonly allowedInternalPorts?: readonly PortRange[] | undefined;
  /** External ports that something else on the gateway holds (remote administration, port triggering). Default: none. */
  readonly reservedPorts?: readonly number[] | undefined;
  /** `permanent-only`: a lease other than 0 is refused with 725. Default: `any`. */
  readonly leasePolicy?: 'any' | 'permanent-only' | undefined;
  /** Whether external port 0, which stands for all of them, can be mapped; else 716. Default: false. */
  readonly allowsExternalPortWildcard?: boolean | undefined;
  /** Version 1 may restrict these: 724, 726 and 727. Default: false, all three. */
  readonly requiresSamePorts?: boolean | undefined;
  readonly requiresAnyRemoteHost?: boolean | undefined;
  readonly requiresExternalPortWildcard?: boolean | undefined;
  /** UTF-16 units in a mapping's description, above which it is refused with 605. Default: 256. */
  readonly maxDescriptionLength?: number | undefined;

  /** Default: true. */
  readonly isFirewallEnabled?: boolean | undefined;
  /** Default: true. */
  readonly areInboundPinholesAllowed?: boolean | undefined;
  /** Pinholes at most. Default: 128. */
  readonly pinholeCapacity?: number | undefined;
  /** Seconds after which an idle outbound flow is forgotten, as GetOutboundPinholeTimeout says. Default: 180. */
  readonly outboundPinholeTimeout?: number | undefined;

  /** The search targets that are answered. Default: `all` that the description has. */
  readonly answeredTargets?: 'all' | readonly string[] | undefined;
  /** Default: `both`. */
  readonly answersSearches?: 'both' | 'multicast' | 'unicast' | undefined;
  /** Seconds for which an advertisement is valid: CACHE-CONTROL's max-age. Default: 1,800. */
  readonly maxAge?: number | undefined;
  /** An answer to a multicast search waits a random time within MX, and at most this many milliseconds. Default: 20. */
  readonly maxSearchDelayMs?: number | undefined;
}

/** {@link GatewayOptions} with nothing left open. */
export type GatewayConfig = Complete<GatewayOptions>;

export function completeGatewayOptions(options: GatewayOptions): GatewayConfig {
  const igdVersion = options.igdVersion ?? 2;
  return withDefaults(options, {
    igdVersion,
    connectionService: 'ip',
    hasIPv6Firewall: igdVersion === 2,
    omittedActions: [],
    friendlyName: 'Simulated gateway',
    manufacturer: 'Portwright',
    modelName: `Simulated IGD:${igdVersion}`,
    modelNumber: '1',
    serialNumber: '00000001',
    server: `Linux/6.6 UPnP/1.${igdVersion - 1} Portwright-simulation/1.0`,
    uuid: '7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
    bootId: 1,
    configId: 1337,
    lanAddress: '192.168.1.1',
    lanAddress6: 'fd77::1',
    linkLocalAddress: 'fe80::1',
    httpPort: 5000,
    externalAddress: '5.5.5.1',
    isWanUp: true,
    isNatEnabled: true,
    isConnectionTypeFixed: false,
    upstreamBitRate: 10_000_000,
    downstreamBitRate: 100_000_000,
    traffic: { sent: 1_000, received: 10_000 },
    capacity: 1_024,
    isSecure: true,
    showsForeignMappings: true,
    allowedExternalPorts: [[igdVersion === 2 ? 1024 : 1, 65_535]],
    allowedInternalPorts: [[1, 65_535]],
    reservedPorts: [],
    leasePolicy: 'any',
    allowsExternalPortWildcard: false,
    requiresSamePorts: false,
    requiresAnyRemoteHost: false,
    requiresExternalPortWildcard: false,
    maxDescriptionLength: 256,
    isFirewallEnabled: true,
    areInboundPinholesAllowed: true,
    pinholeCapacity: 128,
    outboundPinholeTimeout: 180,
    answeredTargets: 'all',
    answersSearches: 'both',
    maxAge: 1_800,
    maxSearchDelayMs: 20,
  });
}

export function isPortIn(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([from, to]) => port >= from && port <= to);
}
