import type { DeviceOutline, GatewayOptions, ServiceOutline } from '@portwright/transport-mock';
import {
  answersSearch,
  isFor,
  leavesOut,
  type Mutant,
  onRequest,
  onSearch,
  rewrites,
  rewritesReplies,
} from './mutant.test-support.ts';

const IGD1 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';

const silentFor = (target: string): NonNullable<Mutant['hooks']> =>
  onSearch(
    (search) => search.target === target,
    () => [],
  );

/** By the ids of the requirements that they miss. */
export const SSDP_MUTANTS: Readonly<Record<string, Mutant>> = {
  'ssdp/msearch-igd1-reply': { what: 'a search for IGD:1 is lost', version: 1, hooks: silentFor(IGD1) },
  'ssdp/msearch-igd2-reply': {
    what: 'a search for IGD:2 is answered after two seconds',
    hooks: onSearch(
      ({ target }) => target === IGD2,
      (answers) => answers.map((answer) => ({ ...answer, delayMs: 2_000 })),
    ),
  },
  'ssdp/lower-version': {
    what: 'a search for version 1 is answered in the name of version 2',
    hooks: rewritesReplies(
      (text) => text.replace(/^ST: .*Device:1/m, `ST: ${IGD2}`),
      ({ target }) => target === IGD1,
    ),
  },
  'ssdp/msearch-rootdevice': {
    what: 'USN is the UDN alone',
    hooks: rewritesReplies(
      (text) => text.replace('::upnp:rootdevice', ''),
      ({ target }) => target === 'upnp:rootdevice',
    ),
  },
  'ssdp/msearch-all': {
    what: 'ssdp:all is answered for all but the last',
    hooks: onSearch(
      ({ target }) => target === 'ssdp:all',
      (answers) => answers.slice(0, -1),
    ),
  },
  'ssdp/msearch-uuid': {
    what: 'every UUID is its own',
    hooks: answersSearch(({ target }) => target?.startsWith('uuid:') === true),
  },
  'ssdp/msearch-service': {
    what: 'searches for the connection are lost',
    hooks: silentFor('urn:schemas-upnp-org:service:WANIPConnection:2'),
  },
  'ssdp/unknown-st-silent': {
    what: 'every device type is its own',
    hooks: answersSearch(({ target }) => target?.startsWith('urn:') === true),
  },
  'ssdp/no-mx-silent': {
    what: 'a search without MX is answered',
    hooks: answersSearch(
      ({ maximumWait, isMulticast, target }) => isMulticast && maximumWait === null && target !== null,
    ),
  },
  'ssdp/bad-man-silent': {
    what: 'MAN is not looked at',
    hooks: answersSearch(({ target }) => target === null),
  },
  'ssdp/mx-over-5': {
    what: 'an MX of 120 is used up',
    hooks: onSearch(
      ({ maximumWait }) => (maximumWait ?? 0) > 5,
      (answers) => answers.map((answer) => ({ ...answer, delayMs: 7_000 })),
    ),
  },
  'ssdp/unicast-reply': {
    what: 'searches to its own address are lost',
    hooks: onSearch(
      ({ isMulticast }) => !isMulticast,
      () => [],
    ),
  },
  'ssdp/reply-headers': {
    what: 'answers have no EXT',
    hooks: rewritesReplies((text) => text.replace(/^EXT:.*\r\n/m, '')),
  },
  'ssdp/maxage-1800': { what: 'answers are good for a minute', options: { maxAge: 60 } },
  'ssdp/location-reachable': {
    what: 'LOCATION names a port without a server',
    hooks: rewritesReplies((text) => text.replace(/^(LOCATION: http:\/\/[^:]+):\d+/m, '$1:1')),
  },
  'ssdp/bootid-configid': {
    what: 'BOOTID is another in each answer',
    hooks: (environment) =>
      rewritesReplies((text) => {
        const number = Math.floor(environment.random.fraction() * 1_000_000);
        return text.replace(/^(BOOTID\.UPNP\.ORG: ).*/m, `$1${number}`);
      })(environment),
  },
  'ssdp/alive-byebye': { what: 'there is no byebye at boot', hooks: leavesOut('byebye') },
  'ssdp/wan-silent': {
    what: 'searches from the WAN are answered',
    hooks: () => ({
      inbound: (datagram, proceed) =>
        datagram.to.port === 1_900
          ? { inside: null, answers: [new TextEncoder().encode('HTTP/1.1 200 OK\r\n\r\n')] }
          : proceed(),
    }),
  },
};

