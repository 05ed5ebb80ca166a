/** Which datagrams answer which PCP request, and what is sent. */
import { describe, expect, it } from 'vitest';
import { decodePcpRequest } from '../../pcp/decode.ts';
import { encodePcpResponse } from '../../pcp/encode.ts';
import type { PcpResponse } from '../../pcp/message.ts';
import type { MapRequest } from '../port-control/port-control.ts';
import { PCP } from './protocol.ts';

const NONCE = '0123456789abcdef01234567';
const REQUEST: MapRequest = {
  protocol: 'UDP',
  internalPort: 7000,
  externalPort: 7777,
  externalAddress: null,
  lifetimeSeconds: 3600,
  nonce: NONCE,
  isExact: false,
};

function sent(changes: Partial<MapRequest> = {}, client = '192.168.1.20') {
  return decodePcpRequest(PCP.mapRequest({ ...REQUEST, ...changes }, client)._unsafeUnwrap())._unsafeUnwrap();
}

describe('a request', () => {
  it('has the sender, the nonce and both ports, and suggests any address', () => {
    expect(sent()).toEqual({
      opcode: 'map',
      clientAddress: '192.168.1.20',
      lifetimeSeconds: 3600,
      nonce: NONCE,
      protocol: 17,
      internalPort: 7000,
      externalPort: 7777,
      externalAddress: '0.0.0.0',
      options: [],
    });
  });

  it('suggests all zeros of the family, or the last address', () => {
    expect(sent({}, '2a02::20')).toMatchObject({ externalAddress: expect.stringMatching(/^::$|^0(:0){7}$/) as string });
    expect(sent({ externalAddress: '203.0.113.9' })).toMatchObject({ externalAddress: '203.0.113.9' });
  });

  it('for one port and no other has PREFER_FAILURE, and for TCP its number', () => {
    expect(sent({ isExact: true, protocol: 'TCP' })).toMatchObject({
      options: [{ code: 'prefer-failure' }],
      protocol: 6,
    });
  });

  it('that deletes has no option, and suggests nothing', () => {
    const deletion = sent({ lifetimeSeconds: 0, isExact: true, externalAddress: '203.0.113.9' });
    expect(deletion).toMatchObject({
      lifetimeSeconds: 0,
      externalPort: 0,
      externalAddress: '0.0.0.0',
      options: [],
      nonce: NONCE,
    });
  });

  it('that asks whether it is there is an ANNOUNCE', () => {
    const question = decodePcpRequest(PCP.question('192.168.1.20')._unsafeUnwrap())._unsafeUnwrap();
    expect(question).toMatchObject({ opcode: 'announce', clientAddress: '192.168.1.20' });
  });
});

const RESPONSE: PcpResponse = {
  opcode: 'map',
  resultCode: 0,
  lifetimeSeconds: 600,
  epochSeconds: 42,
  options: [],
  nonce: NONCE,
  protocol: 17,
  internalPort: 7000,
  externalPort: 7778,
  externalAddress: '203.0.113.9',
};

function read(changes: Partial<PcpResponse>, request: MapRequest | null = REQUEST) {
  return PCP.read(encodePcpResponse({ ...RESPONSE, ...changes } as PcpResponse)._unsafeUnwrap(), request);
}

describe('an answer', () => {
  it('to a MAP has the port, the address, the lifetime and the epoch', () => {
    expect(read({})).toEqual({
      kind: 'mapped',
      epochSeconds: 42,
      externalPort: 7778,
      externalAddress: '203.0.113.9',
      lifetimeSeconds: 600,
    });
  });

  it.each([
    ['another nonce', { nonce: '0123456789abcdef01234568' }],
    ['another protocol', { protocol: 6 }],
    ['another internal port', { internalPort: 7001 }],
    ['internal port 0', { internalPort: 0 }],
    ['another opcode', { opcode: 'announce' }],
    ['another nonce, refused', { nonce: 'ffffffffffffffffffffffff', resultCode: 2 }],
  ] as const)('with %s answers another request', (_what, changes) => {
    expect(read(changes)).toBe(null);
  });

  it('to an ANNOUNCE is none to a MAP, and the reverse', () => {
    expect(read({ opcode: 'announce' }, null)).toEqual({ kind: 'present', epochSeconds: 42 });
    expect(read({}, null)).toBe(null);
  });

  it('that refuses has the result and its lifetime', () => {
    expect(read({ resultCode: 8, lifetimeSeconds: 30 })).toEqual({
      kind: 'refused',
      epochSeconds: 42,
      resultCode: 8,
      lifetimeSeconds: 30,
    });
  });

  it.each([
    ['NAT-PMP alone', [0, 129, 0, 1, 0, 0, 0, 9], { kind: 'other-version', version: 0 }],
    ['version 1', [1, 129, 0, 1, ...new Uint8Array(20)], { kind: 'other-version', version: 1 }],
    ['the odd length of miniupnpd: result 3', [0, 128, 0, 3, 0, 0, 0, 9], null],
    ['a request', [0, 1, 0, 1, 0, 0, 0, 9], null],
    ['nothing', [], null],
    ['a short one', [2, 129, 0, 0], null],
  ])('of version 0 or 1, or none: %s', (_what, bytes, expected) => {
    expect(PCP.read(Uint8Array.from(bytes), REQUEST)).toEqual(expected);
  });
});
