/** The gateway's other services. */
import type { Requirement } from './requirement.ts';

export const OTHER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'wanppp/mapping-suite',
    sentence: 'The WANPPPConnection fulfils the requirements wanip/* for a WANIPConnection:1.',
    clause: 'WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'write',
    note: 'the level is the highest level of the requirements that fail',
    appliesTo: ['WANPPPConnection:1'],
  },
  {
    id: 'wanppp/no-plaintext-password',
    sentence: 'The gateway refuses GetPassword.',
    clause: 'A rule of this suite: otherwise every host on the LAN could read the provider’s password',
    level: 'own',
    kind: 'read',
    appliesTo: ['WANPPPConnection:1'],
  },
  {
    id: 'wancic/common-link',
    sentence: 'GetCommonLinkProperties returns a valid PhysicalLinkStatus, and bit rates.',
    clause: 'WANCommonInterfaceConfig:1, GetCommonLinkProperties',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
  },
  {
    id: 'wancic/counters',
    sentence: 'The traffic counters do not run backwards, or the gateway refuses them with 401 or 602.',
    clause: 'WANCommonInterfaceConfig:1, GetTotalBytesSent and its siblings',
    level: 'may',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
  },
  {
    id: 'v6fw/status',
    sentence: 'GetFirewallStatus returns two booleans; if one is 0, the gateway refuses pinholes with 702 or 703.',
    clause: 'WANIPv6FirewallControl:1, GetFirewallStatus',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPv6FirewallControl:1'],
  },
  {
    id: 'v6fw/add-update-delete',
    sentence:
      'A client can add, update and delete a pinhole; adding it again keeps its UniqueID and extends it; the gateway refuses leases of 0 and above 86400.',
    clause: 'WANIPv6FirewallControl:1, 2.6.3 to 2.6.5',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPv6FirewallControl:1'],
  },
  {
    id: 'v6fw/errors',
    sentence:
      'The gateway refuses pinholes with 704 (no such id), 705 (protocol), 708 (no client) and 606 (another host), and with 706 and 707 if it does not allow port 0 or any protocol.',
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
