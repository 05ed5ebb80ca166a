export type { AddressFamily, Datagram, Endpoint, Header, Headers, HttpRequest, HttpResponse } from './messages.ts';
export { headerValue } from './messages.ts';
export type {
  AbortSignalLike,
  ClockPort,
  DatagramOptions,
  DatagramPort,
  DatagramSocket,
  HttpOptions,
  HttpPort,
  InterfaceAddress,
  InterfacesPort,
  RandomPort,
  Transport,
} from './ports.ts';
export type {
  InvalidArgumentError,
  MalformedError,
  NoGatewayError,
  PolicyError,
  PolicyErrorCode,
  PortwrightError,
  RejectedCandidate,
  TransportError,
  TransportErrorCode,
  UpnpFaultError,
} from './errors.ts';
export { CLOCK_PORT, DATAGRAM_PORT, HTTP_PORT, INTERFACES_PORT, RANDOM_PORT, TRANSPORT } from './tokens.ts';
