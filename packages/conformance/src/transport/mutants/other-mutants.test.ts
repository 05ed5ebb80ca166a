import { VirtualClock } from '@portwright/transport-mock';
import { nodeClock } from '@portwright/transport-node';
import { describe, expect, test } from 'vitest';
import { CONTRACT } from '../check-transport.ts';
import type { PortName } from '../contract-case.ts';
import { nodePeer } from '../node-peer.ts';
import { checkAll, expectFlagged } from './mutants.test-support.ts';
import {
  eventsByHand,
  OTHER_DEFECTS,
  type OtherDefect,
  ROUTERS,
  spoiltClock,
  spoiltInterfaces,
  spoiltRandom,
} from './other-mutants.test-support.ts';

const PORTS = ['clock', 'random', 'interfaces', 'events'] as const;

function check(port: PortName, defect: OtherDefect | null) {
  return checkAll(port, () => {
    // A clock with a defect differs from a good one on virtual time alone: a real one may be late for any reason.
    const clock = port === 'clock' ? new VirtualClock() : nodeClock();
    const peer = nodePeer();
    const lacks = Object.fromEntries(Object.entries(peer.lacks).filter(([ability]) => ability !== 'default-routers'));
    return {
      ports: {
        clock: spoiltClock(clock, defect),
        random: spoiltRandom(defect),
        interfaces: spoiltInterfaces(defect),
        events: eventsByHand(defect),
      },
      peer: { ...peer, defaultRouters: ROUTERS, lacks },
      clock,
    };
  });
}

test.each(PORTS)('%s without a defect passes', async (port) => {
  expect((await check(port, null)).filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
});

describe('a port with one defect misses the one case that is about it', () => {
  test.concurrent.each(Object.entries(OTHER_DEFECTS))('%s: %s', async (id) => {
    const port = PORTS.find((name) => id.startsWith(`${name}/`)) ?? 'clock';
    expectFlagged(await check(port, id as OtherDefect), id);
  });
});

test('every case has a defect, and every defect a case', () => {
  const cases = CONTRACT.map(({ id }) => id).filter((id) => PORTS.some((name) => id.startsWith(`${name}/`)));
  expect(Object.keys(OTHER_DEFECTS).toSorted()).toEqual(cases.toSorted());
});
