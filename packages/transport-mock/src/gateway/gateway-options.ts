import { standardOutline } from '../description/igd-outline.ts';
import { DESCRIPTION_DEFAULTS, type DescriptionOptions } from '../description/description-options.ts';
import { ANSWER_DEFAULTS, type AnswerOptions } from '../http/answer-style.ts';
import {
  completePortControlOptions,
  type PortControlConfig,
  type PortControlOptions,
} from '../port-control/port-control-options.ts';
import { type Complete, withDefaults } from '../with-defaults.ts';
import type { RefusalOptions } from './refusal-options.ts';
import { REPORT_DEFAULTS, type ReportOptions } from './report-options.ts';

/** A range of ports, both ends included. */
export type PortRange = readonly [from: number, to: number];

/**
 * What a simulated gateway is like. It is plain data, so that a router is described by a file of it; everything has a
 * default, and the defaults make a gateway that does what the specifications of its version say.
 */
export interface GatewayOptions extends PortControlOptions {
  /** InternetGatewayDevice:1 (2001) or :2 (2010). Default: 2. */
  readonly igdVersion?: 1 | 2 | undefined;
  /** The services of the WANConnectionDevice. Default: `ip`, WANIPConnection of the gateway's version. */
  readonly connectionService?: 'ip' | 'ppp' | 'ip-and-ppp' | undefined;
  /** Whether WANIPv6FirewallControl:1 is there. Default: on version 2. */
  readonly hasIPv6Firewall?: boolean | undefined;
  /** What the description is like, and what stands in it beside the names below. Default: by the book. */
  readonly description?: DescriptionOptions | undefined;
  /** How SOAP answers are written. Default: by the book. */
  readonly answers?: AnswerOptions | undefined;
  /** What the gateway says of itself that isn't so. Default: nothing. */
  readonly reports?: ReportOptions | undefined;
  /** With which codes it refuses. Default: by the book. */
  readonly refusals?: RefusalOptions | undefined;
  /** Actions, by name, that this gateway leaves out: 602 for optional ones, 401 for others. Default: none. */
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
  /** Connections beside the gateway's own: services of the description's outline work on them by number, from 1. */
  readonly otherConnections?: readonly ConnectionOptions[] | undefined;
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
  /** `permanent-only`: a lease other than 0 is refused; `finite-only`: one of 0. Default: `any`. */
  readonly leasePolicy?: 'any' | 'permanent-only' | 'finite-only' | undefined;
  /** Seconds. On version 2 one week is the most in any case (table 2-6). Default: 4,294,967,295. */
  readonly longestLease?: number | undefined;
  /** Seconds that every mapping gets, whatever was asked for. Default: null, what was asked for. */
  readonly grantedLease?: number | null | undefined;
  /** Whether a client may ask again for a mapping that it has. Default: true. */
  readonly allowsRenewal?: boolean | undefined;
  /** Whether the owner has forbidden that mappings are made, changed and deleted. Default: false. */
  readonly isSwitchedOff?: boolean | undefined;
  /**
   * Whether a remote host is dropped: the mapping is made for any host, and found whatever remote host a request names.
   * Default: false.
   */
  readonly dropsRemoteHost?: boolean | undefined;
  /** Whether external port 0, which stands for all of them, can be mapped; else 716. Default: false. */
  readonly allowsExternalPortWildcard?: boolean | undefined;
  /** Version 1 may restrict these: 724, 726 and 727. Default: false, all three. */
  readonly requiresSamePorts?: boolean | undefined;
  readonly requiresAnyRemoteHost?: boolean | undefined;
  readonly requiresExternalPortWildcard?: boolean | undefined;
  /** Whether a mapping has to have a description. Default: false. */
  readonly requiresDescription?: boolean | undefined;
  /** Characters that a mapping's description must not have. Default: none. */
  readonly forbiddenInDescriptions?: string | undefined;
  /** UTF-16 units in a mapping's description, above which it is refused with 605. Default: 256. */
  readonly maxDescriptionLength?: number | undefined;

