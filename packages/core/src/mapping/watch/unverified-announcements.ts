/** What announcements say of a gateway. Senders are easily forged: it is looked into, and never simply believed. */
import type { DeviceDescription } from '../../description/device-description.ts';
import type { Announcement } from './announcements.ts';
import type { RestartSigns } from './reboot-detector.ts';

/** To be found true or not; a byebye has neither. */
export interface Rumour {
  /** It has another BOOTID. */
  readonly isRestarted: boolean;
  /** It has another LOCATION. */
  readonly isElsewhere: boolean;
}

/**
 * What is to be done about an announcement. `probe`: see whether the {@link Rumour} is true. `check`: it may be the first
 * after a start, or not; whether the gateway still knows its subscriber tells. `ask`: a start would look like any other
 * day, so the gateway is asked at the next look.
 */
export type Reaction = 'none' | 'probe' | 'check' | 'ask';

/** The rumours of one gateway that have not been looked into. */
export class Rumours {
  readonly #description: DeviceDescription;
  readonly #signs: RestartSigns;
  #pending: Rumour | null = null;

  constructor(description: DeviceDescription, signs: RestartSigns) {
    this.#description = description;
    this.#signs = signs;
  }

  get pending(): Rumour | null {
    return this.#pending;
  }

  /** @param isMissed - the gateway did not answer the last time, so that any sign of life counts */
  hear(announcement: Announcement, isMissed: boolean): Reaction {
    if (!this.#isOwn(announcement.usn ?? '')) return 'none';
    if (announcement.kind === 'byebye') return this.#add({ isRestarted: false, isElsewhere: false });
    const isUpdate = announcement.kind === 'update';
    const shows = this.#signs.sawBootId(isUpdate ? announcement.nextBootId : announcement.bootId, isUpdate);
    const isElsewhere = announcement.location !== this.#description.location;
    const isRestarted = shows === 'restart';
    if (isRestarted || isElsewhere || isMissed) return this.#add({ isRestarted, isElsewhere });
    if (shows === 'first') return 'check';
    return shows === 'nothing' ? 'ask' : 'none';
  }

  /** They have been looked into. */
  clear(): void {
    this.#pending = null;
  }

  #add({ isRestarted, isElsewhere }: Rumour): Reaction {
    this.#pending = {
      isRestarted: isRestarted || this.#pending?.isRestarted === true,
      isElsewhere: isElsewhere || this.#pending?.isElsewhere === true,
    };
    return 'probe';
  }

  /** By its UDN: other devices may live on the same host, and they come and go as they like. */
  #isOwn(usn: string): boolean {
    const { udn } = this.#description.device;
    return udn !== null && (usn === udn || usn.startsWith(`${udn}::`));
  }
}
