import type { Complete } from '../with-defaults.ts';

/** What a gateway says of itself where that is not what it is. Every default is the truth. */
export interface ReportOptions {
  /** GetStatusInfo's NewConnectionStatus, whatever the connection does. Default: null, the truth. */
  readonly connectionStatus?: string | null | undefined;
  /** GetStatusInfo's NewLastConnectionError. Default: null, the truth. */
  readonly lastConnectionError?: string | null | undefined;
  /** How NewUptime is written: a number of seconds, or `0 Days, 00:16:40`. Default: `seconds`. */
  readonly uptimeFormat?: 'seconds' | 'days-and-time' | undefined;
  /** Seconds that NewUptime is ahead. Default: 0. */
  readonly uptimeAhead?: number | undefined;
  /**
   * How the four traffic counters are written: with 32 bits, which wrap at 4 GiB; with 64 bits, as stock miniupnpd does; the
   * 32 bits as a number with a sign; or not at all. Default: `32-bit`.
   */
  readonly counters?: '32-bit' | '64-bit' | 'signed' | 'empty' | undefined;
  /** What stands for any remote host. Default: an empty string (WANIPConnection:2, 2.3.17). */
  readonly anyRemoteHost?: string | undefined;
  /** NewLeaseDuration of every mapping, in seconds. Default: null, what is left of it. */
  readonly lease?: number | null | undefined;
  /** NewLeaseDuration of permanent mappings. Default: 0. */
  readonly permanentLease?: number | undefined;
  /** NewInternalPort of every mapping. Default: null, the truth. */
  readonly internalPort?: number | null | undefined;
  /** Whether every mapping reads as enabled. Default: false. */
  readonly isAlwaysEnabled?: boolean | undefined;
  /** What becomes of characters of descriptions: `{ '_': '.' }`. Default: nothing. */
  readonly inDescriptions?: Readonly<Record<string, string>> | undefined;
  /** Whether the listing by index begins with a row of zeros, which is disabled. Default: false. */
  readonly hasZeroRow?: boolean | undefined;
  /**
   * Rows before the others in both listings, whoever asks, as texts by the names of GetGenericPortMappingEntry. What is left
   * out is that of a mapping of UDP port 27005. Default: none.
   */
  readonly oddRows?: readonly Readonly<Record<string, string>>[] | undefined;
  /** Whether both listings begin with the mapping that was made last. Default: false. */
  readonly isNewestFirst?: boolean | undefined;
  /** Mappings that GetListOfPortMappings lists at most; 0: all. Default: 0. */
  readonly longestListing?: number | undefined;
}

export const REPORT_DEFAULTS: Complete<ReportOptions> = {
  connectionStatus: null,
  lastConnectionError: null,
  uptimeFormat: 'seconds',
  uptimeAhead: 0,
  counters: '32-bit',
  anyRemoteHost: '',
  lease: null,
  permanentLease: 0,
  internalPort: null,
  isAlwaysEnabled: false,
  inDescriptions: {},
  hasZeroRow: false,
  oddRows: [],
  isNewestFirst: false,
  longestListing: 0,
};

/** 1000 seconds: `0 Days, 00:16:40`. */
export function daysAndTime(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(seconds / 86_400)} Days, ${two((seconds / 3_600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A traffic counter as it is written. */
export function writeCounter(count: number, format: Complete<ReportOptions>['counters']): string {
  const bits = BigInt(Math.floor(count));
  switch (format) {
    case '32-bit':
      return String(BigInt.asUintN(32, bits));
    case '64-bit':
      return String(BigInt.asUintN(64, bits));
    case 'signed':
      return String(BigInt.asIntN(32, bits));
    case 'empty':
      return '';
  }
}
