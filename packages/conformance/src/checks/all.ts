// Written by scripts/generate.mjs.
import type { Checks } from './check.ts';
import { DESCRIPTION_CHECKS } from './description.ts';
import { EVENTING_CHECKS } from './eventing.ts';
import { IPV6_FIREWALL_CHECKS } from './ipv6-firewall.ts';
import { NAT_PMP_LIFETIME_CHECKS } from './nat-pmp-lifetime.ts';
import { NAT_PMP_MAPPING_CHECKS } from './nat-pmp-mapping.ts';
import { NAT_PMP_MESSAGE_CHECKS } from './nat-pmp-messages.ts';
import { OTHER_SERVICE_CHECKS } from './other-services.ts';
import { PCP_BAD_MESSAGE_CHECKS } from './pcp-bad-messages.ts';
import { PCP_LIFETIME_CHECKS } from './pcp-lifetime.ts';
import { PCP_MAPPING_CHECKS } from './pcp-mapping.ts';
import { PCP_MESSAGE_CHECKS } from './pcp-messages.ts';
import { PCP_OPTION_CHECKS } from './pcp-options.ts';
import { PCP_PINHOLE_CHECKS } from './pcp-pinholes.ts';
import { PCP_RESTART_CHECKS } from './pcp-restart.ts';
import { PCP_TRAFFIC_CHECKS } from './pcp-traffic.ts';
import { SCPD_CHECKS } from './scpd.ts';
import { SOAP_CHECKS } from './soap.ts';
import { SSDP_MESSAGE_CHECKS } from './ssdp-messages.ts';
import { SSDP_SEARCH_CHECKS } from './ssdp-search.ts';
import { WAN_IP_2_ADDING_CHECKS } from './wan-ip-2-adding.ts';
import { WAN_IP_2_RANGE_CHECKS } from './wan-ip-2-ranges.ts';
import { WAN_IP_ADDING_CHECKS } from './wan-ip-adding.ts';
import { WAN_IP_LIFETIME_CHECKS } from './wan-ip-lifetime.ts';
import { WAN_IP_READ_CHECKS } from './wan-ip-reads.ts';
import { WAN_IP_REFUSAL_CHECKS } from './wan-ip-refusals.ts';
import { WAN_PPP_CHECKS } from './wan-ppp.ts';

/** Every check, in the order in which they are made within a kind. */
export const CHECKS: Checks = {
  ...SSDP_MESSAGE_CHECKS,
  ...SSDP_SEARCH_CHECKS,
  ...DESCRIPTION_CHECKS,
  ...SCPD_CHECKS,
  ...SOAP_CHECKS,
  ...EVENTING_CHECKS,
  ...WAN_IP_READ_CHECKS,
  ...WAN_IP_ADDING_CHECKS,
  ...WAN_IP_LIFETIME_CHECKS,
  ...WAN_IP_REFUSAL_CHECKS,
  ...WAN_IP_2_RANGE_CHECKS,
  ...WAN_IP_2_ADDING_CHECKS,
  ...WAN_PPP_CHECKS,
  ...OTHER_SERVICE_CHECKS,
  ...IPV6_FIREWALL_CHECKS,
  ...PCP_BAD_MESSAGE_CHECKS,
  ...PCP_MESSAGE_CHECKS,
  ...PCP_LIFETIME_CHECKS,
  ...PCP_MAPPING_CHECKS,
  ...PCP_OPTION_CHECKS,
  ...PCP_PINHOLE_CHECKS,
  ...PCP_RESTART_CHECKS,
  ...PCP_TRAFFIC_CHECKS,
  ...NAT_PMP_MESSAGE_CHECKS,
  ...NAT_PMP_LIFETIME_CHECKS,
  ...NAT_PMP_MAPPING_CHECKS,
};
