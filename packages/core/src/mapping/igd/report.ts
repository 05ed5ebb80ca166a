import { sameHost } from '../../addresses/ip-address.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../../arguments.ts';
import { connectionState, type ConnectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf } from '../../client/internal-client.ts';
import type { CallOptions } from '../../call-options.ts';
import { listMappings } from './list.ts';
import { firewallStatus, type FirewallStatus } from './pinholes.ts';

/** All that a gateway tells of itself. Null stands for what it did not tell, or what is not there. */
export interface GatewayReport {
  readonly state: ConnectionState;
  /** Whether it translates addresses; without, mappings are of no use. */
  readonly natEnabled: boolean | null;
  /** `DSL`, `POTS`, `Cable`, `Ethernet` or what a vendor has added. Untrusted. */
  readonly accessType: string | null;
  /** `Up`, `Down`, `Initializing`, `Unavailable`. Untrusted. */
  readonly physicalLink: string | null;
  /** Bits a second. */
  readonly upstreamBitRate: number | null;
  readonly downstreamBitRate: number | null;
  /** Since the gateway's start. By the book each wraps at 4294967296, but many gateways count on. */
  readonly counters: TrafficCounters;
  /** `uuid:...,serviceId`. Untrusted. */
  readonly defaultConnectionService: string | null;
  readonly firewall: FirewallStatus | null;
  readonly mappings: MappingCount | null;
}

/** What is in the mapping table; {@link listMappings} gives the entries. */
export interface MappingCount {
  /** With those that can't be read. */
  readonly all: number;
  readonly unreadable: number;
  /** Those that lead to this host. */
  readonly own: number;
  /** False where the gateway broke the listing off: there may be more then. */
  readonly complete: boolean;
}

export interface TrafficCounters {
  readonly bytesSent: number | null;
  readonly bytesReceived: number | null;
  readonly packetsSent: number | null;
  readonly packetsReceived: number | null;
}

const NOTHING: Omit<GatewayReport, 'state'> = {
  natEnabled: null,
  accessType: null,
  physicalLink: null,
  upstreamBitRate: null,
  downstreamBitRate: null,
  counters: { bytesSent: null, bytesReceived: null, packetsSent: null, packetsReceived: null },
  defaultConnectionService: null,
  firewall: null,
  mappings: null,
};

/**
 * Asks for everything, one after another; what a gateway refuses is null, and takes nothing else with it. Arguments that
 * are none are told in the state's `errors`.
 */
export async function gatewayReport(gateway: Gateway, options: CallOptions = {}): Promise<GatewayReport> {
  const state = await connectionState(gateway, options);
  if (checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]).isErr())
    return { state, ...NOTHING };
  const { connection, commonInterface, forwarding } = gateway;
  const nat = (await connection.call('GetNATRSIPStatus', {}, options)).unwrapOr(null);
  const link = (await commonInterface?.call('GetCommonLinkProperties', {}, options))?.unwrapOr(null);
  const counters: TrafficCounters = {
    bytesSent: valueOf(await commonInterface?.call('GetTotalBytesSent', {}, options), 'NewTotalBytesSent'),
    bytesReceived: valueOf(await commonInterface?.call('GetTotalBytesReceived', {}, options), 'NewTotalBytesReceived'),
    packetsSent: valueOf(await commonInterface?.call('GetTotalPacketsSent', {}, options), 'NewTotalPacketsSent'),
    packetsReceived: valueOf(
      await commonInterface?.call('GetTotalPacketsReceived', {}, options),
      'NewTotalPacketsReceived',
    ),
  };
  const defaultService = await forwarding?.call('GetDefaultConnectionService', {}, options);
  const firewall = gateway.firewall === null ? null : (await firewallStatus(gateway, options)).unwrapOr(null);
  return {
    state,
    natEnabled: nat?.NewNATEnabled ?? null,
    accessType: link?.NewWANAccessType ?? null,
    physicalLink: link?.NewPhysicalLinkStatus ?? null,
    upstreamBitRate: link?.NewLayer1UpstreamMaxBitRate ?? null,
    downstreamBitRate: link?.NewLayer1DownstreamMaxBitRate ?? null,
    counters,
    defaultConnectionService: valueOf(defaultService, 'NewDefaultConnectionService'),
    firewall,
    mappings: await countMappings(gateway, options),
  };
}

async function countMappings(gateway: Gateway, options?: CallOptions): Promise<MappingCount | null> {
  const listed = (await listMappings(gateway, options)).unwrapOr(null);
  if (listed === null) return null;
  const { mappings, complete } = listed;
  const unreadable = listed.unreadable.length;
  const all = mappings.length + unreadable;
  // One that tells nothing at all has not said that there is nothing.
  if (all === 0 && !complete) return null;
  const host = (await internalClientOf(gateway, undefined)).unwrapOr(null);
  return {
    all,
    unreadable,
    own: mappings.filter((one) => host !== null && sameHost(one.internalClient, host) === 'same').length,
    complete,
  };
}

/** One value of an answer; null where there was none. */
function valueOf<Name extends string, Value>(
  answer: { unwrapOr(fallback: null): Readonly<Record<Name, Value | null>> | null } | undefined,
  name: Name,
): Value | null {
  return answer?.unwrapOr(null)?.[name] ?? null;
}
