import { secondsBetween, type EpochReading } from '../pcp/epoch.ts';

/**
 * Whether a NAT-PMP gateway still has the mappings that it had at an earlier message (RFC 6886, 3.6). If not, map all ports
 * again. Either way the later reading is the one to compare with from then on.
 *
 * Its clock may lag by an eighth and 2 seconds. Unlike PCP's test it has one side: a clock that leads proves nothing.
 */
export function isNatPmpEpochValid(earlier: EpochReading, later: EpochReading): boolean {
  const { server, client } = secondsBetween(earlier, later);
  return server + 2 >= (client * 7) / 8;
}
