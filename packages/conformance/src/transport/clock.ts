import type { ClockPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { atLeast, same, within } from './expectations.ts';

const NOW = 'ClockPort.now: Milliseconds from an arbitrary start; never goes back.';
const SLEEP = 'ClockPort.sleep: Resolves after that many milliseconds';
const ABORT = 'ClockPort.sleep: or at once when the signal aborts (or has aborted); it never rejects.';

/** The clock under test is looked at by the clock of the bench, which may be the same. */
export const CLOCK: readonly ContractCase<ClockPort>[] = [
  {
    id: 'clock/never-back',
    what: 'The time is a number that never decreases.',
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
    what: 'A sleep lasts the requested time, and not much longer.',
    clause: SLEEP,
    needs: [],
    check: async function* (clock, bench) {
      const begunByAnother = bench.clock.now();
      const begun = clock.now();
      yield* await within(bench.clock, 2000, 'the end of a sleep of 50 ms', clock.sleep(50));
      const ms = clock.now() - begun;
      const msByAnother = bench.clock.now() - begunByAnother;
      // A timer may be early by a fraction of a millisecond.
      yield* atLeast('the sleep by its own clock', ms, 49);
      yield* atLeast('the sleep by another clock', msByAnother, 48);
      // The other clock was read first and last.
      yield* atLeast('the sleep by another clock, beside its own', msByAnother, ms - 2);
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
    id: 'clock/wall-time',
    what: 'The time of day is in milliseconds since 1970.',
    clause: 'ClockPort.wallTime: The time of day, in milliseconds since 1970',
    needs: [],
    check: async function* (clock) {
      if (clock.wallTime === undefined) return;
      const now = clock.wallTime();
      const isPlausible = now > Date.UTC(2020) && now < Date.UTC(2100);
      yield* await Promise.resolve(expectThat(isPlausible, 'milliseconds from 2020 to 2100', String(now)));
    },
  },
  {
    id: 'clock/aborted',
    what: 'A signal ends a sleep at once, without a rejection.',
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
    what: 'With an aborted signal, a sleep ends at once.',
    clause: ABORT,
    needs: [],
    check: async function* (clock, bench) {
      yield* await within(bench.clock, 1000, 'the end of the sleep', clock.sleep(30_000, AbortSignal.abort()));
    },
  },
];
