import { assertArguments, NUMBER, oneOf, options as optionsOf, type Check } from '../arguments.ts';
import type { AddressFamily, Endpoint } from '../messages.ts';
import { SSDP_GROUPS, SSDP_PORT } from './multicast.ts';
import { GATEWAY_SEARCH_TARGETS } from './search-targets.ts';

/** One datagram of a search, and when to send it. */
export interface ScheduledSearch {
  /** Whole milliseconds from the start of the search. */
  readonly atMs: number;
  readonly target: string;
  readonly to: Endpoint;
  /** Seconds, 1..5. */
  readonly mx: number;
}

export interface SearchScheduleOptions {
  /** How long answers are accepted, in milliseconds from the start of the search. */
  readonly timeoutMs: number;
  readonly family: AddressFamily;
  /** Default: {@link GATEWAY_SEARCH_TARGETS}. The first is asked for at 0 ms. */
  readonly targets?: readonly string[] | undefined;
  /** Addresses of that family which are asked directly too, the default gateway above all. */
  readonly unicast?: readonly string[];
  /** True for the IPv6 half of a search over both families: its datagrams then lie in the pauses of the IPv4 half. */
  readonly besideIpv4?: boolean;
}

/** Milliseconds of a search. One second has proved too short in the field. */
export const DEFAULT_TIMEOUT_MS = 2000;

const SCHEDULE: Check = optionsOf({ timeoutMs: NUMBER, family: oneOf('ipv4', 'ipv6') });

/**
 * One datagram ahead, for the target that nearly every gateway answers: it is mostly the only one, since a search ends with
 * the gateway that is found, and the other devices of a household are not asked at all then.
 *
 * Then three rounds of every target: UDP loses datagrams, Wi-Fi in bursts of some hundred milliseconds, and UDA 1.1
 * (1.3.2) has a search repeated. The first of them asks for answers within one second, since somebody waits for it; the
 * last leaves devices all the time there is.
 */
const ROUNDS: readonly { readonly datagrams: number; readonly mxAtMost: number }[] = [
  { datagrams: 1, mxAtMost: 1 },
  { datagrams: Infinity, mxAtMost: 1 },
  { datagrams: Infinity, mxAtMost: 2 },
  { datagrams: Infinity, mxAtMost: 5 },
];

/** From one round to the next; a longer pause would only make a person wait whose first datagrams were lost. */
const LONGEST_PAUSE_MS = 1000;

/** Between two datagrams of a round: a cheap router's queue holds a few, and answers one at a time. */
const GAP_MS = 20;

/** A unicast search is answered within a second (UDA 1.1, 1.3.3). MX is sent nonetheless: some devices insist on it. */
const UNICAST_MX = 1;

/**
 * When to send which search, in the order of time: each target to the multicast groups and to the unicast addresses,
 * since some routers answer only one of the two.
 *
 * MX is at most half of the timeout, and the last round ends that much before it, so that the latest honest answer still
 * counts; only below 2 s, where MX can't be less than 1, an answer to a late round may come too late.
 *
 * @throws PortwrightException (`invalid-argument`) for options that are none
 */
export function searchSchedule(options: SearchScheduleOptions): readonly ScheduledSearch[] {
  assertArguments(['options', options, SCHEDULE]);
  const { timeoutMs, family, targets = GATEWAY_SEARCH_TARGETS, unicast = [], besideIpv4 = false } = options;
  const longestMx = Math.min(5, Math.max(1, Math.floor(timeoutMs / 2000)));
  const windowMs = Math.max(timeoutMs - longestMx * 1000, timeoutMs / 2);
  // The rounds start after 0, 1, 2 and 3 pauses; the fourth quarter is for the last round itself.
  const pauseMs = Math.min(windowMs / 4, LONGEST_PAUSE_MS);
  const destinations = [
    ...SSDP_GROUPS[family].map((address) => ({ address, mxAtMost: longestMx })),
    ...unicast.map((address) => ({ address, mxAtMost: UNICAST_MX })),
  ];
  // A round fills at most half a pause; the other half is the other family's. FRITZ!Box garbles its answers when both
  // families ask at once.
  const gapMs = Math.min(GAP_MS, pauseMs / 2 / (targets.length * destinations.length));
  const startMs = besideIpv4 ? pauseMs / 2 : 0;
  return ROUNDS.flatMap((round, pauses) =>
    targets
      .flatMap((target) => destinations.map((destination) => ({ target, ...destination })))
      .slice(0, round.datagrams)
      .map(({ target, address, mxAtMost }, index) => ({
        atMs: Math.floor(startMs + pauses * pauseMs + index * gapMs),
        target,
        to: { address, port: SSDP_PORT },
        mx: Math.min(round.mxAtMost, mxAtMost),
      })),
  );
}
