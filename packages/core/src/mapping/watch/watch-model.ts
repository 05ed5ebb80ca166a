import type { ConnectionState } from '../../client/connection-state.ts';
import type { Announcement } from './announcements.ts';
import {
  afterEvent,
  afterLook,
  changesBetween,
  tableAfter,
  tableChanges,
  type EventedTable,
} from './gateway-changes.ts';
import type { ChangeSource, GatewayChange } from '../port-mapper.ts';
import {
  afterAnsweredPoll,
  afterMissedPoll,
  afterProbe,
  PRESENT,
  type Presence,
  type PresenceDecision,
} from './presence.ts';
import { RebootDetector, type BootIdShows } from './reboot-detector.ts';
import { claimsOf, isAbout, mergeClaims, NO_CLAIMS, type UnverifiedClaims } from './unverified-announcements.ts';
import {
  afterVerification,
  nextVerification,
  NO_VERIFICATION,
  pollInterval,
  PROBE_PAUSE_MS,
  reportTime,
  type DueTimes,
  type Verifications,
} from './watch-schedule.ts';

/** The device that is watched, as its description names it. */
export interface WatchedDevice {
  readonly udn: string | null;
  readonly location: string;
}

export interface PollStart {
  readonly askedAt: number;
  /** {@link WatchModel.state} when the poll was sent. */
  readonly stateBefore: ConnectionState | null;
}

export interface PollContext extends PollStart {
  readonly now: number;
  /** What led to the poll; the source of a restart that the uptime shows. */
  readonly source: 'announcement' | 'poll';
  /** Whether events arrive. */
  readonly hasEvents: boolean;
  /** Whether the gateway is there; its answer may lack everything. */
  readonly isAnswered: boolean;
}

/**
 * What a watch knows about its gateway, and what follows from each answer, event and announcement. It awaits nothing; times
 * are milliseconds on the transport's clock. Each method returns the changes to report at once.
 */
export class WatchModel {
  readonly #device: WatchedDevice;
  readonly #pollMs: number;
  readonly #reboots = new RebootDetector();
  #state: ConnectionState | null;
  #table: EventedTable | null = null;
  #presence: Presence = PRESENT;
  #claims: UnverifiedClaims = NO_CLAIMS;
  #pollAt: number;
  #probeAt = -Infinity;
  #verifications: Verifications = NO_VERIFICATION;
  /** A confirmed restart that is not reported yet. One restart has several signs. */
  #restart: { readonly source: ChangeSource; readonly at: number } | null = null;
  #lastReportAt = -Infinity;

  /** @param state - as it is known at `now`; null: the first poll is due at once */
  constructor(device: WatchedDevice, pollMs: number, state: ConnectionState | null, now: number) {
    this.#device = device;
    this.#pollMs = pollMs;
    this.#state = state;
    this.#addUptime(now, now);
    this.#pollAt = state === null ? now : now + this.#pollInterval(false);
  }

  get state(): ConnectionState | null {
    return this.#state;
  }

  get dueTimes(): Pick<DueTimes, 'poll' | 'probe' | 'verify' | 'report'> {
    return {
      poll: this.#pollAt,
      probe: this.#claims.presence ? this.#probeAt : Infinity,
      verify: this.#claims.restart ? nextVerification(this.#verifications) : Infinity,
      report: this.#restart?.at ?? Infinity,
    };
  }

  /** Also during a poll: its answer may be older than the reason for this one. */
  pollNow(): void {
    this.#pollAt = -Infinity;
  }

