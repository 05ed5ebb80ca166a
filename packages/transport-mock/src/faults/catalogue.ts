// Written by scripts/generate.mjs.
import { DESCRIPTION_FAULTS } from './description-faults.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { HTTP_FAULTS } from './http-faults.ts';
import { MAPPING_FAULTS } from './mapping-faults.ts';
import { SOAP_FAULTS } from './soap-faults.ts';
import { SSDP_FAULTS } from './ssdp-faults.ts';
import { VALUE_FAULTS } from './value-faults.ts';
import { WIRE_FAULTS } from './wire-faults.ts';
import type { FaultDefinition } from './fault.ts';

/** What `router.inject` takes. */
export type FaultName =
  | 'udp-loss'
  | 'udp-loss-of-half'
  | 'duplicate-answers'
  | 'answers-out-of-order'
  | 'late-answers'
  | 'garbage-datagram'
  | 'empty-datagram'
  | 'truncated-datagram'
  | 'answers-from-another-port'
  | 'unicast-searches-only'
  | 'multicast-searches-only'
  | 'ssdp-all-hides-the-gateway'
  | 'bare-line-feeds'
  | 'odd-header-case'
  | 'answers-without-line-end'
  | 'answers-after-empty-line'
  | 'spaces-around-location'
  | 'location-on-another-host'
  | 'location-on-loopback'
  | 'location-off-the-network'
  | 'link-local-location'
  | 'location-refuses-connections'
  | 'control-refuses-connections'
  | 'reset-after-request'
  | 'early-half-close'
  | 'slow-loris'
  | 'http-1.0-without-length'
  | 'chunked-with-extensions'
  | 'content-length-too-short'
  | 'content-length-cuts-the-body'
  | 'content-length-too-long'
  | 'content-length-and-chunked'
  | 'unasked-gzip'
  | '100-continue-first'
  | 'redirect-on-the-same-host'
  | 'redirect-to-another-host'
  | 'redirect-loop'
  | 'http-401'
  | 'http-403'
  | 'control-url-404'
  | 'control-url-405'
  | 'control-url-412'
  | 'http-500-without-fault'
  | 'http-500-with-html'
  | 'fault-with-http-200'
  | 'fault-in-another-namespace'
  | 'fault-in-no-namespace'
  | 'fault-with-another-prefix'
  | 'fault-code-in-camel-case'
  | 'fault-without-detail'
  | 'error-code-not-a-number'
  | 'empty-answer'
  | 'empty-answer-without-effect'
  | 'answer-for-another-action'
  | 'data-types-on-arguments'
  | 'byte-order-mark'
  | 'trailing-nul'
  | 'latin-1-names'
  | 'url-base-with-another-port'
  | 'url-base-on-another-host'
  | 'url-base-empty'
  | 'url-base-missing'
  | 'control-url-without-slash'
  | 'control-url-with-query'
  | 'control-url-absolute'
  | 'duplicate-services'
  | 'two-wan-devices'
  | 'ppp-and-ip'
  | 'only-ppp-works'
  | 'dslforum-types'
  | 'ppp-connection-2'
  | 'version-1-with-version-2-actions'
  | 'version-2-without-its-actions'
  | 'version-2-actions-refused'
  | 'reboot'
  | 'external-address-changes'
  | 'external-address-empty'
  | 'external-address-zero'
  | 'external-address-private'
  | 'external-address-shared'
  | 'wan-link-down'
  | 'parallel-requests-break'
  | 'network-changes'
  | 'mappings-dropped'
  | 'mapping-not-made'
  | 'lease-ends-early'
  | 'lease-reads-4294967295'
  | 'lease-altered'
  | 'timed-lease-725'
  | 'timed-lease-402'
  | 'timed-lease-501'
  | 'timed-lease-718'
  | 'permanent-lease-402'
  | 'conflict-718'
  | 'conflict-on-the-first-ports'
  | 'no-port-maps-728'
  | 'not-authorized-606'
  | 'remote-host-only-wildcard-726'
  | 'external-port-only-wildcard-727'
  | 'listing-ends-with-714'
  | 'listing-ends-with-402'
  | 'listing-breaks-off'
  | 'listing-never-ends'
  | 'all-zero-entry'
  | 'uptime-as-text'
  | 'empty-status';

/** Every fault, by its name. */
export const FAULTS: Readonly<Record<FaultName, FaultDefinition>> = {
  ...SSDP_FAULTS,
  ...WIRE_FAULTS,
  ...HTTP_FAULTS,
  ...SOAP_FAULTS,
  ...DESCRIPTION_FAULTS,
  ...GATEWAY_FAULTS,
  ...MAPPING_FAULTS,
  ...VALUE_FAULTS,
} as Readonly<Record<FaultName, FaultDefinition>>;
