/** Valid documents to begin with, as routers send them, and words that mean something to a reader. */

export const SSDP_DOCUMENTS: readonly string[] = [
  'HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nEXT:\r\n' +
    'SERVER: Linux UPnP/1.1 MiniUPnPd/2.3\r\nLOCATION: http://192.168.1.1:5000/rootDesc.xml\r\nOPT: "x"; ns=01\r\n' +
    '01-NLS: 1\r\nBOOTID.UPNP.ORG: 1\r\nCONFIGID.UPNP.ORG: 2\r\n\r\n',
  'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=120\r\nLOCATION: http://192.168.1.1/d.xml\r\n' +
    'NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1::upnp:rootdevice\r\nBOOTID.UPNP.ORG: 7\r\n\r\n',
  'NOTIFY * HTTP/1.1\r\nHOST: [FF02::C]:1900\r\nNT: uuid:1\r\nNTS: ssdp:byebye\r\nUSN: uuid:1\r\n\r\n',
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n',
];

export const SSDP_WORDS: readonly string[] = [
  ...['\r\n', '\n', '\r', ' ', '\t', ':', 'A:', 'A: \t', ' :', '\r\n ', 'ST:', 'LOCATION: ', 'LOCATION:http://1', '*'],
  ...[
    'HTTP/1.1 ',
    'max-age',
    'max-age =',
    '"',
    '\0',
    '\x80',
    '[',
    '%25',
    '9',
    '-1',
    '99999999999',
    'NOTIFY * HTTP/1.1\r\n',
  ],
];

const SERVICE =
  '<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>' +
  '<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><SCPDURL>/WANIPCn.xml</SCPDURL>' +
  '<controlURL>/ctl/IPConn</controlURL><eventSubURL>/evt/IPConn</eventSubURL></service>';

export const DESCRIPTION_DOCUMENTS: readonly string[] = [
  '<?xml version="1.0"?>\r\n<root xmlns="urn:schemas-upnp-org:device-1-0" configId="1"><specVersion><major>1</major><minor>0</minor>' +
    '</specVersion><URLBase>http://192.168.1.1:5000</URLBase><device>' +
    '<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>a &amp; b</friendlyName>' +
    '<manufacturer><![CDATA[<x>]]></manufacturer><UDN>uuid:1</UDN><deviceList><device><deviceType>urn:schemas-upnp-org:' +
    'device:WANDevice:1</deviceType><UDN>uuid:2</UDN><deviceList><device><deviceType>urn:schemas-upnp-org:device:' +
    `WANConnectionDevice:1</deviceType><UDN>uuid:3</UDN><serviceList>${SERVICE}</serviceList></device></deviceList>` +
    '</device></deviceList><presentationURL>/</presentationURL></device></root>',
];

export const SCPD_DOCUMENTS: readonly string[] = [
  '<?xml version="1.0"?><scpd xmlns="urn:schemas-upnp-org:service-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>' +
    '<actionList><action><name>GetExternalIPAddress</name><argumentList><argument><name>NewExternalIPAddress</name>' +
    '<direction>out</direction><relatedStateVariable>ExternalIPAddress</relatedStateVariable></argument></argumentList>' +
    '</action></actionList><serviceStateTable><stateVariable sendEvents="yes"><name>ExternalIPAddress</name>' +
    '<dataType>string</dataType></stateVariable><stateVariable sendEvents="no"><name>X</name><dataType>ui2</dataType>' +
    '<defaultValue>1</defaultValue><allowedValueRange><minimum>1</minimum><maximum>9</maximum></allowedValueRange>' +
    '<allowedValueList><allowedValue>TCP</allowedValue></allowedValueList></stateVariable></serviceStateTable></scpd>',
];

function envelope(inner: string): string {
  return (
    '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>${inner}</s:Body></s:Envelope>`
  );
}

export const ENTRY_ANSWER = envelope(
  '<u:GetGenericPortMappingEntryResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewRemoteHost></NewRemoteHost>' +
    '<NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>7778</NewInternalPort>' +
    '<NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>a game' +
    '</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration></u:GetGenericPortMappingEntryResponse>',
);

export const FAULT_ANSWER = envelope(
  '<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError ' +
    'xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>718</errorCode><errorDescription>ConflictInMappingEntry' +
    '</errorDescription></UPnPError></detail></s:Fault>',
);

export const CALL = envelope(
  '<u:DeletePortMapping xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewRemoteHost></NewRemoteHost>' +
    '<NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol></u:DeletePortMapping>',
);

export const LISTING =
  '<p:PortMappingList xmlns:p="urn:schemas-upnp-org:gw:WANIPConnection"><p:PortMappingEntry><p:NewRemoteHost></p:NewRemoteHost>' +
  '<p:NewExternalPort>7777</p:NewExternalPort><p:NewProtocol>UDP</p:NewProtocol><p:NewInternalPort>7778</p:NewInternalPort>' +
  '<p:NewInternalClient>192.168.1.2</p:NewInternalClient><p:NewEnabled>1</p:NewEnabled><p:NewDescription>a</p:NewDescription>' +
  '<p:NewLeaseTime>3600</p:NewLeaseTime></p:PortMappingEntry></p:PortMappingList>';

