import { expect, it } from 'vitest';
import { NAT_PMP_RESULTS } from '../nat-pmp/results.ts';
import { PCP_RESULTS } from './results.ts';

it('PCP has the names and lifetimes of RFC 6887, 7.4', () => {
  expect(Object.entries(PCP_RESULTS).map(([code, { name, lifetime }]) => [Number(code), name, lifetime])).toEqual([
    [0, 'SUCCESS', null],
    [1, 'UNSUPP_VERSION', 'long'],
    [2, 'NOT_AUTHORIZED', 'long'],
    [3, 'MALFORMED_REQUEST', 'long'],
    [4, 'UNSUPP_OPCODE', 'long'],
    [5, 'UNSUPP_OPTION', 'long'],
    [6, 'MALFORMED_OPTION', 'long'],
    [7, 'NETWORK_FAILURE', 'short'],
    [8, 'NO_RESOURCES', 'short'],
    [9, 'UNSUPP_PROTOCOL', 'long'],
    [10, 'USER_EX_QUOTA', 'short'],
    [11, 'CANNOT_PROVIDE_EXTERNAL', 'varies'],
    [12, 'ADDRESS_MISMATCH', 'long'],
    [13, 'EXCESSIVE_REMOTE_PEERS', 'long'],
  ]);
});

it('NAT-PMP has the codes of RFC 6886, 3.5, under the names of PCP', () => {
  expect(Object.entries(NAT_PMP_RESULTS).map(([code, { name }]) => [Number(code), name])).toEqual([
    [0, 'SUCCESS'],
    [1, 'UNSUPP_VERSION'],
    [2, 'NOT_AUTHORIZED'],
    [3, 'NETWORK_FAILURE'],
    [4, 'NO_RESOURCES'],
    [5, 'UNSUPP_OPCODE'],
  ]);
});

it('each has a message of its own, for people', () => {
  const messages = Object.values(PCP_RESULTS).map(({ message }) => message);
  expect(new Set(messages).size).toBe(14);
  for (const message of messages.slice(1)) expect(message).toMatch(/^[a-z][\w ]+$/i);
});
