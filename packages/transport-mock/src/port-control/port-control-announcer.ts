import type { ClockPort } from '@portwright/core';
import { sleepInBackground } from '../clock/background-sleep.ts';
import type { PortControlOccasion } from '../faults/fault.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Mount } from '../mounts/mount.ts';
import { natPmpAnnouncement } from '../nat-pmp/nat-pmp-server.ts';
import { pcpAnnouncement } from '../pcp/pcp-server.ts';
import { hasPortControl, PORT_CONTROL_PORT } from './port-control-server.ts';

/** Where clients listen for announcements (RFC 6886, 3.2.1; RFC 6887, 14.1). */
export const ANNOUNCEMENT_PORT = 5350;
/** RFC 6886, 3.2.1: ten times, the first two 250 ms apart, and each time twice as long until the next. */
const TIMES = 10;
const FIRST_INTERVAL_MS = 250;

export interface PortControlAnnouncerOptions {
  readonly clock: ClockPort;
  /** The gateway of this boot. */
  readonly gateway: () => Gateway;
  readonly mounts: Iterable<Mount>;
  /** What becomes of an announcement before it is sent. */
  readonly shape: (messages: readonly Uint8Array[], kind: PortControlOccasion) => readonly Uint8Array[];
}

/** Multicasts that the gateway has come, or that its external address is another one. */
export class PortControlAnnouncer {
  readonly #options: PortControlAnnouncerOptions;
  #run: AbortController | null = null;

  constructor(options: PortControlAnnouncerOptions) {
    this.#options = options;
  }

  /** From the beginning, also when it announces something already. @param to - the mounts that carry it; default: all */
  start(to?: Iterable<Mount>): void {
    this.stop();
    if (!hasPortControl(this.#options.gateway())) return;
    this.#run = new AbortController();
    void this.#announce(this.#run.signal, to ?? this.#options.mounts);
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  async #announce(signal: AbortSignal, to: Iterable<Mount>): Promise<void> {
    const { clock } = this.#options;
    for (let sent = 0; sent < TIMES; sent += 1) {
      if (sent > 0) await sleepInBackground(clock, FIRST_INTERVAL_MS * 2 ** (sent - 1), signal);
      if (signal.aborted) return;
      this.#multicast(to);
    }
  }

  #multicast(to: Iterable<Mount>): void {
    const gateway = this.#options.gateway();
    const { protocols, lanAddress, lanAddress6, linkLocalAddress } = gateway.config;
    const { shape } = this.#options;
    const send = (payloads: readonly Uint8Array[], address: string, group: string, port = ANNOUNCEMENT_PORT): void => {
      for (const payload of payloads) {
        for (const mount of to)
          mount.multicast(payload, { address, port: PORT_CONTROL_PORT }, { address: group, port });
      }
    };
    if (protocols.includes('nat-pmp')) {
      const announced = shape([natPmpAnnouncement(gateway)], 'nat-pmp');
      send(announced, lanAddress, '224.0.0.1');
      // miniupnpd: for clients that listen on the port of requests, as early ones did.
      send(announced, lanAddress, '224.0.0.1', PORT_CONTROL_PORT);
    }
    if (protocols.includes('pcp')) {
      const announced = shape([pcpAnnouncement(gateway)], 'pcp');
      send(announced, lanAddress, '224.0.0.1');
      if (lanAddress6 !== null) send(announced, linkLocalAddress, 'ff02::1');
    }
  }
}