const CONNECTION: ServiceOutline = { type: 'WANIPConnection:2', id: 'WANIPConn1' };
const LINK: ServiceOutline = { type: 'WANCommonInterfaceConfig:1', id: 'WANCommonIFC1' };

/** A gateway with other devices inside of the root. */
const withDevices = (...devices: readonly DeviceOutline[]): GatewayOptions => ({
  description: {
    outline: {
      type: 'InternetGatewayDevice:2',
      services: [{ type: 'Layer3Forwarding:1', id: 'L3Forwarding1' }],
      devices,
    },
  },
});

const inDescription = (rewrite: (text: string) => string): NonNullable<Mutant['hooks']> =>
  rewrites(isFor('description'), rewrite);
const inScpd = (rewrite: (text: string) => string): NonNullable<Mutant['hooks']> =>
  rewrites(isFor('scpd', 'WANIPConn1'), rewrite);

export const DESCRIPTION_MUTANTS: Readonly<Record<string, Mutant>> = {
  'desc/get-200-xml': {
    what: 'the description comes with 203',
    hooks: onRequest(isFor('description'), (_context, proceed) => ({ ...proceed(), status: 203 })),
  },
  'desc/content-type': {
    what: 'the description is application/octet-stream',
    hooks: onRequest(isFor('description'), (_context, proceed) => {
      const answer = proceed();
      const headers = answer.headers.filter(([name]) => name !== 'CONTENT-TYPE');
      return { ...answer, headers: [...headers, ['CONTENT-TYPE', 'application/octet-stream']] };
    }),
  },
  'desc/wellformed-utf8': {
    what: 'a name has a Latin-1 byte',
    hooks: onRequest(isFor('description'), (_context, proceed) => {
      const answer = proceed();
      const at = answer.body.indexOf(0x53, answer.body.length / 8);
      return { ...answer, body: answer.body.map((byte, index) => (index === at ? 0xe9 : byte)) };
    }),
  },
  'desc/root-namespace': {
    what: 'the root is in a namespace of its own',
    hooks: inDescription((text) => text.replace('urn:schemas-upnp-org:device-1-0', 'urn:schemas-upnp-org:device-1-1')),
  },
  'desc/required-fields': {
    what: 'a device has no manufacturer',
    hooks: inDescription((text) => text.replace(/<manufacturer>[^<]*<\/manufacturer>/, '')),
  },
  'desc/urlbase-optional': {
    what: 'URLBase is a path',
    hooks: inDescription((text) => text.replace('<device>', '<URLBase>/upnp</URLBase><device>')),
  },
  'desc/tree': {
    what: 'the WANConnectionDevice is not in the WANDevice',
    options: withDevices(
      { type: 'WANDevice:2', services: [LINK] },
      { type: 'WANConnectionDevice:2', services: [CONNECTION] },
    ),
  },
  'desc/wan-service': {
    what: 'the connection is in the WANDevice',
    options: withDevices({
      type: 'WANDevice:2',
      services: [LINK, CONNECTION],
      devices: [{ type: 'WANConnectionDevice:2', services: [] }],
    }),
  },
  'desc/urls-resolve': { what: 'there are no SCPDs', options: { description: { hasScpds: false } } },
  'desc/same-host': {
    what: 'an event URL names another host',
    hooks: inDescription((text) => text.replace('<eventSubURL>', '<eventSubURL>http://[fd77::1]:5000')),
  },
  'desc/no-doctype': {
    what: 'the description has a DOCTYPE',
    hooks: inDescription((text) => text.replace('<root', '<!DOCTYPE root>\r\n<root')),
  },
  'scpd/required-actions': { what: 'ForceTermination is missing', options: { omittedActions: ['ForceTermination'] } },
  'scpd/args': {
    what: 'an argument has lost its New',
    hooks: inScpd((text) => text.replace('<name>NewInternalClient</name>', '<name>InternalClient</name>')),
  },
  'scpd/evented-vars': {
    what: 'SystemUpdateID is not evented',
    hooks: inScpd((text) =>
      text.replace('sendEvents="yes"><name>SystemUpdateID', 'sendEvents="no"><name>SystemUpdateID'),
    ),
  },
};
