/** What keeping a port for a day comes to under each fault of the simulator; docs/mapping.md is written from it. */
import type { FaultName, InjectOptions, SimulateGatewayOptions } from '@portwright/transport-mock';
import type { KeepOutcome } from './keep-job.test-support.ts';
import type { MapPortOptions } from './map-port.ts';

export interface FaultRow extends KeepOutcome {
  /** When it happens; default: always. */
  readonly when?: InjectOptions;
  /** The router that it happens to; default: of version 2, by the book. */
  readonly router?: SimulateGatewayOptions;
  readonly asks?: Partial<MapPortOptions>;
  /** Ports that are another host's already. */
  readonly occupied?: readonly number[];
  /** Its events are not listened for: they would tell the truth. */
  readonly withoutEvents?: boolean;
  /** Whether a second, sound gateway is on the network. */
  readonly hasNeighbour?: boolean;
  /** Which families are searched; default: IPv4. */
  readonly families?: readonly ('ipv4' | 'ipv6')[];
}

/** From the reboot on. */
const REBOOTED = 'address 5.5.5.98, restored, renewed, address 5.5.5.99, renewed';

const KEPT: KeepOutcome = {
  granted: '7777 for 3600 s, verified',
  refused: '',
  warnings: '',
  events: `mapped, renewed, ${REBOOTED}`,
  stood: 4,
  left: 0,
};

const NOT_FOUND: KeepOutcome = {
  granted: 'no-gateway: none-usable',
  refused: '',
  warnings: '',
  events: 'lost',
  stood: 0,
  left: 0,
};

/** Found, and of no use; `granted` says why. */
const REFUSED: KeepOutcome = { ...NOT_FOUND, events: 'lost, address 5.5.5.98, address 5.5.5.99' };

const IGD1: SimulateGatewayOptions = { igdVersion: 1 };
/** Where a fault has to come with a refusal to show. */
const REFUSED_ONCE = { router: { igdVersion: 1, leasePolicy: 'permanent-only' } } as const;
const PERMANENT = { granted: '7777 for ever, verified', warnings: 'permanent' } as const;
/** That an entry is gone is said by a fault's code alone: what was restored is as good as renewed. */
const UNTOLD: FaultRow = {
  ...KEPT,
  ...REFUSED_ONCE,
  ...PERMANENT,
  refused: 'a fault',
  events: 'mapped, renewed, address 5.5.5.98, renewed, address 5.5.5.99, renewed',
};
/** Another address is not told, or is one that is no news. */
const ADDRESS_ODD: FaultRow = { ...KEPT, withoutEvents: true, events: 'mapped, renewed, restored, renewed' };
/** The request is carried out, and its answer lost: what became of it is read. */
const ANSWER_LOST: FaultRow = { ...KEPT, when: { on: 'AddAnyPortMapping', nth: 1 } };
/** A second gateway takes the job; no trouble comes to that one. */
const WITH_NEIGHBOUR: FaultRow = { ...KEPT, events: 'mapped, renewed', hasNeighbour: true };
/** A gateway that answers for a port that is not mapped with another entry: the table has to be read. */
const TABLE_READ = {
  router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } },
  occupied: [2001, 2002, 2003],
} as const;

