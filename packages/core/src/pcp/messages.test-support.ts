/** PCP messages, byte for byte, as the figures of RFC 6887 have them. */
import type { PcpRequest, PcpResponse } from './message.ts';

/** Hexadecimal digits, in groups and lines. */
export function bytesOfHex(...lines: readonly string[]): Uint8Array {
  const digits = lines.join('').replaceAll(' ', '');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const NONCE = '0102030405060708090a0b0c';

/** The clauses of the figures; the message; its bytes. */
export const REQUESTS: readonly (readonly [clauses: string, message: PcpRequest, datagram: Uint8Array])[] = [
  [
    'ANNOUNCE (7.1, 14.1)',
    { opcode: 'announce', lifetimeSeconds: 0, clientAddress: '192.0.2.20', options: [] },
    bytesOfHex('02 00 0000', '00000000', '00000000 00000000 0000ffff c0000214'),
  ],
  [
    'MAP of a TCP port over IPv4 (7.1, 11.1)',
    {
      opcode: 'map',
      lifetimeSeconds: 7200,
      clientAddress: '192.0.2.20',
      nonce: NONCE,
      protocol: 6,
      internalPort: 7777,
      externalPort: 0,
      externalAddress: '0.0.0.0',
      options: [],
    },
    bytesOfHex(
      ...['02 01 0000', '00001c20', '00000000 00000000 0000ffff c0000214'],
      ...['01020304 05060708 090a0b0c', '06 000000', '1e61 0000', '00000000 00000000 0000ffff 00000000'],
    ),
  ],
  [
    'MAP of a UDP port over IPv6, which must be the suggested one (7.1, 11.1, 13.2)',
    {
      opcode: 'map',
      lifetimeSeconds: 4_294_967_295,
      clientAddress: '2001:db8::20',
      nonce: 'ffffffffffffffffffffffff',
      protocol: 17,
      internalPort: 65_535,
      externalPort: 65_535,
      externalAddress: '::',
      options: [{ code: 'prefer-failure' }],
    },
    bytesOfHex(
      ...['02 01 0000', 'ffffffff', '20010db8 00000000 00000000 00000020'],
      ...['ffffffff ffffffff ffffffff', '11 000000', 'ffff ffff', '00000000 00000000 00000000 00000000'],
      '02 00 0000',
    ),
  ],
  [
    'MAP for another host, with two filters (11.1, 13.1, 13.3)',
    {
      opcode: 'map',
      lifetimeSeconds: 0,
      clientAddress: '192.0.2.20',
      nonce: NONCE,
      protocol: 0,
      internalPort: 0,
      externalPort: 0,
      externalAddress: '0.0.0.0',
      options: [
        { code: 'third-party', address: '192.0.2.30' },
        { code: 'filter', prefixLength: 120, remotePort: 443, remoteAddress: '198.51.100.0' },
        { code: 'filter', prefixLength: 0, remotePort: 0, remoteAddress: '::' },
      ],
    },
    bytesOfHex(
      ...['02 01 0000', '00000000', '00000000 00000000 0000ffff c0000214'],
      ...['01020304 05060708 090a0b0c', '00 000000', '0000 0000', '00000000 00000000 0000ffff 00000000'],
      ...['01 00 0010', '00000000 00000000 0000ffff c000021e'],
      ...['03 00 0014', '00 78 01bb', '00000000 00000000 0000ffff c6336400'],
      ...['03 00 0014', '00 00 0000', '00000000 00000000 00000000 00000000'],
    ),
  ],
  [
    'PEER (7.1, 12.1)',
    {
      opcode: 'peer',
      lifetimeSeconds: 600,
      clientAddress: '192.0.2.20',
      nonce: NONCE,
      protocol: 17,
      internalPort: 5000,
      externalPort: 6000,
      externalAddress: '203.0.113.1',
      remotePort: 53,
      remoteAddress: '198.51.100.7',
      options: [],
    },
    bytesOfHex(
      ...['02 02 0000', '00000258', '00000000 00000000 0000ffff c0000214'],
      ...['01020304 05060708 090a0b0c', '11 000000', '1388 1770', '00000000 00000000 0000ffff cb007101'],
      ...['0035 0000', '00000000 00000000 0000ffff c6336407'],
    ),
  ],
  [
    'unknown options of every padding (7.3)',
    {
      opcode: 'announce',
      lifetimeSeconds: 0,
      clientAddress: '::',
      options: [
        { code: 127, data: Uint8Array.of() },
        { code: 128, data: Uint8Array.of(1) },
        { code: 200, data: Uint8Array.of(1, 2) },
        { code: 254, data: Uint8Array.of(1, 2, 3) },
        { code: 255, data: Uint8Array.of(1, 2, 3, 4) },
        { code: 0, data: Uint8Array.of(1, 2, 3, 4, 5) },
      ],
    },
    bytesOfHex(
      ...['02 00 0000', '00000000', '00000000 00000000 00000000 00000000'],
      ...['7f 00 0000', '80 00 0001', '01000000', 'c8 00 0002', '01020000', 'fe 00 0003', '01020300'],
      ...['ff 00 0004', '01020304', '00 00 0005', '01020304 05000000'],
    ),
  ],
];

export const RESPONSES: readonly (readonly [clauses: string, message: PcpResponse, datagram: Uint8Array])[] = [
  [
    'ANNOUNCE: the server has restarted (7.2, 14.1.3)',
    { opcode: 'announce', resultCode: 0, lifetimeSeconds: 0, epochSeconds: 1, options: [] },
    bytesOfHex('02 80 00 00', '00000000', '00000001', '00000000 00000000 00000000'),
  ],
  [
    'MAP: success (7.2, 11.1)',
    {
      opcode: 'map',
      resultCode: 0,
      lifetimeSeconds: 3600,
      epochSeconds: 16_909_060,
      nonce: NONCE,
      protocol: 6,
      internalPort: 80,
      externalPort: 1024,
      externalAddress: '203.0.113.9',
      options: [],
    },
    bytesOfHex(
      ...['02 81 00 00', '00000e10', '01020304', '00000000 00000000 00000000'],
      ...['01020304 05060708 090a0b0c', '06 000000', '0050 0400', '00000000 00000000 0000ffff cb007109'],
    ),
  ],
  [
    'MAP: success, an IPv6 pinhole with the options that were carried out (7.2, 11.1, 13.2)',
    {
      opcode: 'map',
      resultCode: 0,
      lifetimeSeconds: 120,
      epochSeconds: 4_294_967_295,
      nonce: NONCE,
      protocol: 132,
      internalPort: 7004,
      externalPort: 7004,
      externalAddress: '2001:db8:1:2::a',
      options: [{ code: 'prefer-failure' }, { code: 'third-party', address: '2001:db8:1:2::a' }],
    },
    bytesOfHex(
      ...['02 81 00 00', '00000078', 'ffffffff', '00000000 00000000 00000000'],
      ...['01020304 05060708 090a0b0c', '84 000000', '1b5c 1b5c', '20010db8 00010002 00000000 0000000a'],
      ...['02 00 0000', '01 00 0010', '20010db8 00010002 00000000 0000000a'],
    ),
  ],
  [
    'PEER: success (7.2, 12.1)',
    {
      opcode: 'peer',
      resultCode: 0,
      lifetimeSeconds: 600,
      epochSeconds: 256,
      nonce: NONCE,
      protocol: 17,
      internalPort: 5000,
      externalPort: 6000,
      externalAddress: '203.0.113.1',
      remotePort: 53,
      remoteAddress: '198.51.100.7',
      options: [],
    },
    bytesOfHex(
      ...['02 82 00 00', '00000258', '00000100', '00000000 00000000 00000000'],
      ...['01020304 05060708 090a0b0c', '11 000000', '1388 1770', '00000000 00000000 0000ffff cb007101'],
      ...['0035 0000', '00000000 00000000 0000ffff c6336407'],
    ),
  ],
  [
    'MAP: NO_RESOURCES, the answer of a router with a private address (7.2, 7.4, 11.1)',
    {
      opcode: 'map',
      resultCode: 8,
      lifetimeSeconds: 30,
      epochSeconds: 60,
      nonce: NONCE,
      protocol: 6,
      internalPort: 80,
      externalPort: 0,
      externalAddress: '0.0.0.0',
      options: [],
    },
    bytesOfHex(
      ...['02 81 00 08', '0000001e', '0000003c', '00000000 00000000 00000000'],
      ...['01020304 05060708 090a0b0c', '06 000000', '0050 0000', '00000000 00000000 0000ffff 00000000'],
    ),
  ],
];
