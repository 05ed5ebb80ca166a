/**
 * What only UPnP has: devices that are searched for and described, the gateways among them, and everything that takes a
 * gateway, from a single request to a report. {@link igdMapper} makes a port mapper of a gateway, for
 * `@portwright/core/mapping`.
 */

// Finding gateways
export { discover, type DiscoverOptions, type DiscoveredDevice, type Discovery } from './client/discover.ts';
export { findGateway, type FindGatewayError, type FindGatewayOptions } from './client/find-gateway.ts';
export { findKnownGateway } from './mapping/igd/find-known-gateway.ts';
export { gatewayAt, type GatewayAtError, type GatewayAtOptions } from './client/gateway-at.ts';
export type { SearchAnswer, SearchError, SearchOptions, SearchReport } from './client/search-types.ts';
export type { GatewayWarning } from './client/gateway-warnings.ts';
export type { FoundGateway } from './client/select-gateway.ts';

// A gateway step by step
export { fetchDescription, type DescribeError, type FetchedDescription } from './client/fetch-description.ts';
export { selectServices, type GatewayServices, type ServiceSelection } from './client/select-services.ts';
export { createGateway, type Gateway } from './client/gateway.ts';
export type { ServiceClient } from './client/service-client.ts';

// Single requests
export { addMapping, type AddMappingOptions } from './client/add-mapping.ts';
export { connectionState, type ConnectionState } from './client/connection-state.ts';
export { deleteMapping } from './client/delete-mapping.ts';
export { walkMappings, type MappingList } from './client/walk-mappings.ts';
export type { UnreadableMapping } from './igd/port-listing.ts';

// Everything a gateway reports
export { gatewayReport, type GatewayReport, type MappingCount, type TrafficCounters } from './mapping/igd/report.ts';
export { listMappings, type ListMappingsOptions } from './mapping/igd/list.ts';
export { GatewayWatch, watchGateway, type WatchOptions } from './mapping/watch/watch.ts';

// The IPv6 firewall
export {
  addPinhole,
  checkPinhole,
  deletePinhole,
  firewallStatus,
  outboundPinholeTimeout,
  pinholePackets,
  updatePinhole,
  type FirewallStatus,
  type OutboundOptions,
  type Pinhole,
  type PinholeOptions,
} from './mapping/igd/pinholes.ts';
export type { PinholeCallOptions } from './mapping/igd/pinhole-call.ts';

// A gateway as a port mapper
export { gatewayOf, igdMapper, type IgdMapper } from './mapping/igd/mapper.ts';
export { toFoundMapper } from './mapping/igd/find-igd-mapper.ts';
export { MAX_ATTEMPTS } from './mapping/attempts.ts';
export { retryPolicy } from './mapping/igd/retry-policy.ts';