export const PROPERTY_SET =
  '<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property><ExternalIPAddress>5.5.5.5</ExternalIPAddress></e:property>' +
  '<e:property><PortMappingNumberOfEntries>2</PortMappingNumberOfEntries></e:property></e:propertyset>';

export const XML_WORDS: readonly string[] = [
  ...[
    '<',
    '>',
    '</',
    '/>',
    '<a>',
    '</a>',
    '<a/>',
    '<a',
    ' a="b"',
    ' a=',
    ' xmlns:a="b"',
    ' xmlns="b"',
    '"',
    "'",
    '<a xmlns:b="c"/>',
  ],
  ...[
    '&',
    '&amp;',
    '&#65;',
    '&#x41;',
    '&#',
    ']]>',
    '<![CDATA[',
    '<![CDATA[]]>',
    '<!--',
    '-->',
    '<!-- -->',
    '<?',
    '?>',
    '<?a?>',
  ],
  ...[
    '<!DOCTYPE',
    '<!DOCTYPE a [',
    '[',
    ']',
    ' ',
    '\r\n',
    '\t',
    '\0',
    '\xff',
    '\xc3\xa9',
    '\xef\xbb\xbf',
    '<a:b>',
    ':',
    '=',
    '65536',
  ],
  ...['-1', '4294967296', 'TCP', '<device>', '<service>', '__proto__', '<constructor>', '<__proto__>1</__proto__>'],
];

export const URLS: readonly string[] = [
  ...[
    'http://192.168.1.1:5000/rootDesc.xml',
    'http://[fe80::1%25eth0]:1900/a/b?c=d#e',
    'http://[fd77::1]/',
    '/ctl/IPConn',
  ],
  ...['../up/./and?down', '//192.168.1.1/x', 'ctl', 'http://user@192.168.1.1/'],
];

export const URL_WORDS: readonly string[] = [
  ...[
    'http://',
    ':',
    '/',
    '//',
    '/../',
    '/..',
    '/./',
    '..',
    '?',
    '#',
    '@',
    '[',
    ']',
    '%',
    '%25',
    '%2e',
    '\\',
    ' ',
    '\r\n',
    '\0',
  ],
  ...['65536', '0', '192.168.1.1', '127.1', 'localhost', '::', '::ffff:1.2.3.4', 'a', '\xe9', ':80'],
];

export const ADDRESSES: readonly string[] = [
  ...['192.168.1.1', '5.5.5.5', 'fe80::1%eth0', '2001:db8::1', '::ffff:192.168.1.1', '::1', '100.64.0.1', 'ff02::c'],
];

export const ADDRESS_WORDS: readonly string[] = [
  '.',
  ':',
  '::',
  '%',
  '0',
  '255',
  '256',
  '1',
  'f',
  'ffff',
  '00',
  ' ',
  '[',
  ']',
  '/',
  '\0',
];

/** A character for each byte, which two hexadecimal digits stand for. */
function fromHex(digits: string): string {
  return digits.replaceAll(' ', '').replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

const IPV4_MAPPED = '00000000 00000000 0000ffff c0000214';
const PCP_MAP = `01020304 05060708 090a0b0c 06000000 1e61 0000 ${IPV4_MAPPED}`;
const PCP_PEER = `${PCP_MAP} 0035 0000 ${IPV4_MAPPED}`;
const PCP_OPTIONS = `01000010 ${IPV4_MAPPED} 02000000 03000014 007801bb ${IPV4_MAPPED} 80000003 01020300`;
const PCP_REQUEST_HEADER = `0000 00001c20 ${IPV4_MAPPED}`;
const PCP_RESPONSE_HEADER = '00001c20 00000001 00000000 00000000 00000000';

export const PCP_REQUEST_DOCUMENTS: readonly string[] = [
  `0200 ${PCP_REQUEST_HEADER}`,
  `0201 ${PCP_REQUEST_HEADER} ${PCP_MAP} ${PCP_OPTIONS}`,
  `0202 ${PCP_REQUEST_HEADER} ${PCP_PEER}`,
].map(fromHex);

export const PCP_RESPONSE_DOCUMENTS: readonly string[] = [
  `0280 0000 ${PCP_RESPONSE_HEADER}`,
  `0281 0000 ${PCP_RESPONSE_HEADER} ${PCP_MAP} ${PCP_OPTIONS}`,
  `0281 0006 ${PCP_RESPONSE_HEADER} ${PCP_MAP} 01000010 00000000`,
  `0282 0000 ${PCP_RESPONSE_HEADER} ${PCP_PEER}`,
].map(fromHex);

export const NAT_PMP_REQUEST_DOCUMENTS: readonly string[] = [
  '0000',
  '0001 0000 1e61 0000 00001c20',
  '0002 0000 1e61 1e61 00000000',
].map(fromHex);

export const NAT_PMP_RESPONSE_DOCUMENTS: readonly string[] = [
  '0080 0000 00000001 cb007109',
  '0081 0000 00000001 1e61 1e61 00001c20',
  '0082 0002 00000001 1e61 0000 00000000',
  '0081 0001 00000001',
  '00ff 0005 00000001',
].map(fromHex);

export const BINARY_WORDS: readonly string[] = [
  ...['00', '01', '02', '80', 'ff', '0000', 'ffff', '00000000', 'ffffffff', IPV4_MAPPED],
  ...['01000010', '02000000', '03000014', '80000000', '8000ffff', '7f000001', '01000000'],
].map(fromHex);
