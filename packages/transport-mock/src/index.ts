export { simulateGateway } from './simulate-gateway.ts';
export type { SimulatedGateway, SimulateGatewayOptions } from './simulate-gateway.ts';
export { putForeignMappings, surroundings } from './surroundings.ts';
export type { Surroundings } from './surroundings.ts';
export type { ConnectionOptions, GatewayConfig, GatewayOptions, PortRange } from './gateway/gateway-options.ts';
export type { MappingProtocol, SimulatedMapping } from './gateway/mapping-table.ts';
export { summarizeExchange } from './exchange-summary.ts';
export type { ExchangeSummary } from './exchange-summary.ts';
export type {
  EventExchange,
  Exchange,
  GarbageExchange,
  HttpExchange,
  PortControlExchange,
  SearchExchange,
} from './recording.ts';
export { FAULTS } from './faults/catalogue.ts';
export type { FaultName } from './faults/catalogue.ts';
export type {
  Around,
  FaultControls,
  FaultDefinition,
  FaultEnvironment,
  FaultHooks,
  InjectedFault,
  InjectOptions,
  InterceptedCall,
  PortControlContext,
  PortControlOccasion,
  RequestContext,
  RequestPurpose,
  SearchContext,
} from './faults/fault.ts';
export { PERSONAS } from './personas/index.ts';
export type { PersonaName } from './personas/index.ts';
export { protocolsOf } from './personas/persona.ts';
export type { Persona } from './personas/persona.ts';
export type { AnswerOptions } from './http/answer-style.ts';
export type { DescriptionOptions } from './description/description-options.ts';
export type { DeviceOutline, ServiceOutline } from './description/outline.ts';
export type { PcpDetails, PeerFilter } from './gateway/mapping-table.ts';
export type { PcpOptions } from './pcp/pcp-options.ts';
export type { NatPmpOptions } from './nat-pmp/nat-pmp-options.ts';
export type { GatewayProtocol, PortControlOptions } from './port-control/port-control-options.ts';
export type { Refusal, RefusalOptions } from './gateway/refusal-options.ts';
export type { ReportOptions } from './gateway/report-options.ts';
export { MemoryNetwork } from './network/memory-network.ts';
export type { AnyMemoryNetwork, MemoryNetworkOptions } from './network/memory-network.ts';
export type { ClientLink, ClientOptions, OtherAddress6 } from './network/client.ts';
export { chattyHost } from './network/chatty-host.ts';
export type { ChattyHost, ChattyHostOptions } from './network/chatty-host.ts';
export { deadHost, quietHost } from './network/network-host.ts';
export type { HttpListener } from './network/http-listeners.ts';
export type { DatagramOutcome, HttpOutcome, NetworkHost, ReplyDatagram } from './network/network-host.ts';
export type { WanHostOptions } from './network/wan-side.ts';
export { VirtualClock } from './clock/virtual-clock.ts';
export type { VirtualClockOptions } from './clock/virtual-clock.ts';
export type { Duration } from './clock/duration.ts';
export { seededRandom } from './seeded-random.ts';
