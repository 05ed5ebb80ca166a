export { nodeTransport } from './transport.ts';
export type { NodeTransportOptions } from './transport.ts';
export { nodeHttp } from './http.ts';
export type { NodeHttpOptions } from './http.ts';
export { nodeDatagram } from './datagram.ts';
export { nodeInterfaces } from './interfaces.ts';
export { nodeClock } from './clock.ts';
export { nodeRandom } from './random.ts';
