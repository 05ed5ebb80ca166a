import { describe, expect, test } from 'vitest';
import { bytes, testGateway, text } from '../gateway.test-support.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { seededRandom } from '../seeded-random.ts';
import { type AnnouncementKind, announcements, answerSearch, type SearchArrival } from './responder.ts';

const UUID = '00000000-0000-0000-0000-00000000000';
const DEVICE = 'urn:schemas-upnp-org:device';
const SERVICE = 'urn:schemas-upnp-org:service';
const MULTICAST: SearchArrival = { isMulticast: true, localAddress: '192.168.1.1' };
const UNICAST: SearchArrival = { isMulticast: false, localAddress: '192.168.1.1' };

function search(target: string, mx: string | null = '2'): Uint8Array {
  return bytes(
    'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n' +
      `${mx === null ? '' : `MX: ${mx}\r\n`}ST: ${target}\r\n\r\n`,
  );
}

function answers(
  payload: Uint8Array,
  arrival: SearchArrival = MULTICAST,
  options: GatewayOptions = {},
): readonly string[] {
  const { gateway } = testGateway({ uuid: `${UUID}0`, ...options });
  return answerSearch(gateway, payload, arrival, seededRandom()).map((answer) => text(answer.payload));
}

/** ST and USN of each answer. */
function targets(payload: Uint8Array, arrival?: SearchArrival, options?: GatewayOptions): readonly string[] {
  return answers(payload, arrival, options).map(
    (answer) => `${/^ST: (.*)\r$/m.exec(answer)?.[1]} ${/^USN: (.*)\r$/m.exec(answer)?.[1]}`,
  );
}

test('an answer by the book', () => {
  expect(answers(search('upnp:rootdevice'))).toEqual([
    'HTTP/1.1 200 OK\r\n' +
      'CACHE-CONTROL: max-age=1800\r\n' +
      'EXT: \r\n' +
      'LOCATION: http://192.168.1.1:5000/description.xml\r\n' +
      'SERVER: Linux/6.6 UPnP/1.1 Portwright-simulation/1.0\r\n' +
      'ST: upnp:rootdevice\r\n' +
      `USN: uuid:${UUID}0::upnp:rootdevice\r\n` +
      'BOOTID.UPNP.ORG: 1\r\n' +
      'CONFIGID.UPNP.ORG: 1337\r\n' +
      '\r\n',
  ]);
});

test('version 1 is of UDA 1.0, which has no BOOTID', () => {
  const [answer] = answers(search('upnp:rootdevice'), MULTICAST, { igdVersion: 1 });
  expect(answer).toContain('SERVER: Linux/6.6 UPnP/1.0 ');
  expect(answer).not.toContain('UPNP.ORG');
});

test('LOCATION is on the address that the search came in by', () => {
  expect(answers(search('upnp:rootdevice'), { isMulticast: true, localAddress: 'fe80::1' })[0]).toContain(
    'LOCATION: http://[fe80::1]:5000/description.xml\r\n',
  );
});

