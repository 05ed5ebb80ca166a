import type { Cases } from './case.ts';
import { DESCRIPTION_CASES } from './description.ts';
import { EVENTING_CASES } from './eventing.ts';
import { IPV6_FIREWALL_CASES } from './ipv6-firewall.ts';
import { OTHER_SERVICE_CASES } from './other-services.ts';
import { SCPD_CASES } from './scpd.ts';
import { SOAP_CASES } from './soap.ts';
import { SSDP_MESSAGE_CASES } from './ssdp-messages.ts';
import { SSDP_SEARCH_CASES } from './ssdp-search.ts';
import { WAN_IP_2_ADDING_CASES } from './wan-ip-2-adding.ts';
import { WAN_IP_2_RANGE_CASES } from './wan-ip-2-ranges.ts';
import { WAN_IP_CASES } from './wan-ip.ts';
import { WAN_PPP_CASES } from './wan-ppp.ts';

/** How each requirement is checked. */
export const CASES: Cases = {
  ...SSDP_SEARCH_CASES,
  ...SSDP_MESSAGE_CASES,
  ...DESCRIPTION_CASES,
  ...SCPD_CASES,
  ...SOAP_CASES,
  ...EVENTING_CASES,
  ...WAN_IP_CASES,
  ...WAN_IP_2_ADDING_CASES,
  ...WAN_IP_2_RANGE_CASES,
  ...WAN_PPP_CASES,
  ...IPV6_FIREWALL_CASES,
  ...OTHER_SERVICE_CASES,
};
