/** The gateway's other services. */
import type { Requirement } from './requirement.ts';

export const OTHER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'wanppp/mapping-suite',
    sentence: 'What wanip/* asks of a WANIPConnection:1 holds for the WANPPPConnection.',
    clause: 'WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'write',
    note: 'as binding as the most binding of what is missed: a should there is a should here',
    appliesTo: ['WANPPPConnection:1'],
  },
  {
    id: 'wanppp/no-plaintext-password',
    sentence: 'GetPassword is refused.',
    clause: 'This suite’s own: whoever is on the LAN could read the provider’s password',
    level: 'own',
    kind: 'read',
    appliesTo: ['WANPPPConnection:1'],
  },
  {
    id: 'wancic/common-link',
    sentence: 'GetCommonLinkProperties gives a PhysicalLinkStatus that there is, and bit rates.',
    clause: 'WANCommonInterfaceConfig:1, GetCommonLinkProperties',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
  },
  {
    id: 'wancic/counters',
    sentence: 'The traffic counters don’t run backwards, or are refused with 401 or 602.',
    clause: 'WANCommonInterfaceConfig:1, GetTotalBytesSent and its siblings',
    level: 'may',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
  },
  {
    id: 'v6fw/status',
    sentence: 'GetFirewallStatus gives two booleans; where one is 0, pinholes are refused with 702 or 703.',
    clause: 'WANIPv6FirewallControl:1, GetFirewallStatus',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPv6FirewallControl:1'],
  },
  {
    id: 'v6fw/add-update-delete',
    sentence:
      'A pinhole can be added, updated and deleted; the same one added again keeps its UniqueID and lasts longer; leases of 0 and above 86400 are refused.',
    clause: 'WANIPv6FirewallControl:1, 2.6.3 to 2.6.5',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPv6FirewallControl:1'],
  },
  {
    id: 'v6fw/errors',
    sentence:
      'Pinholes are refused with 704 (no such id), 705 (protocol), 708 (no client) and 606 (another host); where port 0 or any protocol is not allowed, with 706 and 707.',
    clause: 'WANIPv6FirewallControl:1, 2.6.3 to 2.6.6',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPv6FirewallControl:1'],
  },
  {
    id: 'l3f/default-connection',
    sentence: 'GetDefaultConnectionService names a device and a service of the description.',
    clause: 'Layer3Forwarding:1, DefaultConnectionService',
    level: 'must',
    kind: 'read',
    appliesTo: ['Layer3Forwarding:1'],
  },
];
