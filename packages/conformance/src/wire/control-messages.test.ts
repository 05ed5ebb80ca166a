/** PCP and NAT-PMP, byte for byte as RFC 6887 and RFC 6886 draw them. */
import { describe, expect, test } from 'vitest';
import { addressField, addressIn, hex, ipv4Field, isSameAddress, numberAt } from './fields.ts';
import { readNatPmpAnswer, writeNatPmpMapping } from './nat-pmp-message.ts';
import {
  FILTER,
  filterFields,
  MAP,
  readMapAnswer,
  readPcpAnswer,
  writeMapFields,
  writePcpOption,
  writePcpRequest,
  writePeerFields,
} from './pcp-message.ts';

const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (digits) => parseInt(digits, 16));

describe('addresses', () => {
  test.each([
    ['192.168.1.2', '00000000000000000000ffffc0a80102', '192.168.1.2'],
    ['0.0.0.0', '00000000000000000000ffff00000000', '0.0.0.0'],
    ['::', '00000000000000000000000000000000', '0:0:0:0:0:0:0:0'],
    ['::1', '00000000000000000000000000000001', '0:0:0:0:0:0:0:1'],
    ['fd77::2', 'fd770000000000000000000000000002', 'fd77:0:0:0:0:0:0:2'],
    ['2001:db8::', '20010db8000000000000000000000000', '2001:db8:0:0:0:0:0:0'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
  ])('%s', (address, field, spelling) => {
    expect(hex(addressField(address))).toBe(field);
    expect(addressIn(bytes(field))).toBe(spelling);
    expect(isSameAddress(address, spelling)).toBe(true);
  });

  test('two are not one', () => {
    expect(isSameAddress('fd77::2', 'fd77::20')).toBe(false);
    expect(hex(ipv4Field('5.5.5.1'))).toBe('05050501');
  });
});

test('a MAP request with options', () => {
  const map = { nonce: '000102030405060708090a0b', protocol: 17, internalPort: 7777, externalPort: 8000 };
  const body = bytes(
    hex(writeMapFields({ ...map, externalAddress: '0.0.0.0' })) +
      hex(writePcpOption(200, Uint8Array.of(1))) +
      hex(writePcpOption(FILTER, filterFields(128, '5.5.5.9', 53))),
  );
  const request = writePcpRequest({ opcode: MAP, lifetime: 120, client: '192.168.1.2', body });
  expect(hex(request)).toBe(
    '0201000000000078' +
      '00000000000000000000ffffc0a80102' +
      '000102030405060708090a0b110000001e611f40' +
      '00000000000000000000ffff00000000' +
      'c800000101000000' +
      '030000140080003500000000000000000000ffff05050509',
  );
});

test('a remote peer', () => {
  expect(hex(writePeerFields(443, '5.5.5.9'))).toBe('01bb000000000000000000000000ffff05050509');
});

const GRANTED = bytes(`
  02 81 01 08 00000078 00000e10 00000000 00000000 00000001
  000102030405060708090a0b 11 000000 1e61 1f40 00000000000000000000ffff05050501
  02 00 0000`);

test('an answer', () => {
  const answer = readPcpAnswer(GRANTED);
  expect(answer).toMatchObject({
    version: 2,
    isResponse: true,
    opcode: 1,
    reserved: 1,
    result: 8,
    lifetime: 120,
    epoch: 3_600,
    tail: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    summary: 'result 8 (NO_RESOURCES) in version 2',
  });
  expect(readMapAnswer(answer?.body ?? new Uint8Array())).toEqual({
    nonce: '000102030405060708090a0b',
    protocol: 17,
    internalPort: 7777,
    externalPort: 8000,
    externalAddress: '5.5.5.1',
    options: [{ code: 2, data: new Uint8Array() }],
  });
  expect(readPcpAnswer(bytes('02010000'))).toBeNull();
});

test('what is cut off is none', () => {
  for (let length = 0; length < GRANTED.length; length += 1) {
    const answer = readPcpAnswer(GRANTED.slice(0, length));
    expect(answer === null).toBe(length < 24);
    const map = readMapAnswer(answer?.body ?? new Uint8Array());
    expect(map === null).toBe(length < 60);
    if (length > 60) expect(map?.options).toBeNull();
  }
});

test('NAT-PMP', () => {
  const mapping = { protocol: 'TCP', internalPort: 7777, externalPort: 8000, lifetime: 120 } as const;
  expect(hex(writeNatPmpMapping(mapping))).toBe('000200001e611f4000000078');
  expect(hex(writeNatPmpMapping({ ...mapping, protocol: 'UDP' }))).toBe('000100001e611f4000000078');
  expect(readNatPmpAnswer(bytes('0082000200000e101e611f4000000078'))).toMatchObject({
    version: 0,
    opcode: 130,
    result: 2,
    epoch: 3_600,
    internalPort: 7777,
    externalPort: 8000,
    lifetime: 120,
    summary: 'result 2 (not authorized) in version 0',
  });
  expect(readNatPmpAnswer(bytes('008000000000000105050501'))).toMatchObject({ address: '5.5.5.1', epoch: 1 });
  expect(readNatPmpAnswer(bytes('00800001'))).toMatchObject({ epoch: null, result: 1 });
  expect(readNatPmpAnswer(bytes('008000'))).toBeNull();
  expect(numberAt(bytes('ff'), 0, 2)).toBe(0xff00);
});