  /** Whether SOAPACTION has to stand in quotes (SOAP 1.1, 6.1.1); else 400. Default: false. */
  readonly requiresQuotedSoapAction?: boolean | undefined;
  /** Whether it looks at an action's name alone, and not whose it is. Default: false. */
  readonly ignoresServiceType?: boolean | undefined;
  /**
   * Whether arguments are looked up by their names, in whatever order, and those that nobody asked for are let pass; else
   * both are refused with 402 (UDA 1.0, 3.2.1 and 3.2.2). miniupnpc sends those of AddPinhole in an order of its own.
   * Default: true for a persona, since no router is known that refuses another order; else false.
   */
  readonly ignoresArgumentOrder?: boolean | undefined;
  /**
   * The variables that QueryStateVariable answers, which UDA 1.1 deprecated (UDA 1.0, 3.3): `none` answers 401, `evented`
   * has all that have events. Default: `none`.
   */
  readonly stateQueries?: 'none' | 'evented' | readonly string[] | undefined;

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
  /** Seconds for which a subscription to events is granted, at least and at most. Default: 1,800 to 86,400. */
  readonly subscriptionSeconds?: readonly [least: number, most: number] | undefined;
  /** Subscriptions at most, above which they are refused with 503. Default: 64. */
  readonly subscriptionCapacity?: number | undefined;
  /** Seconds for which an advertisement is valid: CACHE-CONTROL's max-age. Default: 1,800. */
  readonly maxAge?: number | undefined;
  /** An answer to a multicast search waits a random time within MX, and at most this many milliseconds. Default: 20. */
  readonly maxSearchDelayMs?: number | undefined;
}

/** A connection to a provider, as it is at first. */
export interface ConnectionOptions {
  /** Default: none. */
  readonly externalAddress?: string | undefined;
  /** Default: false. */
  readonly isWanUp?: boolean | undefined;
}

/** The options that are themselves made of options. */
const GROUPS = ['description', 'answers', 'reports', 'refusals', 'pcp', 'natPmp'] as const;

/** {@link GatewayOptions} with nothing left open. */
export type GatewayConfig = Complete<Others> &
  PortControlConfig & {
    readonly description: Complete<DescriptionOptions>;
    readonly answers: Complete<AnswerOptions>;
    readonly reports: Complete<ReportOptions>;
  };

/** Later options count, where they are given; in `description` and the other groups each for itself. */
export function mergeGatewayOptions(...all: readonly GatewayOptions[]): GatewayOptions {
  return all.reduce((earlier, later) => {
    const groups = GROUPS.map((group) => [group, { ...earlier[group], ...given(later[group] ?? {}) }] as const);
    return { ...earlier, ...given(later), ...Object.fromEntries(groups) };
  }, {});
}

function given<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

/** @throws RangeError for what no gateway can have */
export function completeGatewayOptions(options: GatewayOptions): GatewayConfig {
  const { description, answers, reports, ...rest } = options;
  const { protocols, pcp, natPmp, mapsPrivateAddress, clientsBehind, closedPort, ...others } = rest;
  const config = completeOthers(others);
  return {
    ...config,
    ...completePortControlOptions({ protocols, pcp, natPmp, mapsPrivateAddress, clientsBehind, closedPort }),
    description: withDefaults(description ?? {}, {
      ...DESCRIPTION_DEFAULTS,
      specVersion: config.igdVersion === 2 ? '1.1' : '1.0',
      outline: standardOutline(config),
    }),
    answers: withDefaults(answers ?? {}, ANSWER_DEFAULTS),
    reports: withDefaults(reports ?? {}, REPORT_DEFAULTS),
  };
}

type Others = Omit<GatewayOptions, 'description' | 'answers' | 'reports' | keyof PortControlOptions>;

function completeOthers(options: Others): Complete<Others> {
  const igdVersion = options.igdVersion ?? 2;
  return withDefaults<Others>(options, {
    igdVersion,
    connectionService: 'ip',
    hasIPv6Firewall: igdVersion === 2,
    refusals: {},
    omittedActions: [],
    friendlyName: 'Simulated router',
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
    otherConnections: [],
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
    longestLease: 4_294_967_295,
    grantedLease: null,
    allowsRenewal: true,
    isSwitchedOff: false,
    dropsRemoteHost: false,
    allowsExternalPortWildcard: false,
    requiresSamePorts: false,
    requiresAnyRemoteHost: false,
    requiresExternalPortWildcard: false,
    requiresDescription: false,
    forbiddenInDescriptions: '',
    maxDescriptionLength: 256,
    requiresQuotedSoapAction: false,
    ignoresServiceType: false,
    ignoresArgumentOrder: false,
    stateQueries: 'none',
    isFirewallEnabled: true,
    areInboundPinholesAllowed: true,
    pinholeCapacity: 128,
    outboundPinholeTimeout: 180,
    answeredTargets: 'all',
    answersSearches: 'both',
    subscriptionSeconds: [1_800, 86_400],
    subscriptionCapacity: 64,
    maxAge: 1_800,
    maxSearchDelayMs: 20,
  });
}

export function isPortIn(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([from, to]) => port >= from && port <= to);
}
