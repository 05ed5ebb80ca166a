import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../port-control/port-control.test-support.ts';
import {
  bodyOfError,
  readMapData,
  readPcpRequest,
  readRequestOptions,
  writeMapData,
  writePcpResponse,
  writeRequestOption,
} from './pcp-message.ts';

/** RFC 6887, figures 2 and 9: MAP, UDP 7777 for an hour, from 192.168.1.2, any address suggested. */
const MAP_REQUEST = fromHex(`
  02 01 0000  00000e10  00000000 00000000 0000ffff c0a80102
  0102030405060708090a0b0c  11 000000  1e61 1e61  00000000 00000000 0000ffff 00000000
`);

describe('a request', () => {
  test('RFC 6887, 7.1 and 11.1: each field stands where the figures have it', () => {
    const request = readPcpRequest(MAP_REQUEST);
    expect(request).toMatchObject({ version: 2, opcode: 1, lifetimeSeconds: 3600, clientAddress: '192.168.1.2' });
    expect(request && readMapData(request)).toEqual({
      nonce: '0102030405060708090a0b0c',
      protocol: 17,
      internalPort: 7777,
      externalPort: 7777,
      externalAddress: '0.0.0.0',
    });
  });

  test('the largest values fit', () => {
    const request = readPcpRequest(
      fromHex(`02 01 0000 ffffffff 20010db8000000000000000000000001
        ffffffffffffffffffffffff ff 000000 ffff fffe 20010db8ffffffffffffffffffffffff`),
    );
    expect(request).toMatchObject({ lifetimeSeconds: 4_294_967_295, clientAddress: '2001:db8:0:0:0:0:0:1' });
    expect(request && readMapData(request)).toMatchObject({
      protocol: 255,
      internalPort: 65_535,
      externalPort: 65_534,
      externalAddress: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    });
  });

  test('version 1 has no nonce', () => {
    const request = readPcpRequest(
      fromHex(`01 01 0000 00000e10 00000000000000000000ffffc0a80102
        11 000000 1e61 1e62 00000000000000000000ffff05050501`),
    );
    expect(request && readMapData(request)).toEqual({
      nonce: '',
      protocol: 17,
      internalPort: 7777,
      externalPort: 7778,
      externalAddress: '5.5.5.1',
    });
  });

  test('8.2: its length is a multiple of 4, and 24 to 1100 bytes', () => {
    const lengths = [0, 4, 20, 23, 24, 25, 26, 27, 28, 1100, 1101, 1104];
    expect(lengths.filter((length) => readPcpRequest(new Uint8Array(length)) !== null)).toEqual([24, 28, 1100]);
  });

  test('every cut of its data is noticed', () => {
    const request = readPcpRequest(MAP_REQUEST);
    for (let length = 0; length < 36; length += 1) {
      expect(request && readMapData({ ...request, body: request.body.slice(0, length) })).toBeNull();
    }
  });
});

describe('options', () => {
  test('RFC 6887, 7.3: padded to 4 bytes, which the length leaves out', () => {
    const bytes = fromHex('02 00 0000  81 00 0005 0102030405 000000  03 00 0004 aabbccdd');
    const options = readRequestOptions(bytes);
    expect(options?.map(({ code, data }) => [code, toHex(data)])).toEqual([
      [2, ''],
      [0x81, '0102030405'],
      [3, 'aabbccdd'],
    ]);
    expect(toHex(Uint8Array.from((options ?? []).flatMap((one) => Array.from(writeRequestOption(one)))))).toBe(
      toHex(bytes),
    );
  });

  test.each(['02', '020000', '02000001', '02000005 01020304', '02000004 010203'])('%s is cut off', (text) => {
    expect(readRequestOptions(fromHex(text))).toBeNull();
  });
});

describe('a response', () => {
  test('RFC 6887, 7.2: each field stands where the figure has it', () => {
    const body = writeMapData(MAP_REQUEST.slice(24), { externalPort: 7778, externalAddress: '5.5.5.1' });
    const response = { version: 2, opcode: 1, result: 0, lifetimeSeconds: 3600, epochSeconds: 0x01020304, body };
    expect(toHex(writePcpResponse(response))).toBe(
      toHex(
        fromHex(`02 81 00 00  00000e10  01020304  000000000000000000000000
          0102030405060708090a0b0c  11 000000  1e61 1e62  00000000000000000000ffff05050501`),
      ),
    );
  });

  test('8.2: an error repeats the request, padded and no longer than a message can be', () => {
    expect(toHex(bodyOfError(fromHex('02010000'.repeat(6) + 'aabbccddee')))).toBe('aabbccddee000000');
    expect(bodyOfError(new Uint8Array(3_000))).toHaveLength(1_076);
    expect(bodyOfError(new Uint8Array(2))).toHaveLength(0);
  });
});
