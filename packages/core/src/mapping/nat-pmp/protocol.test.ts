/** Which datagrams answer which NAT-PMP request, and what is sent. */
import { describe, expect, it } from 'vitest';
import type { MapRequest } from '../port-control/port-control.ts';
import { NAT_PMP } from './protocol.ts';

const REQUEST: MapRequest = {
  protocol: 'UDP',
  internalPort: 7000,
  externalPort: 7777,
  externalAddress: '203.0.113.9',
  lifetimeSeconds: 3600,
  nonce: '0123456789abcdef01234567',
  isExact: true,
};

function sent(changes: Partial<MapRequest> = {}): readonly number[] {
  return [...NAT_PMP.mapRequest({ ...REQUEST, ...changes }, '192.168.1.20')._unsafeUnwrap()];
}

it('asks for ports, deletes with external port 0, and asks for the address', () => {
  expect(sent()).toEqual([0, 1, 0, 0, 0x1b, 0x58, 0x1e, 0x61, 0, 0, 0x0e, 0x10]);
  expect(sent({ protocol: 'TCP' })[1]).toBe(2);
  expect(sent({ lifetimeSeconds: 0 })).toEqual([0, 1, 0, 0, 0x1b, 0x58, 0, 0, 0, 0, 0, 0]);
  expect([...NAT_PMP.question('192.168.1.20')._unsafeUnwrap()]).toEqual([0, 0]);
});

/** Opcode, result, epoch 42 and what follows. */
function read(opcode: number, result: number, rest: readonly number[], request: MapRequest | null = REQUEST) {
  return NAT_PMP.read(Uint8Array.from([0, opcode, 0, result, 0, 0, 0, 42, ...rest]), request);
}

const MAPPED = [0x1b, 0x58, 0x1e, 0x62, 0, 0, 0, 60];
const GRANTED = { kind: 'mapped', epochSeconds: 42, externalPort: 7778, lifetimeSeconds: 60 };

describe('an answer', () => {
  it.each([
    ['has the port, the lifetime and the epoch', 129, 0, MAPPED, GRANTED],
    ['of ProtonVPN has internal port 0', 129, 0, [0, 0, ...MAPPED.slice(2)], GRANTED],
    ['with another internal port is for another request', 129, 0, [0x1b, 0x59, ...MAPPED.slice(2)], null],
    ['for TCP is for another request', 130, 0, MAPPED, null],
    ['to the address question is for another request', 128, 0, [203, 0, 113, 9], null],
    ['that refuses', 129, 2, MAPPED, { kind: 'refused', epochSeconds: 42, resultCode: 2, lifetimeSeconds: 0 }],
    ['that refuses the opcode', 129, 5, [], { kind: 'refused', epochSeconds: 42, resultCode: 5, lifetimeSeconds: 0 }],
    ['that refuses another opcode', 130, 5, [], null],
    ['cut off', 129, 0, MAPPED.slice(1), null],
  ])('%s', (_what, opcode, result, rest, expected) => {
    expect(read(opcode, result, rest)).toEqual(expected);
  });

  it.each([
    ['has the address', 0, [203, 0, 113, 9], { kind: 'present', epochSeconds: 42, externalAddress: '203.0.113.9' }],
    ['of a router behind another one', 3, [0, 0, 0, 0], { kind: 'present', epochSeconds: 42, externalAddress: null }],
    ['with a success, and no address', 0, [0, 0, 0, 0], { kind: 'present', epochSeconds: 42, externalAddress: null }],
    [
      'of a router that forbids it',
      2,
      [0, 0, 0, 0],
      { kind: 'refused', epochSeconds: 42, resultCode: 2, lifetimeSeconds: 0 },
    ],
  ])('to the address question %s', (_what, result, rest, expected) => {
    expect(read(128, result, rest, null)).toEqual(expected);
  });

  it('of a mapping is none to the address question', () => {
    expect(read(129, 0, MAPPED, null)).toBe(null);
  });

  it('of a PCP server that does not know NAT-PMP names its version', () => {
    const bytes = Uint8Array.of(2, 129, 0, 1, ...new Uint8Array(20));
    expect(NAT_PMP.read(bytes, REQUEST)).toEqual({ kind: 'other-version', version: 2 });
  });
});
