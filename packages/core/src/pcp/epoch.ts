/** When a message arrived, and the server's clock in it. */
export interface EpochReading {
  readonly epochSeconds: number;
  /** When it arrived, by this host's clock, in milliseconds; see ClockPort. */
  readonly atMs: number;
}

/**
 * Whether a PCP server still has the mappings that it had at an earlier message (RFC 6887, 8.5). If not, renew all mappings of
 * it. Either way the later reading is the one to compare with from then on.
 *
 * Its clock may lag or lead by a sixteenth and 2 seconds, and a reordered message may be 1 second older. A clock of this
 * host that stands still while it is suspended makes the test fail, which costs a renewal.
 */
export function isPcpEpochValid(earlier: EpochReading, later: EpochReading): boolean {
  const serverSeconds = later.epochSeconds - earlier.epochSeconds;
  const clientSeconds = (later.atMs - earlier.atMs) / 1000;
  if (serverSeconds < -1) return false;
  return clientSeconds + 2 >= (serverSeconds * 15) / 16 && serverSeconds + 2 >= (clientSeconds * 15) / 16;
}
