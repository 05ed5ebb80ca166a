import type { EpochReading } from '../pcp/epoch.ts';

/**
 * Whether a NAT-PMP gateway still has the mappings that it had at an earlier message (RFC 6886, 3.6). If not, map all ports
 * again. Either way the later reading is the one to compare with from then on.
 *
 * Its clock may lag by an eighth and 2 seconds. Unlike PCP's test it has one side: a clock that leads proves nothing.
 */
export function isNatPmpEpochValid(earlier: EpochReading, later: EpochReading): boolean {
  const elapsedSeconds = (later.atMs - earlier.atMs) / 1000;
  return later.epochSeconds + 2 >= earlier.epochSeconds + (elapsedSeconds * 7) / 8;
}
