import { MemoryNetwork } from '@portwright/transport-mock';
import { describe, test } from 'vitest';
import { describeTransport } from './describe-transport.ts';
import { memoryPeer } from './memory-peer.test-support.ts';

const network = new MemoryNetwork();

describeTransport({ describe, test }, 'the simulated network', {
  ports: network.transport(),
  peer: memoryPeer(network),
  clock: network.clock,
});
