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
  anyRemoteHost: '',
  lease: null,
  permanentLease: 0,
  internalPort: null,
  isAlwaysEnabled: false,
  inDescriptions: {},
  hasZeroRow: false,
  isNewestFirst: false,
  longestListing: 0,
};

/** 1000 seconds: `0 Days, 00:16:40`. */
export function daysAndTime(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(seconds / 86_400)} Days, ${two((seconds / 3_600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
