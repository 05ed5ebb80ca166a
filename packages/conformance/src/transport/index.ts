/**
 * The contract of the ports, for who writes an adapter: what `ports.ts` of the core promises, as cases that can be run
 * against any transport, with Vitest, with node:test, or without either.
 */
export { describeTransport, type TestFramework } from './describe-transport.ts';
export {
  bindCases,
  type BoundCase,
  type CaseResult,
  checkTransport,
  CONTRACT,
  PORT_NAMES,
  type TransportSubject,
} from './check-transport.ts';
export type { ContractClause, PortName } from './contract-case.ts';
export type {
  Ability,
  Answer,
  DatagramPeer,
  HttpPeer,
  HttpServer,
  MulticastPlace,
  Outcome,
  Peer,
  PeerConnection,
  PeerRequest,
  PeerSocket,
  WireStep,
} from './peer.ts';
