/** Every parser of the core: the work grows with the length of the input, whatever the input is. */
import { describe, expect, it } from 'vitest';
import { classifyAddress } from '../../packages/core/src/addresses/address-class.ts';
import { inSubnet, parseIpAddress, sameAddress, sameHost } from '../../packages/core/src/addresses/ip-address.ts';
import { decodeUtf8 } from '../../packages/core/src/bytes.ts';
import { selectServices } from '../../packages/core/src/client/select-services.ts';
import { decodeDeviceDescription } from '../../packages/core/src/description/device-description.ts';
import {
  checkGatewayUrl,
  checkLocation,
  checkRedirect,
  checkServiceUrl,
} from '../../packages/core/src/description/location-policy.ts';
import { decodeServiceDescription } from '../../packages/core/src/description/service-description.ts';
import { parseUpnpType } from '../../packages/core/src/description/upnp-type.ts';
import { formatHttpUrl, parseHttpUrl, resolveHttpUrl } from '../../packages/core/src/description/url.ts';
import { decodeNotification } from '../../packages/core/src/events/notification.ts';
import { decodeSubscription } from '../../packages/core/src/events/subscription.ts';
import { hostHeader } from '../../packages/core/src/http/request-head.ts';
import { decodeCall } from '../../packages/core/src/igd/call.ts';
import { decodePortListing } from '../../packages/core/src/igd/port-listing.ts';
import { wanIpConnection } from '../../packages/core/src/igd/wan-ip-connection.ts';
import { decodeNatPmpRequest, decodeNatPmpResponse } from '../../packages/core/src/nat-pmp/decode.ts';
import { decodePcpRequest, decodePcpResponse } from '../../packages/core/src/pcp/decode.ts';
import { parseHost } from '../../packages/core/src/ssdp/decode-head.ts';
import { decodeSsdpMessage } from '../../packages/core/src/ssdp/decode.ts';
import { excerptOf, printable, wholeNumber } from '../../packages/core/src/text.ts';
import { escapeXml, unescapeXml } from '../../packages/core/src/xml/escape.ts';
import { parseDamagedXml } from '../../packages/core/src/xml/parse-damaged.ts';
import { parseXml } from '../../packages/core/src/xml/parse.ts';
import { expectLinearReader, numbered, pumped } from './expect-linear.test-support.ts';

/** A part that is repeated, and what stands around it. */
type Pump = readonly [part: string, before?: string, after?: string];

