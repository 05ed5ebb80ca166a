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
  const { server, client } = secondsBetween(earlier, later);
  return server >= -1 && client + 2 >= (server * 15) / 16 && server + 2 >= (client * 15) / 16;
}

/** By the server's clock and by this host's; NaN for what is no reading, which no test accepts. */
export function secondsBetween(
  earlier: EpochReading,
  later: EpochReading,
): { readonly server: number; readonly client: number } {
  const [one, other] = [Object(earlier) as EpochReading, Object(later) as EpochReading];
  return { server: other.epochSeconds - one.epochSeconds, client: (other.atMs - one.atMs) / 1000 };
}
