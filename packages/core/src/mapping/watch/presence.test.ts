import { expect, it } from 'vitest';
import { afterAnsweredPoll, afterMissedPoll, afterProbe, PRESENT, type Presence } from './presence.ts';

const MISSED: Presence = { kind: 'present', missedPolls: 1 };
const GONE: Presence = { kind: 'gone' };
const MOVED: Presence = { kind: 'elsewhere', location: 'http://192.168.1.1:6000/' };

it.each<readonly [string, Presence, 'restarted' | null]>([
  ['was there', PRESENT, null],
  ['missed a poll', MISSED, null],
  ['was gone', GONE, 'restarted'],
  ['was elsewhere', MOVED, 'restarted'],
])('a gateway that %s, and answers a poll, is there', (_how, before, report) => {
  expect(afterAnsweredPoll(before)).toEqual({ presence: PRESENT, report });
});

it.each<readonly [string, Presence, Presence, 'gone' | null, number | null]>([
  ['was there: it is asked again soon', PRESENT, MISSED, null, 5_000],
  ['missed a poll: it is gone', MISSED, GONE, 'gone', null],
  ['was gone', GONE, GONE, null, null],
  ['was elsewhere', MOVED, MOVED, null, null],
])('a missed poll of a gateway that %s', (_how, before, presence, report, retryMs) => {
  expect(afterMissedPoll(before)).toEqual({ presence, report, retryMs });
});

it.each<readonly [string, Presence, boolean, string | null, Presence, 'gone' | 'restarted' | null]>([
  ['was there, and is', PRESENT, true, null, PRESENT, null],
  ['missed a poll, and is there', MISSED, true, null, PRESENT, null],
  ['was gone, and is there', GONE, true, null, PRESENT, 'restarted'],
  ['was elsewhere, and is back', MOVED, true, null, PRESENT, 'restarted'],
  ['has moved', PRESENT, false, MOVED.location, MOVED, 'restarted'],
  ['was gone, and is elsewhere', GONE, false, MOVED.location, MOVED, 'restarted'],
  ['is still elsewhere', MOVED, false, MOVED.location, MOVED, null],
  [
    'has moved again',
    MOVED,
    false,
    'http://192.168.1.1:7000/',
    { ...MOVED, location: 'http://192.168.1.1:7000/' },
    'restarted',
  ],
  ['is at no URL', PRESENT, false, null, GONE, 'gone'],
  ['is no longer elsewhere', MOVED, false, null, GONE, 'gone'],
  ['was gone, and is', GONE, false, null, GONE, null],
])('a probe of a gateway that %s', (_how, before, isThere, newLocation, presence, report) => {
  expect(afterProbe(before, isThere, newLocation)).toEqual({ presence, report });
});
