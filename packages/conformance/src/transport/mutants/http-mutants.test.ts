import { nodeClock } from '@portwright/transport-node';
import { describe, expect, test, vi } from 'vitest';
import { CONTRACT } from '../check-transport.ts';
import { nodePeer } from '../node-peer.ts';
import { httpByHand } from './http-by-hand.test-support.ts';
import { HTTP_DEFECTS, type HttpDefect } from './http-defects.test-support.ts';
import { checkAll, expectFlagged } from './mutants.test-support.ts';

// Most of the time is spent waiting.
vi.setConfig({ maxConcurrency: 8 });

const check = (defect: HttpDefect | null) =>
  checkAll('http', () => ({ ports: { http: httpByHand(defect) }, peer: nodePeer(), clock: nodeClock() }));

test('a client by hand passes', async () => {
  expect((await check(null)).filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
});

describe('a client with one defect misses the one case that is about it', () => {
  test.concurrent.each(Object.entries(HTTP_DEFECTS))('%s: %s', async (id) => {
    expectFlagged(await check(id as HttpDefect), id);
  });
});

test('every case has a defect, and every defect a case', () => {
  const cases = CONTRACT.map(({ id }) => id).filter((id) => id.startsWith('http/'));
  expect(Object.keys(HTTP_DEFECTS).toSorted()).toEqual(cases.toSorted());
});
