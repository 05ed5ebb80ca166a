import type { Header, RandomPort } from '@portwright/core';
import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { descriptionUrl } from '../description/description-url.ts';
import { urlHost } from '../network/ip-address.ts';
import { advertisedBy, matching } from './advertised.ts';
import { readSearch, writeMessage } from './ssdp-message.ts';

/** How a search came in. */
export interface SearchArrival {
  readonly isMulticast: boolean;
  /** The gateway's address on the interface that it came in by: LOCATION "MUST specify an address that is reachable". */
  readonly localAddress: string;
}

export interface SearchAnswer {
  readonly payload: Uint8Array;
  /** After how many milliseconds it is sent. */
  readonly delayMs: number;
}

/** UDA 1.1, 1.3.3: "If the MX header field specifies a field value greater than 5, the device SHOULD assume ... 5". */
const MAXIMUM_WAIT_SECONDS = 5;

/** What a gateway sends on a datagram to port 1900: an answer for everything that matches, or nothing. */
export function answerSearch(
  gateway: Gateway,
  payload: Uint8Array,
  { isMulticast, localAddress }: SearchArrival,
  random: RandomPort,
): readonly SearchAnswer[] {
  const { config } = gateway;
  if (config.answersSearches === (isMulticast ? 'unicast' : 'multicast')) return [];
  const search = readSearch(payload);
  if (search === null) return [];
  // UDA 1.1, 1.3.3: without MX "the device MUST silently discard and ignore" a multicast search.
  if (isMulticast && (search.maximumWait === null || search.maximumWait < 1)) return [];
  if (config.answeredTargets !== 'all' && !config.answeredTargets.includes(search.target)) return [];
  const longestMs = isMulticast
    ? Math.min((search.maximumWait ?? 0) * 1000, MAXIMUM_WAIT_SECONDS * 1000, config.maxSearchDelayMs)
    : 0;
  return matching(advertisedBy(gateway.root), search.target).map(({ target, usn }) => ({
    payload: writeMessage('HTTP/1.1 200 OK', [
      ['CACHE-CONTROL', `max-age=${config.maxAge}`],
      ['EXT', ''],
      ['LOCATION', descriptionUrl(config, localAddress)],
      ['SERVER', config.server],
      ['ST', target],
      ['USN', usn],
      ...bootHeaders(config),
    ]),
    delayMs: Math.floor(random.fraction() * longestMs),
  }));
}

/**
 * What a gateway says of itself when it comes or stays (`alive`) and when it goes (`byebye`): UDA 1.1, 1.2.2 and 1.2.3.
 * `update`, 1.2.4: it stays, but its next announcements will have another BOOTID, the one above this.
 */
export type AnnouncementKind = 'alive' | 'byebye' | 'update';

/** What a gateway multicasts: one message for everything that it is. */
export function announcements(
  gateway: Gateway,
  kind: AnnouncementKind,
  localAddress: string,
  group: string,
): readonly Uint8Array[] {
  const { config } = gateway;
  return advertisedBy(gateway.root).map(({ target, usn }) =>
    writeMessage('NOTIFY * HTTP/1.1', [
      ['HOST', `${urlHost(group)}:1900`],
      ...locationHeaders(config, kind, localAddress),
      ['NT', target],
      ['NTS', `ssdp:${kind}`],
      ['USN', usn],
      ...bootHeaders(config),
      ...(kind === 'update' ? [['NEXTBOOTID.UPNP.ORG', String(config.bootId + 1)] as const] : []),
    ]),
  );
}

function locationHeaders(config: GatewayConfig, kind: AnnouncementKind, localAddress: string): readonly Header[] {
  const location = ['LOCATION', descriptionUrl(config, localAddress)] as const;
  switch (kind) {
    case 'alive':
      return [['CACHE-CONTROL', `max-age=${config.maxAge}`], location, ['SERVER', config.server]];
    case 'update':
      return [location];
    case 'byebye':
      return [];
  }
}

/** Since UDA 1.1, which some devices of version 1 claim, too. */
function bootHeaders({ igdVersion, description, bootId, configId }: GatewayConfig): readonly Header[] {
  if (igdVersion === 1 && description.specVersion === '1.0') return [];
  return [
    ['BOOTID.UPNP.ORG', String(bootId)],
    ['CONFIGID.UPNP.ORG', String(configId)],
  ];
}
