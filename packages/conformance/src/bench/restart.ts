import type { Datagram } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';

/** Where clients listen for announcements (RFC 6886, 3.2.1; RFC 6887, 14.1). */
const ANNOUNCEMENTS = { localPort: 5350, memberships: ['224.0.0.1'] } as const;
/** Milliseconds for a gateway to come up again. */
const BOOT_MS = 180_000;
/** The longest single wait, in milliseconds. */
const SLICE_MS = 1_000;
/** Datagrams at most that are looked at. */
const CAPACITY = 1_000;

export interface HeardAnnouncement {
  readonly payload: Uint8Array;
  /** Since the restart was asked for. */
  readonly seconds: number;
}

/** The epoch time that the server tells, in seconds. Null: no answer yet. */
export type AskEpoch = () => Promise<number | null>;

/** Seconds. A restart at a smaller epoch time cannot be recognized: the new epoch time soon equals the old one. */
const EARLIEST = 15;
/** Seconds that an epoch time may be ahead of the restart that began it: those of the clocks. */
export const EPOCH_MARGIN_S = 3;
/** Seconds for an announcement, when the server answers again: by then it has been repeated five times. */
const ANNOUNCED_S = 10;

/** Restarts the gateway. @returns the first such announcement of its own; null: none came */
export async function announcedAtRestart(
  bench: Bench,
  ask: AskEpoch,
  isMeant: (payload: Uint8Array) => boolean,
): Promise<Result<HeardAnnouncement | null, Shortfall>> {
  const { self, clock, subject } = bench;
  const interfaces = (await self.transport.interfaces.list()).unwrapOr([]);
  const multicastInterface = interfaces.find(({ address }) => address === self.address);
  const opened = await self.transport.datagram.open({ family: 'ipv4', ...ANNOUNCEMENTS, multicastInterface });
  if (opened.isErr()) return inconclusive('a socket for announcements', opened.error.message);
  const socket = opened.value;
  const heard: HeardAnnouncement[] = [];
  let began = Infinity;
  const take = ({ payload, from }: Datagram): void => {
    const seconds = (clock.now() - began) / 1_000;
    if (seconds >= 0 && from.address === subject.host && isMeant(payload)) heard.push({ payload, seconds });
  };
  const listening = (async () => {
    let taken = 0;
    for await (const datagram of socket.datagrams) {
      taken += 1;
      if (taken <= CAPACITY) take(datagram);
    }
  })();
  const restarted = await restart(bench, ask, () => {
    began = clock.now();
  });
  if (restarted.isOk()) {
    for (let waited = 0; waited < ANNOUNCED_S && heard.length === 0 && !bench.isEnded; waited += 1) {
      await bench.sleep(SLICE_MS);
    }
  }
  await socket.close();
  await listening;
  return restarted.map(() => heard[0] ?? null);
}

export interface EpochAtRestart {
  /** Seconds. */
  readonly before: number;
  readonly after: number;
  /** Since the restart was asked for. */
  readonly seconds: number;
}

/** Restarts the gateway, and asks for the epoch time before and after. */
export function epochAtRestart(bench: Bench, ask: AskEpoch): Promise<Result<EpochAtRestart, Shortfall>> {
  return restart(bench, ask, () => undefined);
}

/** Until the epoch time has begun again, or for as long as a gateway needs to come up. */
async function restart(bench: Bench, ask: AskEpoch, begin: () => void): Promise<Result<EpochAtRestart, Shortfall>> {
  const { reboot, clock } = bench;
  if (reboot === null) return inconclusive('a way to reboot the gateway', 'none');
  let before = await ask();
  if (before !== null && before < EARLIEST) {
    await bench.sleep((EARLIEST - before) * 1_000);
    before = await ask();
  }
  if (before === null) return inconclusive('an answer before the restart', 'none');
  const began = clock.now();
  begin();
  await reboot();
  let latest: EpochAtRestart | null = null;
  while (clock.now() - began < BOOT_MS && !bench.isEnded) {
    const after = await ask();
    const seconds = (clock.now() - began) / 1_000;
    if (after !== null) latest = { before, after, seconds };
    if (after !== null && after <= seconds + EPOCH_MARGIN_S) break;
    await bench.sleep(SLICE_MS);
  }
  return latest === null ? inconclusive('an answer after the restart', 'none') : ok(latest);
}
