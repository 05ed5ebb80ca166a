import { expect, it } from 'vitest';
import { askAfterAnnouncement } from './watch-schedule.ts';

it.each([
  ['at once at the earliest', 0, 10_000],
  ['within five seconds', 1, 15_000],
  ['at random', 0.5, 12_500],
])('the server is asked %s', (_when, fraction, expected) => {
  expect(askAfterAnnouncement(10_000, Infinity, -Infinity, fraction)).toBe(expected);
});

it('announcements before that change nothing', () => {
  expect(askAfterAnnouncement(10_000, 12_000, -Infinity, 0)).toBe(12_000);
});

it('never twice in five seconds, however many there are', () => {
  expect(askAfterAnnouncement(10_000, Infinity, 9_000, 0)).toBe(14_000);
  expect(askAfterAnnouncement(10_000, Infinity, 9_000, 1)).toBe(15_000);
});
