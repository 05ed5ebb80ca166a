import { nodeClock, nodeTransport } from '@portwright/transport-node';
import { describe, test } from 'vitest';
import { describeTransport } from './describe-transport.ts';
import { nodePeer } from './node-peer.ts';

describeTransport({ describe, test }, 'transport-node', {
  ports: nodeTransport(),
  peer: nodePeer(),
  clock: nodeClock(),
});
