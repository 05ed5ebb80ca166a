import type { ClockPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { lasts, same, within } from './expectations.ts';

const NOW = 'ClockPort.now: Milliseconds from an arbitrary start; never goes back.';
const SLEEP = 'ClockPort.sleep: Resolves after that many milliseconds';
const ABORT = 'ClockPort.sleep: or at once when the signal aborts (or has aborted); it never rejects.';

/** The clock under test is looked at by the clock of the bench, which may be the same. */
export const CLOCK: readonly ContractCase<ClockPort>[] = [
  {
    id: 'clock/never-back',
    what: 'The time never goes back, and is a number.',
    clause: NOW,
    needs: [],
    check: async function* (clock) {
      const times: number[] = [];
      for (let left = 50; left > 0; left -= 1) {
        times.push(clock.now());
        if (left % 10 === 0) await clock.sleep(1);
      }
      const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      yield* expectThat(
        steps.every((step) => step >= 0),
        'steps of 0 or more',
        `${Math.min(...steps)}`,
      );
    },
  },
  {
    id: 'clock/sleep',
    what: 'A sleep lasts as long as it was asked to, and not much longer.',
    clause: SLEEP,
    needs: [],
    check: async function* (clock, bench) {
      const begun = [clock.now(), bench.clock.now()] as const;
      yield* await within(bench.clock, 2000, 'the end of a sleep of 50 ms', clock.sleep(50));
      // A timer may be early by a fraction of a millisecond.
      yield* lasts('the sleep by its own clock', clock.now() - begun[0], 49, 1500);
      yield* lasts('the sleep by another', bench.clock.now() - begun[1], 48, 1500);
    },
  },
  {
    id: 'clock/side-by-side',
    what: 'Sleeps run side by side, and end in the order of their length.',
    clause: SLEEP,
    needs: [],
    check: async function* (clock, bench) {
      const order: number[] = [];
      const sleeps = [90, 10, 50].map((ms) => clock.sleep(ms).then(() => order.push(ms)));
      yield* await within(bench.clock, 2000, 'the end of all', Promise.all(sleeps));
      yield* same('the order', [10, 50, 90], order);
    },
  },
  {
    id: 'clock/time-of-day',
    what: 'The time of day is in milliseconds since 1970.',
    clause: 'ClockPort.timeOfDay: The time of day, in milliseconds since 1970',
    needs: [],
    check: async function* (clock) {
      if (clock.timeOfDay === undefined) return;
      const now = clock.timeOfDay();
      const isPlausible = now > Date.UTC(2020) && now < Date.UTC(2100);
      yield* await Promise.resolve(expectThat(isPlausible, 'milliseconds from 2020 to 2100', String(now)));
    },
  },
  {
    id: 'clock/aborted',
    what: 'A signal ends a sleep at once, and it does not reject.',
    clause: ABORT,
    needs: [],
    check: async function* (clock, bench) {
      const controller = new AbortController();
      const sleep = clock.sleep(30_000, controller.signal);
      controller.abort();
      yield* await within(bench.clock, 1000, 'the end of the sleep', sleep);
    },
  },
  {
    id: 'clock/aborted-before',
    what: 'With a signal that has aborted, a sleep is over at once.',
    clause: ABORT,
    needs: [],
    check: async function* (clock, bench) {
      yield* await within(bench.clock, 1000, 'the end of the sleep', clock.sleep(30_000, AbortSignal.abort()));
    },
  },
];