interface Parser {
  readonly parse: (text: string) => unknown;
  readonly pumps: readonly Pump[];
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A character for each byte. */
const latin1 = (text: string): string => String.fromCharCode(...bytesOf(text));
const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** Cut, overlong, surrogates, beyond Unicode. */
const BAD_SEQUENCES = [
  '\u00c3',
  '\u00e2\u0082',
  '\u00f0\u009f\u0098',
  '\u00ff',
  '\u00e0\u0080\u0080',
  '\u00ed\u00a0\u0080',
  '\u00f4\u00bf\u00bf\u00bf',
];

const LOCATION = 'http://192.168.1.1:5000/d.xml';
const HOST = { address: '192.168.1.1', port: 5000 };

/** Parts of XML, whole and broken; each stands alone, in an element, in a start tag, and before an end that is missing. */
const XML_PARTS = [
  ...['<', '>', '/', '&', '"', "'", ' ', '=', '\r', '\n', 'a', 'é', '\0', '-', ']', '?', '!', ':'],
  ...['&#1', '&amp;', '&amp', '<a', '<a ', '<a>', '</a>', '<a/>', '<a></a>', '< a>', '</', '<x:', '</r>', '<r>'],
  ...['<!', '<!--', '-->', '<!-- -->', '<![CDATA[', ']]>', '<![CDATA[]]>', '<?', '?>', '<?a?>', '<?xml ?>'],
  ...['b="" ', ' b=""', ' xmlns=""', ' xmlns:a="', "='", '= "', '<a b=""/>', "<a b='>"],
];
const XML_PUMPS = XML_PARTS.flatMap((part): Pump[] => [
  [part, '<r>', '</r>'],
  [part, '<r ', '/>'],
]);
const DEVICE = '<device><serviceList><service><serviceType>urn:x:service:WANIPConnection:1</serviceType>';
const [IN_ROOT, IN_DEVICE] = ['<root>', '<root><device>'];
const DESCRIPTION_PUMPS: readonly Pump[] = [
  ['<device/>', `${IN_DEVICE}<deviceList>`, '</deviceList></device></root>'],
  ['<deviceList><device>', IN_DEVICE],
  ['<deviceList>', IN_DEVICE],
  ['</device>', IN_DEVICE],
  ['<device>', IN_DEVICE, '</device>'],
  ['<service><serviceType>urn:x:service:WANIPConnection:1</serviceType></service>', `${IN_DEVICE}<serviceList>`],
  ['<service><serviceType>a</service>', `${IN_DEVICE}<serviceList>`, '</serviceList></device></root>'],
  ['<serviceList>', IN_DEVICE, '</device></root>'],
  ['<serviceList/>', IN_DEVICE, '</device></root>'],
  ['<service>', `${IN_DEVICE}<serviceList>`, '</serviceList></device>'],
  ['<UDN>', IN_DEVICE, '</device></root>'],
  ['</UDN>', IN_DEVICE, '</device></root>'],
  ['<UDN>a</UDN>', `${IN_DEVICE}<b>`, '</device></root>'],
  ['<info>', `${IN_DEVICE}<friendlyName>`, '</friendlyName></device></root>'],
  [' ', `${IN_DEVICE}<info><UDN>`, '</UDN></device></root>'],
  ['/..', `<root>${DEVICE}<controlURL>`, '</controlURL></service></serviceList></device></root>'],
  ['%25', `<root>${DEVICE}<info><controlURL>`, '</controlURL></service></serviceList></device></root>'],
  ['%25', `${IN_ROOT}<URLBase>http://[fe80::1`, ']/</URLBase><device/></root>'],
  ['<URLBase>', IN_ROOT, '<device></device>'],
];

const [BODY, END_OF_BODY] = ['<s:Envelope><s:Body>', '</s:Body></s:Envelope>'];
const [FAULT, END_OF_FAULT] = [`${BODY}<s:Fault>`, `</s:Fault>${END_OF_BODY}`];
const SOAP_PUMPS: readonly Pump[] = [
  ['<s:Fault>', BODY],
  ['<s:Fault/>', BODY, END_OF_BODY],
  ['<detail/>', FAULT, END_OF_FAULT],
  ['<errorCode>', FAULT],
  ['<errorCode>1', FAULT],
  ['<errorCode ', FAULT],
  ['<x:errorCode>', `${FAULT}<b></c>`],
  [' ', `${FAULT}<errorCode>`],
  ['1', `${FAULT}<b><errorCode>`, '</errorCode>'],
  ['1', `${FAULT}<errorCode>`, `</errorCode>${END_OF_FAULT}`],
  ['\u001b ', `${FAULT}<errorDescription>`, `</errorDescription>${END_OF_FAULT}`],
  ['<a/>', BODY, END_OF_BODY],
  ['<NewUptime>1</NewUptime>', `${BODY}<GetStatusInfoResponse>`, `</GetStatusInfoResponse>${END_OF_BODY}`],
  ['1', `${BODY}<GetStatusInfoResponse><NewUptime>`, `</NewUptime></GetStatusInfoResponse>${END_OF_BODY}`],
];

const URL_PUMPS: readonly Pump[] = [
  ...['a', '%25', '%', '[', ']', ':', '/', '.', '..', '/..', '/../', '/.', './', '?', '#', '@', '\n', '\\', 'é', ' '],
  ...['//', '::', '1.', '0', '1:', '%25]', '[%25', 'http:', 'http://'],
].flatMap((part): Pump[] => [
  [part],
  [part, 'http://'],
  [part, 'http://[fe80::1%25'],
  [part, 'http://192.168.1.1:', '/'],
  [part, 'http://192.168.1.1/a', '\n'],
]);

const ADDRESS_PUMPS: readonly Pump[] = [
  ...['a', '1', '.', ':', '1.', ':1', '::', '1::', '::1', '%', '0', 'f', ' ', '-'].flatMap((part): Pump[] => [
    [part],
    [part, '::', '%'],
    [part, '192.168.1.1%'],
  ]),
];

const TEXT_PUMPS: readonly Pump[] = [
  ' ',
  '\n',
  '\u001b',
  '\u202e ',
  'a ',
  '1',
  '+',
  '&',
  '&#1',
  '&amp;',
  ']]>',
  '😀',
  '\ud800',
].map((part): Pump => [part]);

const HEADER_PUMPS: readonly Pump[] = [
  ...['a', ' ', ':', 'a:', '\r\n', '\n', 'ST: a\r\n', ' \r\n'].flatMap((part): Pump[] => [
    [part, 'HTTP/1.1 200 OK\r\n', '\r\n\r\n'],
    [part, 'HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: ', '\r\n\r\n'],
    [part, 'HTTP/1.1'],
  ]),
  ['max-age', 'HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\nCACHE-CONTROL: ', '\r\n\r\n'],
  [' ', 'NOTIFY', '* HTTP/1.1\r\n\r\n'],
];

const PCP_PUMPS: readonly Pump[] = ['\0', '\x80', '\xff', '\x02\0\0\0', '\x80\0\0\0', '\x01\0\0\x10'].flatMap(
  (part): Pump[] => [
    [part, `\x02\0${'\0'.repeat(22)}`],
    [part, `\x02\x80\0\x06${'\0'.repeat(20)}`],
    [part, '\0\x81\0\x01\0\0\0\0'],
    [part, '\0\x80\0\0\0\0\0\0'],
  ],
);

const answer = (status: number) => (text: string) =>
  decodeCall(wanIpConnection, { serviceType: 'urn:x', controlUrl: LOCATION }, 'GetStatusInfo', {
    status,
    headers: [],
    body: bytesOf(text),
  });
const event = (body: string, seq = '0') =>
  decodeNotification({
    method: 'NOTIFY',
    url: '/',
    headers: [
      ['NT', 'upnp:event'],
      ['NTS', 'upnp:propchange'],
      ['SID', 'uuid:1'],
      ['SEQ', seq],
    ],
    body: bytesOf(body),
  });
const base = parseHttpUrl(LOCATION)._unsafeUnwrap();

const PARSERS: Readonly<Record<string, Parser>> = {
  parseXml: { parse: parseXml, pumps: XML_PUMPS },
  parseDamagedXml: {
    parse: (text) => parseDamagedXml(text, { '': ['r'], r: ['a', 'x'], a: ['r'] }),
    pumps: [...XML_PUMPS, ...XML_PARTS.map((part): Pump => [part, '<r><a><x>', '</a>'])],
  },
  decodeDeviceDescription: {
    parse: (text) => decodeDeviceDescription(text, LOCATION).map(selectServices),
    pumps: DESCRIPTION_PUMPS,
  },
  decodeServiceDescription: {
    parse: decodeServiceDescription,
    pumps: [
      ['<action><name>a</name></action>', '<scpd><actionList>', '</actionList></scpd>'],
      ['<actionList/>', '<scpd>', '</scpd>'],
      [
        '<argument><name>a</name></argument>',
        '<scpd><actionList><action><name>a</name><argumentList>',
        '</argumentList></action></actionList></scpd>',
      ],
      [
        '<stateVariable sendEvents="no"><name>a</name></stateVariable>',
        '<scpd><serviceStateTable>',
        '</serviceStateTable></scpd>',
      ],
      ['<name/>', '<scpd><actionList><action>', '</action></actionList></scpd>'],
      ['1', '<scpd><specVersion><major>', '</major></specVersion></scpd>'],
      ['<a>', '<scpd>'],
    ],
  },
  'decodeCall of a success': { parse: answer(200), pumps: SOAP_PUMPS },
  'decodeCall of a failure': { parse: answer(500), pumps: SOAP_PUMPS },
  decodePortListing: {
    parse: decodePortListing,
    pumps: [
      ['<PortMappingEntry/>', '<l>', '</l>'],
      ['<NewProtocol>TCP</NewProtocol>', '<l><PortMappingEntry>', '</PortMappingEntry></l>'],
      ['1', '<l><PortMappingEntry><NewExternalPort>', '</NewExternalPort></PortMappingEntry></l>'],
      [' '],
    ],
  },
  decodeNotification: {
    parse: event,
    pumps: [
      ['<e:property><A>1</A></e:property>', '<e:propertyset>', '</e:propertyset>'],
      ['<A/>', '<e:propertyset><e:property>', '</e:property></e:propertyset>'],
      ['<e:property>', '<e:propertyset>'],
    ],
  },
  'the SEQ of decodeNotification': { parse: (text) => event('<e/>', text), pumps: TEXT_PUMPS },
  decodeSubscription: {
    parse: (text) => [
      decodeSubscription({ status: 200, headers: [['SID', text]], body: new Uint8Array() }),
      decodeSubscription({
        status: 200,
        headers: [
          ['SID', 'a'],
          ['TIMEOUT', `Second-${text}`],
        ],
        body: new Uint8Array(),
      }),
    ],
    pumps: TEXT_PUMPS,
  },
  decodeSsdpMessage: { parse: (text) => decodeSsdpMessage(bytesOf(text)), pumps: HEADER_PUMPS },
  'decoders of PCP': {
    parse: (text) => [decodePcpRequest(fromLatin1(text)), decodePcpResponse(fromLatin1(text))],
    pumps: PCP_PUMPS,
  },
  'decoders of NAT-PMP': {
    parse: (text) => [decodeNatPmpRequest(fromLatin1(text)), decodeNatPmpResponse(fromLatin1(text))],
    pumps: PCP_PUMPS,
  },
  parseHost: { parse: parseHost, pumps: [...ADDRESS_PUMPS, [':', '[', ']'], ['a', '[', ']:1']] },
  parseHttpUrl: { parse: (text) => parseHttpUrl(text).map(formatHttpUrl), pumps: URL_PUMPS },
  resolveHttpUrl: { parse: (text) => resolveHttpUrl(text, base).map(formatHttpUrl), pumps: URL_PUMPS },
  hostHeader: { parse: hostHeader, pumps: URL_PUMPS },
  checkLocation: {
    parse: (text) => checkLocation(text, { responder: HOST.address, interfaces: [] }),
    pumps: URL_PUMPS,
  },
  checkServiceUrl: { parse: (text) => checkServiceUrl(text, LOCATION), pumps: URL_PUMPS },
  checkRedirect: { parse: (text) => checkRedirect(text, LOCATION, 0), pumps: URL_PUMPS },
  checkGatewayUrl: { parse: (text) => checkGatewayUrl(text, { allowHostName: true }), pumps: URL_PUMPS },
  parseIpAddress: { parse: parseIpAddress, pumps: ADDRESS_PUMPS },
  'sameAddress and its like': {
    parse: (text) => [
      sameAddress(text, '::1'),
      sameHost(text, '10.0.0.1'),
      inSubnet(text, '10.0.0.1', 8),
      classifyAddress(text),
    ],
    pumps: ADDRESS_PUMPS,
  },
  parseUpnpType: {
    parse: parseUpnpType,
    pumps: ['a', ':', 'urn:', ' ', ':service:', '1'].flatMap((part): Pump[] => [
      [part],
      [part, 'urn:', ':service:a:1'],
      [part, 'urn:a:service:a:'],
    ]),
  },
  printable: { parse: (text) => [printable(text), excerptOf(text), wholeNumber(text, 9)], pumps: TEXT_PUMPS },
  unescapeXml: {
    parse: unescapeXml,
    pumps: [...TEXT_PUMPS, ['&#x'], ['&#1;'], ['&a'], ['&#'], ['1', '&#'], ['a', '&']],
  },
  escapeXml: { parse: escapeXml, pumps: TEXT_PUMPS },
  decodeUtf8: {
    parse: (text) => decodeUtf8(fromLatin1(text)),
    pumps: ['a', 'é', '€', '😀', '\ufeff']
      .map(latin1)
      .concat(BAD_SEQUENCES)
      .map((part): Pump => [part]),
  },
};

describe.each(Object.entries(PARSERS))('%s', (_name, { parse, pumps }) => {
  it.each(pumps)('takes work that grows with its input: %j between %j and %j', (part, before, after) => {
    expect.hasAssertions();
    expectLinearReader(parse, (length) => pumped(length, part ?? '', before, after));
  });
});

describe('names that differ', () => {
  it.each([
    ['elements', (name: string) => `<${name}>1</${name}>`, '<r>', '</r>'],
    ['empty elements', (name: string) => `<${name}/>`, '<r>', '</r>'],
    ['attributes of one tag', (name: string) => ` ${name}="1"`, '<r', '/>'],
    ['namespaces of one tag', (name: string) => ` xmlns:${name}="1"`, '<r', '/>'],
    ['tags that are never closed', (name: string) => `<${name}>`, '<r>', '</r>'],
    ['end tags', (name: string) => `</${name}>`, '<r>', '</r>'],
  ])('cost no more than names that repeat: %s', (_what, piece, before = '', after = '') => {
    const make = numbered((index) => piece(`n${index}`), before, after);
    expect.hasAssertions();
    expectLinearReader(parseXml, make);
    expectLinearReader((text) => parseDamagedXml(text, { '': ['r'], r: ['n1'], n1: ['n2'] }), make);
  });
});
