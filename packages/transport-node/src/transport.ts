import type { Transport } from '@portwright/core';
import { assertArguments, options as optionsOf, OPTIONS, optional } from '@portwright/core/internal';
import { nodeClock } from './clock.ts';
import { nodeDatagram } from './datagram.ts';
import { nodeEvents } from './events.ts';
import { nodeHttp } from './http.ts';
import type { NodeHttpOptions } from './http.ts';
import { nodeInterfaces } from './interfaces.ts';
import { nodeRandom } from './random.ts';

export interface NodeTransportOptions {
  readonly http?: NodeHttpOptions;
}

const TRANSPORT_OPTIONS = optionsOf({ http: optional(OPTIONS) });

/**
 * Everything that the core asks of the world, on Node 20.19 or later. It holds nothing open between calls.
 *
 * @throws PortwrightException (`invalid-argument`) for options that are none
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport {
  assertArguments(['options', options, TRANSPORT_OPTIONS]);
  return {
    http: nodeHttp(options.http),
    datagram: nodeDatagram(),
    interfaces: nodeInterfaces(),
    clock: nodeClock(),
    random: nodeRandom(),
    events: nodeEvents(),
  };
}