describe('targets', () => {
  test('ssdp:all: every device, service and UUID', () => {
    expect(targets(search('ssdp:all'))).toEqual([
      `upnp:rootdevice uuid:${UUID}0::upnp:rootdevice`,
      `uuid:${UUID}0 uuid:${UUID}0`,
      `${DEVICE}:InternetGatewayDevice:2 uuid:${UUID}0::${DEVICE}:InternetGatewayDevice:2`,
      `${SERVICE}:Layer3Forwarding:1 uuid:${UUID}0::${SERVICE}:Layer3Forwarding:1`,
      `uuid:${UUID}1 uuid:${UUID}1`,
      `${DEVICE}:WANDevice:2 uuid:${UUID}1::${DEVICE}:WANDevice:2`,
      `${SERVICE}:WANCommonInterfaceConfig:1 uuid:${UUID}1::${SERVICE}:WANCommonInterfaceConfig:1`,
      `uuid:${UUID}2 uuid:${UUID}2`,
      `${DEVICE}:WANConnectionDevice:2 uuid:${UUID}2::${DEVICE}:WANConnectionDevice:2`,
      `${SERVICE}:WANIPConnection:2 uuid:${UUID}2::${SERVICE}:WANIPConnection:2`,
      `${SERVICE}:WANIPv6FirewallControl:1 uuid:${UUID}2::${SERVICE}:WANIPv6FirewallControl:1`,
    ]);
  });

  test.each([
    [`uuid:${UUID}1`, `uuid:${UUID}1`],
    [`${DEVICE}:InternetGatewayDevice:2`, `uuid:${UUID}0::${DEVICE}:InternetGatewayDevice:2`],
    [`${DEVICE}:InternetGatewayDevice:1`, `uuid:${UUID}0::${DEVICE}:InternetGatewayDevice:1`],
    [`${DEVICE}:WANDevice:1`, `uuid:${UUID}1::${DEVICE}:WANDevice:1`],
    [`${SERVICE}:WANIPConnection:2`, `uuid:${UUID}2::${SERVICE}:WANIPConnection:2`],
    [`${SERVICE}:WANIPConnection:1`, `uuid:${UUID}2::${SERVICE}:WANIPConnection:1`],
  ])('%s is answered in its own name', (target, usn) => {
    expect(targets(search(target))).toEqual([`${target} ${usn}`]);
  });

  test.each([
    `${DEVICE}:InternetGatewayDevice:3`,
    `${DEVICE}:InternetGatewayDevice:0`,
    `${DEVICE}:InternetGatewayDevice`,
    `${DEVICE}:MediaServer:1`,
    `${SERVICE}:WANPPPConnection:1`,
    `uuid:${UUID}9`,
    `uuid:${UUID}`,
    'UPNP:ROOTDEVICE',
    'roku:ecp',
    '*',
  ])('%s is met with silence', (target) => {
    expect(targets(search(target))).toEqual([]);
  });

  test('version 1 does not answer for version 2', () => {
    expect(targets(search(`${DEVICE}:InternetGatewayDevice:2`), MULTICAST, { igdVersion: 1 })).toEqual([]);
    expect(targets(search(`${DEVICE}:InternetGatewayDevice:1`), MULTICAST, { igdVersion: 1 })).toHaveLength(1);
  });

  test('a gateway may answer only some', () => {
    const options = { answeredTargets: ['upnp:rootdevice'] };
    expect(targets(search('ssdp:all'), MULTICAST, options)).toEqual([]);
    expect(targets(search('upnp:rootdevice'), MULTICAST, options)).toHaveLength(1);
  });
});

describe('MX', () => {
  test.each([null, 'x', '0', '-1'])('%s: a multicast search is ignored, a unicast one is not', (mx) => {
    expect(targets(search('ssdp:all', mx), MULTICAST)).toHaveLength(0);
    expect(targets(search('ssdp:all', mx), UNICAST)).toHaveLength(11);
  });

  test.each([
    ['1', 10_000, 1_000],
    ['3', 10_000, 3_000],
    ['120', 10_000, 5_000],
    ['5', 20, 20],
  ])('%s, and a gateway that waits %d ms at most: answers spread over %d ms', (mx, maxSearchDelayMs, longest) => {
    const { gateway } = testGateway({ maxSearchDelayMs });
    const random = seededRandom(3);
    const delays = Array.from({ length: 20 }, () => answerSearch(gateway, search('ssdp:all', mx), MULTICAST, random))
      .flat()
      .map(({ delayMs }) => delayMs);
    expect(Math.max(...delays)).toBeLessThan(longest);
    expect(Math.max(...delays)).toBeGreaterThan(longest * 0.8);
    expect(Math.min(...delays)).toBeLessThan(longest * 0.2);
  });

  test('a unicast search is answered at once', () => {
    const { gateway } = testGateway({ maxSearchDelayMs: 10_000 });
    const found = answerSearch(gateway, search('ssdp:all'), UNICAST, seededRandom());
    expect(found.every(({ delayMs }) => delayMs === 0)).toBe(true);
  });

  test('the same seed gives the same delays', () => {
    const { gateway } = testGateway({ maxSearchDelayMs: 10_000 });
    const delays = (seed: number): readonly number[] =>
      answerSearch(gateway, search('ssdp:all'), MULTICAST, seededRandom(seed)).map(({ delayMs }) => delayMs);
    expect(delays(5)).toEqual(delays(5));
    expect(delays(5)).not.toEqual(delays(6));
  });
});

