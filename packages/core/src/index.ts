/**
 * The codecs (SSDP, SOAP, device descriptions, the actions as data), the ports that a transport offers, errors, and Godot's
 * names for all of it. To open ports: `@portwright/core/mapping`; for single UPnP requests: `@portwright/core/upnp`.
 */
export type {
  AddressFamily,
  Datagram,
  Endpoint,
  Header,
  Headers,
  HttpRequest,
  HttpResponse,
  UnconnectedInterface,
} from './messages.ts';
export { headerValue } from './messages.ts';
export { printable } from './text.ts';
export type {
  AbortSignalLike,
  ClockPort,
  DatagramOptions,
  DatagramPort,
  DatagramSocket,
  DefaultRouter,
  EventListener,
  EventsPort,
  FilePort,
  HttpOptions,
  HttpPort,
  InterfaceAddress,
  InterfacesPort,
  RandomPort,
  Transport,
} from './ports.ts';
export type {
  CallError,
  InvalidArgumentError,
  LateAnswer,
  MalformedError,
  NoGatewayError,
  PolicyError,
  PolicyErrorCode,
  PortwrightError,
  RefusalCode,
  RefusalError,
  RejectedCandidate,
  SearchedInterface,
  SearchFacts,
  TransportError,
  TransportErrorCode,
  UnsearchedInterface,
  UpnpFaultError,
} from './errors.ts';
export { orThrow, PortwrightException, type ErrorData, type ResultLike, type ResultLikeAsync } from './exception.ts';
export { CLOCK_PORT, DATAGRAM_PORT, HTTP_PORT, INTERFACES_PORT, RANDOM_PORT, TRANSPORT } from './tokens.ts';

// SSDP
export type { MSearch, NotifyAlive, NotifyByebye, NotifyUpdate, SearchResponse, SsdpMessage } from './ssdp/message.ts';
export { decodeSsdpMessage } from './ssdp/decode.ts';
export { encodeMSearch } from './ssdp/encode-m-search.ts';
export { encodeSsdpMessage } from './ssdp/encode.ts';
export { SSDP_GROUPS, SSDP_PORT } from './ssdp/multicast.ts';
export { searchSchedule, type ScheduledSearch, type SearchScheduleOptions } from './ssdp/search-schedule.ts';
export { GATEWAY_SEARCH_TARGETS, SEARCH_TARGETS } from './ssdp/search-targets.ts';

// Descriptions
export { classifyAddress, type AddressClass } from './addresses/address-class.ts';
export { decodeDeviceDescription, type DeviceDescription } from './description/device-description.ts';
export { devicesOf, servicesOf, type Device, type LocatedService, type Service } from './description/device-tree.ts';
export {
  checkGatewayUrl,
  checkLocation,
  checkRedirect,
  checkServiceUrl,
  type LocationPolicy,
  type UrlError,
} from './description/location-policy.ts';
export {
  decodeServiceDescription,
  type ActionDescription,
  type AllowedRange,
  type ArgumentDescription,
  type ServiceDescription,
  type StateVariable,
} from './description/service-description.ts';
export { parseUpnpType, type UpnpType } from './description/upnp-type.ts';

// Actions
export type { ActionInput, ActionName, ActionOutput, ServiceDeclaration } from './igd/declaration.ts';
export { decodeCall, encodeCall, type ServiceAddress } from './igd/call.ts';
export { layer3Forwarding, type Layer3Forwarding } from './igd/layer3-forwarding.ts';
export { wanCommonInterfaceConfig, type WanCommonInterfaceConfig } from './igd/wan-common-interface-config.ts';
export { wanIpConnection, type WanIpConnection } from './igd/wan-ip-connection.ts';
export { wanIpv6FirewallControl, type WanIpv6FirewallControl } from './igd/wan-ipv6-firewall-control.ts';
export { wanPppConnection, type WanPppConnection } from './igd/wan-ppp-connection.ts';

// What every entry speaks of
export type { CallOptions } from './call-options.ts';
export type { MappingKey, PortMapping, Protocol, ProtocolName } from './port-mapping.ts';

// Godot's names for all of it
export { IGDStatus } from './godot/igd-status.ts';
export { UPNP } from './godot/upnp.ts';
export { UPNPDevice } from './godot/upnp-device.ts';
export { UPNPResult } from './godot/upnp-result.ts';
