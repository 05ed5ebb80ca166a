import { describe, expect, it } from 'vitest';
import { fault, router } from './fake-gateway.test-support.ts';
import { fakeNetwork, transportError, type Reply } from './fake-network.test-support.ts';
import { IGDStatus } from './igd-status.ts';
import { UPNPDevice } from './upnp-device.ts';
import { UPNPResult } from './upnp-result.ts';

/** What addPortMapping makes of an answer. */
async function adding(reply: Reply): Promise<number> {
  const device = new UPNPDevice(fakeNetwork({ respond: router({ AddPortMapping: reply }) }).transport);
  device.igdControlUrl = 'http://192.168.1.1:5000/ctl/IPConn';
  device.igdServiceType = 'urn:schemas-upnp-org:service:WANIPConnection:1';
  device.igdOurAddr = '192.168.1.2';
  device.igdStatus = 0;
  return device.addPortMapping(7777);
}

const ROWS: readonly (readonly [number, keyof typeof UPNPResult, readonly number[]])[] = [
  [0, 'SUCCESS', []],
  [1, 'NOT_AUTHORIZED', [403, 606]],
  [2, 'PORT_MAPPING_NOT_FOUND', [730]],
  [3, 'INCONSISTENT_PARAMETERS', [733]],
  [4, 'NO_SUCH_ENTRY_IN_ARRAY', [714]],
  [5, 'ACTION_FAILED', [501]],
  [6, 'SRC_IP_WILDCARD_NOT_PERMITTED', [715]],
  [7, 'EXT_PORT_WILDCARD_NOT_PERMITTED', [716]],
  [8, 'INT_PORT_WILDCARD_NOT_PERMITTED', [732]],
  [9, 'REMOTE_HOST_MUST_BE_WILDCARD', [726]],
  [10, 'EXT_PORT_MUST_BE_WILDCARD', [727]],
  [11, 'NO_PORT_MAPS_AVAILABLE', [728]],
  [12, 'CONFLICT_WITH_OTHER_MECHANISM', [729]],
  [13, 'CONFLICT_WITH_OTHER_MAPPING', [718]],
  [14, 'SAME_PORT_VALUES_REQUIRED', [724]],
  [15, 'ONLY_PERMANENT_LEASE_SUPPORTED', [725]],
  [16, 'INVALID_GATEWAY', []],
  [17, 'INVALID_PORT', []],
  [18, 'INVALID_PROTOCOL', []],
  [19, 'INVALID_DURATION', []],
  [20, 'INVALID_ARGS', [402]],
  [21, 'INVALID_RESPONSE', []],
  [22, 'INVALID_PARAM', []],
  [23, 'HTTP_ERROR', []],
  [24, 'SOCKET_ERROR', []],
  [25, 'MEM_ALLOC_ERROR', []],
  [26, 'NO_GATEWAY', []],
  [27, 'NO_DEVICES', []],
  [28, 'UNKNOWN_ERROR', [401, 404, 600, 601, 602, 603, 604, 605, 713, 731, 0, 1, 28, 800, 899, -911]],
];

describe('UPNPResult', () => {
  it.each(ROWS)('%i is %s', (number, name) => {
    expect(UPNPResult[name]).toBe(number);
  });

  it('has these 29 and no more', () => {
    expect(Object.keys(UPNPResult)).toHaveLength(29);
  });

  const codes = ROWS.flatMap(([number, name, from]) => from.map((code) => [number, name, code] as const));
  it.each(codes)('%i %s comes from the UPnP error %i', async (number, _name, code) => {
    expect(await adding(fault(code))).toBe(number);
  });

  it('28 UNKNOWN_ERROR comes from a fault whose code is no number', async () => {
    expect(await adding(fault('many'))).toBe(28);
  });

  it('13 CONFLICT_WITH_OTHER_MAPPING comes from a fault under HTTP status 200, too', async () => {
    const { body } = fault(718) as { body: string };
    expect(await adding(body)).toBe(13);
  });

  it.each([403, 404, 500, 503, 301])('23 HTTP_ERROR comes from HTTP %i without a UPnP fault', async (status) => {
    expect(await adding({ status, body: '<html><body>no</body></html>' })).toBe(23);
    expect(await adding({ status, body: '' })).toBe(23);
  });

  it.each(['refused', 'reset', 'truncated', 'unreachable', 'timeout', 'too-large', 'not-http', 'failed'] as const)(
    '23 HTTP_ERROR comes from an exchange that was %s',
    async (code) => {
      expect(await adding(transportError(code))).toBe(23);
    },
  );

  it('25 MEM_ALLOC_ERROR comes from a system without memory', async () => {
    expect(await adding(transportError('failed', 'ENOMEM'))).toBe(25);
  });

  it('28 UNKNOWN_ERROR comes from an aborted call', async () => {
    expect(await adding(transportError('aborted'))).toBe(28);
  });
});

describe('IGDStatus', () => {
  it.each([
    [0, 'OK'],
    [1, 'HTTP_ERROR'],
    [2, 'HTTP_EMPTY'],
    [3, 'NO_URLS'],
    [4, 'NO_IGD'],
    [5, 'DISCONNECTED'],
    [6, 'UNKNOWN_DEVICE'],
    [7, 'INVALID_CONTROL'],
    [8, 'MALLOC_ERROR'],
    [9, 'UNKNOWN_ERROR'],
  ] as const)('%i is %s', (number, name) => {
    expect(IGDStatus[name]).toBe(number);
  });

  it('has these ten and no more', () => {
    expect(Object.keys(IGDStatus)).toHaveLength(10);
  });
});
