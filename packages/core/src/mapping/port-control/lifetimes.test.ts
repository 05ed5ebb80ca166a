import { expect, it } from 'vitest';
import { lifetimeToAsk, lifetimeToBelieve, refusalSeconds } from './lifetimes.ts';

it.each([
  [3600, 'ipv4', 3600],
  [86_400, 'ipv4', 86_400],
  [604_800, 'ipv4', 86_400],
  [0, 'ipv4', 86_400],
  [1, 'ipv4', 1],
  [1800, 'ipv6', 1800],
  [86_400, 'ipv6', 3600],
  [0, 'ipv6', 3600],
] as const)('a lease of %s s over %s is asked for as %s s: never 0, which deletes', (wanted, family, asked) => {
  expect(lifetimeToAsk(wanted, family)).toBe(asked);
});

it.each([
  ['as granted', 600, 3600, 600],
  ['no longer than asked for', 4_294_967_295, 3600, 3600],
  ['two minutes, which a server may give at least', 120, 60, 120],
  ['two minutes at most, of a lease that is shorter', 86_400, 60, 120],
  ['nothing of nothing', 0, 3600, 0],
] as const)('a lease is believed %s', (_how, granted, asked, believed) => {
  expect(lifetimeToBelieve(granted, asked)).toBe(believed);
});

it.each([
  [0, false, 30],
  [0, true, 1800],
  [5, false, 30],
  [5, true, 30],
  [30, true, 30],
  [31, false, 31],
  [1800, true, 1800],
  [4_294_967_295, false, 1800],
  [4_294_967_295, true, 1800],
])('an error lifetime of %s (long: %s) is a pause of %s s', (lifetime, isLong, pause) => {
  expect(refusalSeconds(lifetime, isLong)).toBe(pause);
});
