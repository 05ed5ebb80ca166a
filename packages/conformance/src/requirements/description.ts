/** Device and service descriptions: UDA 1.0, chapter 2. */
import type { Requirement } from './requirement.ts';

export const DESCRIPTION_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'desc/get-200-xml',
    sentence: 'GET of the description’s URL is answered with 200 and a document that begins like XML.',
    clause: 'UDA 1.0, 2 (Description)',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/content-type',
    sentence: 'The description comes with CONTENT-TYPE text/xml.',
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
    sentence: 'The description’s root is <root> in urn:schemas-upnp-org:device-1-0.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/required-fields',
    sentence:
      'Every device has deviceType, friendlyName, manufacturer, modelName and a UDN of its own, and the root’s UDN is that of USN.',
    clause: 'UDA 1.0, 2.1 and 1.1.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/urlbase-optional',
    sentence: 'URLBase is absent, or an absolute URL under which the gateway’s own URLs lead somewhere.',
    clause: 'UDA 1.0, 2.1; removed by UDA 1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'desc/tree',
    sentence: 'The root is an InternetGatewayDevice with a WANDevice in it, and in that a WANConnectionDevice.',
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
    sentence: 'SCPDURL, controlURL and eventSubURL of every service lead to something on the gateway.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'desc/same-host',
    sentence: 'Every URL of every service is on the host that gave the description.',
    clause: 'This suite’s own: what leads elsewhere is how a device turns its control points against others',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'desc/no-doctype',
    sentence: 'The description has no DOCTYPE.',
    clause: 'This suite’s own: a DOCTYPE is of no use here, and careful readers refuse it',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'scpd/required-actions',
    sentence: 'The connection’s SCPD lists every required action: 11 in version 1, 14 in version 2.',
    clause: 'WANIPConnection:2, table 2-10; WANIPConnection:1 and WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
  },
  {
    id: 'scpd/args',
    sentence: 'The actions of the connection’s SCPD have the specification’s arguments: names, directions and order.',
    clause: 'WANIPConnection:2, tables 2-12 to 2-49; WANIPConnection:1, 2.4.1 to 2.4.18',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
  },
  {
    id: 'scpd/evented-vars',
    sentence:
      'Of the standard’s variables the SCPD events five: PossibleConnectionTypes, ConnectionStatus, ExternalIPAddress, PortMappingNumberOfEntries and SystemUpdateID.',
    clause: 'WANIPConnection:2, table 2-9',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
  },
];