test.each([
  ['both', 1, 1],
  ['multicast', 1, 0],
  ['unicast', 0, 1],
] as const)('a gateway that answers %s searches', (answersSearches, multicast, unicast) => {
  expect(answers(search('upnp:rootdevice'), MULTICAST, { answersSearches })).toHaveLength(multicast);
  expect(answers(search('upnp:rootdevice'), UNICAST, { answersSearches })).toHaveLength(unicast);
});

test('garbage is met with silence', () => {
  expect(answers(bytes('hello'))).toEqual([]);
  expect(answers(new Uint8Array())).toEqual([]);
  expect(answers(new Uint8Array(1500).fill(0xff), UNICAST)).toEqual([]);
});

describe('announcements', () => {
  const announced = (kind: AnnouncementKind, options: GatewayOptions = {}): readonly string[] => {
    const { gateway } = testGateway({ uuid: `${UUID}0`, ...options });
    return announcements(gateway, kind, '192.168.1.1', '239.255.255.250').map(text);
  };

  test('alive: one for each of what it is', () => {
    const messages = announced('alive');
    expect(messages).toHaveLength(11);
    expect(messages[2]).toBe(
      'NOTIFY * HTTP/1.1\r\n' +
        'HOST: 239.255.255.250:1900\r\n' +
        'CACHE-CONTROL: max-age=1800\r\n' +
        'LOCATION: http://192.168.1.1:5000/description.xml\r\n' +
        'SERVER: Linux/6.6 UPnP/1.1 Portwright-simulation/1.0\r\n' +
        `NT: ${DEVICE}:InternetGatewayDevice:2\r\n` +
        'NTS: ssdp:alive\r\n' +
        `USN: uuid:${UUID}0::${DEVICE}:InternetGatewayDevice:2\r\n` +
        'BOOTID.UPNP.ORG: 1\r\n' +
        'CONFIGID.UPNP.ORG: 1337\r\n' +
        '\r\n',
    );
  });

  test('byebye says no more than who goes', () => {
    expect(announced('byebye', { igdVersion: 1 })[0]).toBe(
      'NOTIFY * HTTP/1.1\r\n' +
        'HOST: 239.255.255.250:1900\r\n' +
        'NT: upnp:rootdevice\r\n' +
        'NTS: ssdp:byebye\r\n' +
        `USN: uuid:${UUID}0::upnp:rootdevice\r\n` +
        '\r\n',
    );
  });

  test('UDA 1.1, 1.2.4: update has the BOOTID of before, and the next', () => {
    expect(announced('update', { bootId: 7 })[0]).toBe(
      'NOTIFY * HTTP/1.1\r\n' +
        'HOST: 239.255.255.250:1900\r\n' +
        'LOCATION: http://192.168.1.1:5000/description.xml\r\n' +
        'NT: upnp:rootdevice\r\n' +
        'NTS: ssdp:update\r\n' +
        `USN: uuid:${UUID}0::upnp:rootdevice\r\n` +
        'BOOTID.UPNP.ORG: 7\r\n' +
        'CONFIGID.UPNP.ORG: 1337\r\n' +
        'NEXTBOOTID.UPNP.ORG: 8\r\n' +
        '\r\n',
    );
  });

  test('over IPv6 the group and the address are in brackets', () => {
    const [message] = announcements(testGateway().gateway, 'alive', 'fe80::1', 'FF02::C').map(text);
    expect(message).toContain('HOST: [FF02::C]:1900\r\n');
    expect(message).toContain('LOCATION: http://[fe80::1]:5000/description.xml\r\n');
  });
});
