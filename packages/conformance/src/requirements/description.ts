/** Device and service descriptions: UDA 1.0, chapter 2. */
import type { Requirement } from './requirement.ts';

export const DESCRIPTION_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'desc/get-200-xml',
    sentence: 'The gateway answers GET of the description URL with 200 and a document that begins like XML.',
    clause: 'UDA 1.0, 2 (Description)',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/content-type',
    sentence: 'The description has CONTENT-TYPE text/xml.',
    clause: 'UDA 1.0, 2 (Description: Retrieving a description)',
    level: 'should',
    kind: 'read',
  },
  {
    id: 'desc/wellformed-utf8',
    sentence: 'The description is well-formed XML in UTF-8.',
    clause: 'UDA 1.0, 2.1; XML 1.0, 2.1',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/root-namespace',
    sentence: 'The root element of the description is <root> in urn:schemas-upnp-org:device-1-0.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/required-fields',
    sentence:
      'Every device has deviceType, friendlyName, manufacturer, modelName and a unique UDN; the UDN of the root device is the one in USN.',
    clause: 'UDA 1.0, 2.1 and 1.1.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/urlbase-optional',
    sentence: 'URLBase is absent, or an absolute URL with which the URLs of the gateway work.',
    clause: 'UDA 1.0, 2.1; removed by UDA 1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'desc/tree',
    sentence:
      'The root device is an InternetGatewayDevice that contains a WANDevice, which contains a WANConnectionDevice.',
    clause: 'InternetGatewayDevice:1 and :2, 2.2 (Device Model)',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/wan-service',
    sentence: 'A WANConnectionDevice has a WANIPConnection or a WANPPPConnection.',
    clause: 'WANConnectionDevice:1 and :2, 2.2 (Device Model)',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/urls-resolve',
    sentence: 'SCPDURL, controlURL and eventSubURL of every service exist on the gateway.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/same-host',
    sentence: 'Every URL of every service is on the host that gave the description.',
    clause:
      'A rule of this suite: with a URL on another host, a device could use its control points to attack that host',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'desc/no-doctype',
    sentence: 'The description has no DOCTYPE.',
    clause: 'A rule of this suite: a DOCTYPE has no use here, and careful parsers refuse it',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'scpd/required-actions',
    sentence: 'The SCPD of the connection service lists every required action: 11 in version 1, 14 in version 2.',
    clause: 'WANIPConnection:2, table 2-10; WANIPConnection:1 and WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
  },
  {
    id: 'scpd/args',
    sentence:
      'The actions in the SCPD of the connection service have the specified arguments: names, directions and order.',
    clause: 'WANIPConnection:2, tables 2-12 to 2-49; WANIPConnection:1, 2.4.1 to 2.4.18',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
  },
  {
    id: 'scpd/evented-vars',
    sentence:
      'Of the standard variables, exactly five are evented: PossibleConnectionTypes, ConnectionStatus, ExternalIPAddress, PortMappingNumberOfEntries and SystemUpdateID.',
    clause: 'WANIPConnection:2, table 2-9',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
  },
];
