import type { Cases } from './case.ts';
import { WAN_IP_ADDING_CASES } from './wan-ip-adding.ts';
import { WAN_IP_LIFETIME_CASES } from './wan-ip-lifetime.ts';
import { WAN_IP_READ_CASES } from './wan-ip-reads.ts';
import { WAN_IP_REFUSAL_CASES } from './wan-ip-refusals.ts';

/** The cases of `wanip/*`: of a WANIPConnection in either version, and, as far as they go, of a WANPPPConnection. */
export const WAN_IP_CASES: Cases = {
  ...WAN_IP_READ_CASES,
  ...WAN_IP_ADDING_CASES,
  ...WAN_IP_REFUSAL_CASES,
  ...WAN_IP_LIFETIME_CASES,
};