export const FAULT_OUTCOMES: Readonly<Record<FaultName, FaultRow>> = {
  // 1 to 8: the search.
  'udp-loss': { ...KEPT, when: { until: '400ms' } },
  'udp-loss-of-half': KEPT,
  'duplicate-answers': KEPT,
  'answers-out-of-order': KEPT,
  'late-answers': KEPT,
  'garbage-datagram': KEPT,
  'empty-datagram': KEPT,
  'truncated-datagram': { ...KEPT, when: { until: '400ms' } },
  'answers-from-another-port': KEPT,
  'unicast-searches-only': KEPT,
  'multicast-searches-only': KEPT,
  'ssdp-all-hides-the-gateway': KEPT,
  'bare-line-feeds': KEPT,
  'odd-header-case': KEPT,
  // 9 to 19: the wire.
  'location-refuses-connections': WITH_NEIGHBOUR,
  'control-refuses-connections': WITH_NEIGHBOUR,
  'reset-after-request': ANSWER_LOST,
  'early-half-close': ANSWER_LOST,
  'slow-loris': { ...ANSWER_LOST, granted: '7777 for 3595 s, verified' },
  'http-1.0-without-length': KEPT,
  'chunked-with-extensions': KEPT,
  'content-length-too-short': KEPT,
  'content-length-cuts-the-body': ANSWER_LOST,
  'content-length-too-long': ANSWER_LOST,
  'content-length-and-chunked': KEPT,
  'unasked-gzip': ANSWER_LOST,
  '100-continue-first': KEPT,
  // 20 to 23: HTTP.
  'redirect-on-the-same-host': KEPT,
  'redirect-to-another-host': NOT_FOUND,
  'redirect-loop': NOT_FOUND,
  'http-401': { ...REFUSED, granted: 'refused: HTTP 401', when: { on: 'AddAnyPortMapping' } },
  'http-403': { ...REFUSED, granted: 'refused: HTTP 403', when: { on: 'AddAnyPortMapping' } },
  'control-url-404': { ...KEPT, when: { on: 'AddAnyPortMapping', nth: 1 }, refused: 'HTTP 404' },
  'control-url-405': { ...KEPT, when: { on: 'AddAnyPortMapping', nth: 1 }, refused: 'HTTP 405' },
  'control-url-412': { ...KEPT, when: { on: 'AddAnyPortMapping', nth: 1 }, refused: 'HTTP 412' },
  'http-500-without-fault': {
    ...REFUSED,
    granted: 'refused: HTTP 500, HTTP 500',
    when: { on: 'AddAnyPortMapping' },
  },
  'http-500-with-html': { ...REFUSED, granted: 'refused: HTTP 500, HTTP 500', when: { on: 'AddAnyPortMapping' } },
  // 24 to 32: SOAP and XML.
  'fault-with-http-200': { ...KEPT, ...REFUSED_ONCE, ...PERMANENT, refused: '725' },
  'fault-in-another-namespace': { ...KEPT, ...REFUSED_ONCE, ...PERMANENT, refused: '725' },
  'fault-in-no-namespace': { ...KEPT, ...REFUSED_ONCE, ...PERMANENT, refused: '725' },
  'fault-with-another-prefix': { ...KEPT, ...REFUSED_ONCE, ...PERMANENT, refused: '725' },
  'fault-code-in-camel-case': { ...KEPT, ...REFUSED_ONCE, ...PERMANENT, refused: '725' },
  'fault-without-detail': UNTOLD,
  'error-code-not-a-number': UNTOLD,
  'empty-answer': { ...KEPT, router: IGD1 },
  'empty-answer-without-effect': { ...REFUSED, router: IGD1, granted: 'refused: empty, empty' },
  'answer-for-another-action': { ...KEPT, when: { on: 'AddAnyPortMapping' } },
  'data-types-on-arguments': KEPT,
  'byte-order-mark': KEPT,
  'trailing-nul': KEPT,
  'latin-1-names': KEPT,
  // 33 to 38: the description.
  'url-base-with-another-port': KEPT,
  'url-base-on-another-host': KEPT,
  'url-base-empty': KEPT,
  'url-base-missing': KEPT,
  'control-url-without-slash': KEPT,
  'control-url-with-query': KEPT,
  'control-url-absolute': KEPT,
  'duplicate-services': KEPT,
  'two-wan-devices': KEPT,
  'ppp-and-ip': KEPT,
  'only-ppp-works': KEPT,
  'dslforum-types': KEPT,
  'ppp-connection-2': KEPT,
  'version-1-with-version-2-actions': {
    ...KEPT,
    occupied: [7777],
    granted: 'another port for 3600 s, verified',
    refused: 'held',
    warnings: 'altered-port',
  },
  'version-2-without-its-actions': { ...KEPT, refused: '401' },
  'version-2-actions-refused': { ...KEPT, refused: '401' },
  // 39 to 54: the gateway, its mappings, and the network.
  reboot: { ...KEPT, when: { after: '20m' }, events: `mapped, restored, renewed, ${REBOOTED}` },
  'external-address-changes': {
    ...KEPT,
    when: { after: '20m' },
    events: `mapped, address 5.5.5.77, renewed, ${REBOOTED}`,
  },
  'external-address-empty': { ...ADDRESS_ODD, warnings: 'address-unknown' },
  'external-address-zero': { ...ADDRESS_ODD, warnings: 'address-unknown' },
  'external-address-private': { ...ADDRESS_ODD, warnings: 'double-nat' },
  'external-address-shared': { ...ADDRESS_ODD, warnings: 'double-nat' },
  'wan-link-down': { ...KEPT, when: { after: '20m' }, events: `mapped, address unknown, renewed, ${REBOOTED}` },
  'mappings-dropped': { ...KEPT, when: { after: '20m' } },
  'mapping-not-made': {
    ...REFUSED,
    router: IGD1,
    granted: 'refused: absent, absent, absent, absent, absent, absent',
  },
  'lease-ends-early': { ...KEPT, granted: '7777 for 1200 s, verified', warnings: 'altered-lease' },
  'lease-reads-4294967295': { ...KEPT, granted: '7777 for 4294967295 s, verified', warnings: 'altered-lease' },
  'lease-altered': { ...KEPT, granted: '7777 for 86400 s, verified', warnings: 'altered-lease' },
  'timed-lease-725': { ...KEPT, ...PERMANENT, router: IGD1, refused: '725' },
  'timed-lease-402': { ...KEPT, ...PERMANENT, router: IGD1, refused: '402' },
  'timed-lease-501': { ...KEPT, ...PERMANENT, router: IGD1, refused: '501' },
  'timed-lease-718': { ...KEPT, ...PERMANENT, router: IGD1, refused: '718' },
  'permanent-lease-402': {
    ...KEPT,
    router: IGD1,
    asks: { leaseSeconds: 0 },
    granted: '7777 for 604800 s, verified',
    refused: '402',
  },
  'conflict-718': { ...REFUSED, granted: 'refused: 718, 718, 718, 718, 718, 718' },
  'conflict-on-the-first-ports': {
    ...KEPT,
    router: IGD1,
    granted: 'another port for 3600 s, verified',
    refused: '718, 718, 718, 718',
    warnings: 'altered-port',
  },
  'no-port-maps-728': { ...REFUSED, granted: 'refused: 728' },
  'not-authorized-606': { ...REFUSED, granted: 'refused: 606' },
  'remote-host-only-wildcard-726': KEPT,
  'external-port-only-wildcard-727': { ...REFUSED, granted: 'refused: 727' },
  'listing-ends-with-714': { ...KEPT, ...TABLE_READ },
  'listing-ends-with-402': { ...KEPT, ...TABLE_READ },
  'listing-breaks-off': { ...KEPT, ...TABLE_READ },
  'listing-never-ends': { ...KEPT, ...TABLE_READ },
  'all-zero-entry': { ...KEPT, ...TABLE_READ },
  'uptime-as-text': KEPT,
  'empty-status': { ...KEPT, warnings: 'disconnected' },
  'parallel-requests-break': KEPT,
  'location-on-another-host': NOT_FOUND,
  'location-on-loopback': NOT_FOUND,
  'location-off-the-network': NOT_FOUND,
  'link-local-location': { ...KEPT, families: ['ipv6'], router: { isSecure: false } },
  'network-changes': { ...KEPT, when: { after: '20m' }, events: `mapped, moved, renewed, ${REBOOTED}` },
};
