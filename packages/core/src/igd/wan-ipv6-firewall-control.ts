import { firewallFaults } from './fault-codes.ts';

const actions = {
  GetFirewallStatus: { in: {}, out: { FirewallEnabled: 'boolean', InboundPinholeAllowed: 'boolean' } },
  /** Seconds after which the firewall forgets an outbound flow. The protocol is IANA's number: 6 TCP, 17 UDP. */
  GetOutboundPinholeTimeout: {
    in: { RemoteHost: 'string', RemotePort: 'ui2', InternalClient: 'string', InternalPort: 'ui2', Protocol: 'ui2' },
    out: { OutboundPinholeTimeout: 'count?' },
  },
  /** The lease is 1..86400 seconds. */
  AddPinhole: {
    in: {
      RemoteHost: 'string',
      RemotePort: 'ui2',
      InternalClient: 'string',
      InternalPort: 'ui2',
      Protocol: 'ui2',
      LeaseTime: 'ui4',
    },
    out: { UniqueID: 'ui2' },
  },
  /** NewLeaseTime is the specification's spelling: its siblings go without "New". */
  UpdatePinhole: { in: { UniqueID: 'ui2', NewLeaseTime: 'ui4' }, out: {} },
  DeletePinhole: { in: { UniqueID: 'ui2' }, out: {} },
  GetPinholePackets: { in: { UniqueID: 'ui2' }, out: { PinholePackets: 'count?' } },
  CheckPinholeWorking: { in: { UniqueID: 'ui2' }, out: { IsWorking: 'boolean' } },
} as const;

/** WANIPv6FirewallControl:1: pinholes for inbound IPv6 (2.6). */
export interface WanIpv6FirewallControl {
  readonly name: 'WANIPv6FirewallControl';
  readonly actions: typeof actions;
  readonly faults: typeof firewallFaults;
}

export const wanIpv6FirewallControl: WanIpv6FirewallControl = {
  name: 'WANIPv6FirewallControl',
  actions,
  faults: firewallFaults,
};
