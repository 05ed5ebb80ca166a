import type { Datagram, DatagramPort, Endpoint } from '@portwright/core';
import { nodeClock } from '@portwright/transport-node';
import { MemoryNetwork } from '@portwright/transport-mock';
import { err, errAsync, ok } from '@portwright/core/result';
import { describe, expect, test, vi } from 'vitest';
import { CONTRACT } from '../check-transport.ts';
import { withoutZone } from '../expectations.ts';
import { memoryPeer } from '../memory-peer.test-support.ts';
import { nodePeer } from '../node-peer.ts';
import { datagramByHand } from './datagram-by-hand.test-support.ts';
import {
  DATAGRAM_DEFECTS,
  type DatagramDefect,
  NETWORK_DEFECTS,
  type NetworkDefect,
} from './datagram-defects.test-support.ts';
import { checkAll, expectFlagged, type Surroundings } from './mutants.test-support.ts';

// Most of the time is spent waiting.
vi.setConfig({ maxConcurrency: 8 });

function onSockets(defect: DatagramDefect | null): Surroundings {
  const peer = nodePeer();
  const datagram = datagramByHand(defect, peer.datagram.multicast('ipv4')?.strangeGroup ?? '');
  return { ports: { datagram }, peer, clock: nodeClock() };
}

function onNetwork(defect: NetworkDefect | null): Surroundings {
  const network = new MemoryNetwork();
  const datagram = spoilt(network.transport().datagram, defect);
  return { ports: { datagram }, peer: memoryPeer(network), clock: network.clock };
}

function spoilt(good: DatagramPort, defect: NetworkDefect | null): DatagramPort {
  return {
    open: (options) =>
      good
        .open(defect === 'datagram/multicast-ttl' && options.ttl === 0 ? { ...options, ttl: 1 } : options)
        .orElse((error) =>
          defect === 'datagram/connected-unreachable' && error.code === 'unreachable'
            ? good.open({ ...options, remote: undefined })
            : errAsync(error),
        )
        .map((socket) => ({
          local: defect === 'datagram/connected-zone' ? bare(socket.local) : socket.local,
          close: () => socket.close(),
          send: (payload, to) => {
            const isOutOfReach = (code: string): boolean =>
              defect === 'datagram/sent-unreachable' && code === 'unreachable';
            return socket.send(payload, to).orElse((error) => (isOutOfReach(error.code) ? ok(undefined) : err(error)));
          },
          datagrams: defect === 'datagram/multicast-ipv6' ? withoutZones(socket.datagrams) : socket.datagrams,
        })),
  };
}

async function* withoutZones(datagrams: AsyncIterable<Datagram>): AsyncGenerator<Datagram, void> {
  for await (const { payload, from } of datagrams) {
    yield { payload, from: bare(from) };
  }
}

function bare({ address, port }: Endpoint): Endpoint {
  return { address: withoutZone(address), port };
}

const check = (make: () => Surroundings) => checkAll('datagram', make);

test('sockets by hand pass, and so does the simulated network', async () => {
  const results = [...(await check(() => onSockets(null))), ...(await check(() => onNetwork(null)))];
  expect(results.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped')).toEqual([]);
});

describe('sockets with one defect miss the one case that is about it', () => {
  test.concurrent.each(Object.entries(DATAGRAM_DEFECTS))('%s: %s', async (id) => {
    expectFlagged(await check(() => onSockets(id as DatagramDefect)), id);
  });

  test.each(Object.entries(NETWORK_DEFECTS))('%s: %s', async (id) => {
    expectFlagged(await check(() => onNetwork(id as NetworkDefect)), id);
  });
});

test('every case has a defect, and every defect a case', () => {
  const cases = CONTRACT.map(({ id }) => id).filter((id) => id.startsWith('datagram/'));
  expect(Object.keys({ ...DATAGRAM_DEFECTS, ...NETWORK_DEFECTS }).toSorted()).toEqual(cases.toSorted());
});
