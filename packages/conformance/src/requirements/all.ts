import { DESCRIPTION_REQUIREMENTS } from './description.ts';
import { EVENTING_REQUIREMENTS } from './eventing.ts';
import { OTHER_REQUIREMENTS } from './other-services.ts';
import type { Requirement } from './requirement.ts';
import { SOAP_REQUIREMENTS } from './soap.ts';
import { SSDP_REQUIREMENTS } from './ssdp.ts';
import { WAN_IP_CONNECTION_2_REQUIREMENTS } from './wan-ip-connection-2.ts';
import { WAN_IP_CONNECTION_REQUIREMENTS } from './wan-ip-connection.ts';

/** Everything that the suite asks of a gateway, in the order in which it is checked within a kind. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...SSDP_REQUIREMENTS,
  ...DESCRIPTION_REQUIREMENTS,
  ...SOAP_REQUIREMENTS,
  ...EVENTING_REQUIREMENTS,
  ...WAN_IP_CONNECTION_REQUIREMENTS,
  ...WAN_IP_CONNECTION_2_REQUIREMENTS,
  ...OTHER_REQUIREMENTS,
];
