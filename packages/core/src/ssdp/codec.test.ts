import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSsdpMessage } from './decode.ts';
import { encodeSsdpMessage } from './encode.ts';
import type { SsdpMessage } from './message.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;

/** Every kind of message, in both forms. */
const cases: [string, SsdpMessage, string][] = [
  [
    'a multicast search',
    {
      kind: 'm-search',
      host: { address: '239.255.255.250', port: 1900 },
      target: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      mx: 2,
      userAgent: null,
    },
    lines(
      'M-SEARCH * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'MAN: "ssdp:discover"',
      'MX: 2',
      'ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    ),
  ],
  [
    'a multicast search over IPv6',
    {
      kind: 'm-search',
      host: { address: 'FF02::C', port: 1900 },
      target: 'ssdp:all',
      mx: 5,
      userAgent: 'Linux/6 UPnP/1.1 Portwright/0.1',
    },
    lines(
      'M-SEARCH * HTTP/1.1',
      'HOST: [FF02::C]:1900',
      'MAN: "ssdp:discover"',
      'MX: 5',
      'ST: ssdp:all',
      'USER-AGENT: Linux/6 UPnP/1.1 Portwright/0.1',
    ),
  ],
  [
    'a unicast search, without MX (UDA 1.1, 1.3.2)',
    {
      kind: 'm-search',
      host: { address: '192.168.1.1', port: 49152 },
      target: 'uuid:6d4f1c3e-0000-4000-8000-00a0de000000',
      mx: null,
      userAgent: null,
    },
    lines(
      'M-SEARCH * HTTP/1.1',
      'HOST: 192.168.1.1:49152',
      'MAN: "ssdp:discover"',
      'ST: uuid:6d4f1c3e-0000-4000-8000-00a0de000000',
    ),
  ],
  [
    'an answer of UPnP 1.0',
    {
      kind: 'response',
      target: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      usn: 'uuid:6d4f1c3e-0000-4000-8000-00a0de000000::urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      location: 'http://192.168.1.1:5000/rootDesc.xml',
      maxAgeSeconds: 120,
      server: 'OpenWrt/23 UPnP/1.0 MiniUPnPd/2.3.1',
      bootId: null,
      configId: null,
      searchPort: null,
    },
    lines(
      'HTTP/1.1 200 OK',
      'CACHE-CONTROL: max-age=120',
      'EXT:',
      'LOCATION: http://192.168.1.1:5000/rootDesc.xml',
      'SERVER: OpenWrt/23 UPnP/1.0 MiniUPnPd/2.3.1',
      'ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      'USN: uuid:6d4f1c3e-0000-4000-8000-00a0de000000::urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    ),
  ],
  [
    'an answer of UPnP 1.1 over IPv6',
    {
      kind: 'response',
      target: 'upnp:rootdevice',
      usn: 'uuid:igd73616d61-6a65-7374-650a-00a0de000000::upnp:rootdevice',
      location: 'http://[fe80::2a0:deff:fe00:0]:49152/gateway.xml',
      maxAgeSeconds: 1800,
      server: null,
      bootId: 1700000000,
      configId: 1337,
      searchPort: 49153,
    },
    lines(
      'HTTP/1.1 200 OK',
      'CACHE-CONTROL: max-age=1800',
      'EXT:',
      'LOCATION: http://[fe80::2a0:deff:fe00:0]:49152/gateway.xml',
      'ST: upnp:rootdevice',
      'USN: uuid:igd73616d61-6a65-7374-650a-00a0de000000::upnp:rootdevice',
      'BOOTID.UPNP.ORG: 1700000000',
      'CONFIGID.UPNP.ORG: 1337',
      'SEARCHPORT.UPNP.ORG: 49153',
    ),
  ],
  [
    'an announcement',
    {
      kind: 'alive',
      host: { address: '239.255.255.250', port: 1900 },
      target: 'urn:schemas-upnp-org:service:WANIPConnection:2',
      usn: 'uuid:6d4f1c3e-0000-4000-8000-00a0de000002::urn:schemas-upnp-org:service:WANIPConnection:2',
      location: 'http://192.168.1.1:5000/rootDesc.xml',
      maxAgeSeconds: 1800,
      server: 'FRITZ!Box UPnP/1.0 AVM',
      bootId: 3,
      configId: 0,
      searchPort: null,
    },
    lines(
      'NOTIFY * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'CACHE-CONTROL: max-age=1800',
      'LOCATION: http://192.168.1.1:5000/rootDesc.xml',
      'NT: urn:schemas-upnp-org:service:WANIPConnection:2',
      'NTS: ssdp:alive',
      'SERVER: FRITZ!Box UPnP/1.0 AVM',
      'USN: uuid:6d4f1c3e-0000-4000-8000-00a0de000002::urn:schemas-upnp-org:service:WANIPConnection:2',
      'BOOTID.UPNP.ORG: 3',
      'CONFIGID.UPNP.ORG: 0',
    ),
  ],
  [
    'an update',
    {
      kind: 'update',
      host: { address: 'FF05::C', port: 1900 },
      target: 'upnp:rootdevice',
      usn: 'uuid:6d4f1c3e-0000-4000-8000-00a0de000000::upnp:rootdevice',
      location: 'http://192.168.1.1:5000/rootDesc.xml',
      bootId: 3,
      configId: 1,
      nextBootId: 4,
      searchPort: null,
    },
    lines(
      'NOTIFY * HTTP/1.1',
      'HOST: [FF05::C]:1900',
      'LOCATION: http://192.168.1.1:5000/rootDesc.xml',
      'NT: upnp:rootdevice',
      'NTS: ssdp:update',
      'USN: uuid:6d4f1c3e-0000-4000-8000-00a0de000000::upnp:rootdevice',
      'BOOTID.UPNP.ORG: 3',
      'CONFIGID.UPNP.ORG: 1',
      'NEXTBOOTID.UPNP.ORG: 4',
    ),
  ],
  [
    'a farewell',
    {
      kind: 'byebye',
      host: { address: '239.255.255.250', port: 1900 },
      target: 'upnp:rootdevice',
      usn: 'uuid:6d4f1c3e-0000-4000-8000-00a0de000000::upnp:rootdevice',
      bootId: null,
      configId: null,
    },
    lines(
      'NOTIFY * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'NT: upnp:rootdevice',
      'NTS: ssdp:byebye',
      'USN: uuid:6d4f1c3e-0000-4000-8000-00a0de000000::upnp:rootdevice',
    ),
  ],
];

describe('SSDP messages', () => {
  it.each(cases)('encode: %s', (_name, message, datagram) => {
    expect(encodeSsdpMessage(message)._unsafeUnwrap()).toEqual(bytes(datagram));
  });

  it.each(cases)('decode: %s', (_name, message, datagram) => {
    expect(decodeSsdpMessage(bytes(datagram))._unsafeUnwrap()).toEqual(message);
  });

  /**
   * A datagram that was cut may pass for a whole one whose sender forgot the empty line, or the end of the last line, which
   * some do. Then it may say less than the whole, and its last line may be shorter, but nothing else.
   */
  it.each(cases)(
    'cut anywhere, are refused or say nothing wrong but in the last line: %s',
    (_name, message, datagram) => {
      for (let length = 0; length < datagram.length; length += 1) {
        const prefix = datagram.slice(0, length);
        const decoded = decodeSsdpMessage(bytes(prefix));
        if (decoded.isErr()) {
          expect(decoded.error).toMatchObject({ kind: 'malformed', code: 'datagram' });
          continue;
        }
        const wrong = Object.entries(decoded.value).filter(
          ([name, value]) => value !== null && !isDeepStrictEqual(value, message[name as keyof SsdpMessage]),
        );
        expect(wrong.length).toBeLessThanOrEqual(/\r\n\r?$/.test(prefix) ? 0 : 1);
      }
    },
  );

  it.each(cases)('mutilated in any way, never make it throw: %s', (_name, _message, datagram) => {
    const whole = bytes(datagram);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(8), (at, inserted, removed) => {
        const mutilated = Uint8Array.from([...whole.slice(0, at), ...inserted, ...whole.slice(at + removed)]);
        expect(() => decodeSsdpMessage(mutilated)).not.toThrow();
      }),
    );
  });

  it('are not found in any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (input) => {
        expect(decodeSsdpMessage(input).isErr()).toBe(true);
      }),
    );
  });

  it('come back as they were sent', () => {
    const text = fc
      .string({ unit: 'grapheme-composite', minLength: 1 })
      .map((value) => `<${value.replace(/\p{Cc}/gu, '')}>`);
    const number = fc.option(fc.nat(0x7fffffff));
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constant('response' as const),
          target: text,
          usn: fc.option(text),
          location: fc.webUrl({ withQueryParameters: true }),
          maxAgeSeconds: number,
          server: fc.option(text),
          bootId: number,
          configId: number,
          searchPort: fc.option(fc.integer({ min: 1, max: 65535 })),
        }),
        (message) => {
          const datagram = encodeSsdpMessage(message)._unsafeUnwrap();
          if (datagram.length > 4096) return;
          expect(decodeSsdpMessage(datagram)._unsafeUnwrap()).toEqual(message);
        },
      ),
    );
  });
});