  beginPoll(now: number): PollStart {
    this.#pollAt = Infinity;
    return { askedAt: now, stateBefore: this.#state };
  }

  addEvent(properties: ReadonlyMap<string, string>): readonly GatewayChange[] {
    const [state, table] = [this.#state, this.#table];
    this.#state = state && afterEvent(state, properties);
    this.#table = tableAfter(table, properties);
    return [
      ...(state === null || this.#state === null ? [] : changesBetween(state, this.#state, 'event')),
      ...(table === null ? [] : tableChanges(table, this.#table)),
    ];
  }

  addPoll(answer: ConnectionState, context: PollContext): readonly GatewayChange[] {
    const { stateBefore, askedAt, now, source, hasEvents, isAnswered } = context;
    if (!isAnswered) {
      const { retryMs, ...decision } = afterMissedPoll(this.#presence);
      this.#pollBy(now + (retryMs ?? this.#pollMs));
      return this.#apply(decision, 'poll', now);
    }
    if (this.#state !== stateBefore) {
      // An event came meanwhile, and this answer may be older.
      this.pollNow();
      return [];
    }
    this.#state = stateBefore === null ? answer : afterLook(stateBefore, answer);
    const isRestarted = this.#addUptime(askedAt, now);
    this.#pollBy(askedAt + this.#pollInterval(hasEvents));
    if (isRestarted) this.confirmRestart(source, now);
    return [
      ...this.#apply(afterAnsweredPoll(this.#presence), 'poll', now),
      ...(stateBefore === null ? [] : changesBetween(stateBefore, this.#state, 'poll')),
    ];
  }

  /** @returns whether there is something to check now, or later */
  addAnnouncement(announcement: Announcement, now: number): boolean {
    if (!isAbout(announcement, this.#device.udn)) return false;
    const claims = claimsOf(announcement, {
      location: this.#presence.kind === 'elsewhere' ? this.#presence.location : this.#device.location,
      answers: this.#presence.kind === 'present' && this.#presence.missedPolls === 0,
      bootIdShows: this.#bootIdOf(announcement),
      sinceVerificationMs: now - this.#verifications.lastAt,
    });
    this.#claims = mergeClaims(this.#claims, claims);
    return claims.presence || claims.restart;
  }

  beginProbe(now: number): void {
    this.#probeAt = now + PROBE_PAUSE_MS;
  }

  /** The LOCATION that was announced last, if it is another one: where to look if the known one does not answer. */
  get announcedLocation(): string | null {
    return this.#claims.location;
  }

  /** @param newLocation - where the description was found instead; null: at no URL */
  endProbe(isThere: boolean, newLocation: string | null, now: number): readonly GatewayChange[] {
    this.#claims = { ...this.#claims, presence: false, location: null };
    return this.#apply(afterProbe(this.#presence, isThere, newLocation), 'announcement', now);
  }

  /** @param isDecided - false: the gateway did not answer, and the claim is checked again */
  endVerification(startedAt: number, isDecided: boolean): void {
    this.#verifications = afterVerification(this.#verifications, startedAt, this.#restart !== null);
    if (isDecided) this.#claims = { ...this.#claims, restart: false };
  }

  /** The gateway itself has shown that it restarted: all claims up to now are answered. */
  confirmRestart(source: ChangeSource, now: number): void {
    this.#reboots.forgetUptime();
    this.#claims = NO_CLAIMS;
    this.#restart ??= { source, at: reportTime(now, this.#lastReportAt) };
  }

  /** The confirmed restart, to be reported now. */
  takeRestart(now: number): (GatewayChange & { readonly kind: 'restarted' }) | null {
    const restart = this.#restart;
    if (restart === null) return null;
    this.#restart = null;
    this.#lastReportAt = now;
    return { kind: 'restarted', source: restart.source };
  }

  #pollBy(time: number): void {
    this.#pollAt = Math.min(this.#pollAt, time);
  }

  #apply(
    { presence, report }: PresenceDecision,
    source: 'announcement' | 'poll',
    now: number,
  ): readonly GatewayChange[] {
    this.#presence = presence;
    if (report === 'restarted') this.confirmRestart(source, now);
    return report === 'gone' ? [{ kind: 'gone', source }] : [];
  }

  #bootIdOf(announcement: Announcement): BootIdShows {
    switch (announcement.kind) {
      case 'alive':
        return this.#reboots.addBootId(announcement.bootId, false);
      case 'update':
        return this.#reboots.addBootId(announcement.nextBootId, true);
      case 'byebye':
        return 'same run';
    }
  }

  #addUptime(askedAt: number, answeredAt: number): boolean {
    const seconds = this.#state?.connected === true ? this.#state.uptimeSeconds : null;
    return this.#reboots.addUptime(seconds === null ? null : { seconds, askedAt, answeredAt });
  }

  #pollInterval(hasEvents: boolean): number {
    return pollInterval(this.#pollMs, { hasEvents, needsSecondSample: this.#reboots.needsSecondSample });
  }
}
