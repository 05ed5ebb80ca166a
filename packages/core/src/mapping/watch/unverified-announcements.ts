/**
 * What announcements claim about a gateway. Anybody on the network can forge them, so a claim only decides what is checked
 * with the gateway itself.
 */
import type { Announcement } from './announcements.ts';
import type { BootIdShows } from './reboot-detector.ts';

/** The claims that have not been checked yet: one record, however many announcements arrive. */
export interface UnverifiedClaims {
  /** The gateway has gone, moved or come back; its description shows which. */
  readonly presence: boolean;
  /** The last LOCATION that is not the known one. */
  readonly location: string | null;
  /** The gateway may have restarted. */
  readonly restart: boolean;
}

export const NO_CLAIMS: UnverifiedClaims = { presence: false, location: null, restart: false };

/** A device repeats its announcement for every service, and two or three times, within this time (UDA 1.0, 1.1.2). */
const BURST_MS = 10_000;

export interface AnnouncementContext {
  /** The description's URL, as far as it is known. */
  readonly location: string;
  /** Whether the gateway answered the last request. */
  readonly answers: boolean;
  readonly bootIdShows: BootIdShows;
  /** Milliseconds since the last check for a restart began. */
  readonly sinceVerificationMs: number;
}

/** What one announcement claims. */
export function claimsOf(announcement: Announcement, context: AnnouncementContext): UnverifiedClaims {
  if (announcement.kind === 'byebye') return { ...NO_CLAIMS, presence: true };
  const { location, answers, bootIdShows, sinceVerificationMs } = context;
  const isElsewhere = announcement.location !== location;
  return {
    // From a gateway that did not answer, every sign of life counts.
    presence: isElsewhere || !answers,
    location: isElsewhere ? announcement.location : null,
    restart: announcement.kind === 'alive' && mayHaveRestarted(bootIdShows, sinceVerificationMs),
  };
}

/** Without a BOOTID, the first announcement after a restart looks like any other. */
function mayHaveRestarted(shows: BootIdShows, sinceVerificationMs: number): boolean {
  return shows === 'restart' || shows === 'first' || (shows === 'none' && sinceVerificationMs >= BURST_MS);
}

export function mergeClaims(pending: UnverifiedClaims, added: UnverifiedClaims): UnverifiedClaims {
  return {
    presence: pending.presence || added.presence,
    location: added.location ?? pending.location,
    restart: pending.restart || added.restart,
  };
}

/** Whether an announcement is of this device. Other devices may live on the same host. */
export function isAbout({ usn }: Announcement, udn: string | null): boolean {
  return udn !== null && (usn === udn || usn?.startsWith(`${udn}::`) === true);
}
