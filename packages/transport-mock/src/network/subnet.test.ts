import { expect, test } from 'vitest';
import { movedBy } from './subnet.ts';

test.each([
  ['192.168.1.2', 0, 24, '192.168.1.2'],
  ['192.168.1.2', 1, 24, '192.168.2.2'],
  ['192.168.255.2', 1, 24, '192.169.0.2'],
  ['10.0.0.200', 1, 25, '10.0.1.72'],
  ['255.255.255.7', 1, 24, '0.0.0.7'],
  ['fd77::2', 1, 24, 'fd77:0:0:1:0:0:0:2'],
  ['fd77::2', 3, 24, 'fd77:0:0:3:0:0:0:2'],
  ['no address', 1, 24, 'no address'],
] as const)('%s, %i subnets on with a prefix of %i bits, is %s', (address, subnets, prefixLength, moved) => {
  expect(movedBy(address, subnets, prefixLength)).toBe(moved);
});
