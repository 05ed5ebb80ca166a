import { describe, expect, it } from 'vitest';
import type { Announcement } from './announcements.ts';
import type { BootIdShows } from './reboot-detector.ts';
import {
  claimsOf,
  isAbout,
  mergeClaims,
  NO_CLAIMS,
  type AnnouncementContext,
  type UnverifiedClaims,
} from './unverified-announcements.ts';

const LOCATION = 'http://192.168.1.1:5000/description.xml';
const MOVED = 'http://192.168.1.1:6000/description.xml';
const UDN = 'uuid:7f1d5e3a';

const CONTEXT: AnnouncementContext = {
  location: LOCATION,
  answers: true,
  bootIdShows: 'same run',
  sinceVerificationMs: Infinity,
};

function announcement(
  kind: 'alive' | 'update' | 'byebye',
  location = LOCATION,
  usn: string | null = UDN,
): Announcement {
  const common = { host: null, target: 'upnp:rootdevice', bootId: 1, configId: 1 };
  switch (kind) {
    case 'alive':
      return { ...common, kind, usn, location, maxAgeSeconds: 1800, server: null, searchPort: null };
    case 'update':
      return { ...common, kind, usn, location, searchPort: null, nextBootId: 2 };
    case 'byebye':
      return { ...common, kind, usn: usn ?? '' };
  }
}

describe('what an announcement claims', () => {
  it.each<readonly [string, Announcement, Partial<AnnouncementContext>, Partial<UnverifiedClaims>]>([
    ['an alive of the same run', announcement('alive'), {}, {}],
    ['an alive with another BOOTID', announcement('alive'), { bootIdShows: 'restart' }, { restart: true }],
    ['the first alive', announcement('alive'), { bootIdShows: 'first' }, { restart: true }],
    ['an alive without a BOOTID', announcement('alive'), { bootIdShows: 'none' }, { restart: true }],
    [
      'an alive without a BOOTID, in a burst that was checked',
      announcement('alive'),
      { bootIdShows: 'none', sinceVerificationMs: 9_999 },
      {},
    ],
    [
      'an alive without a BOOTID, after the burst',
      announcement('alive'),
      { bootIdShows: 'none', sinceVerificationMs: 10_000 },
      { restart: true },
    ],
    [
      'another BOOTID soon after a check',
      announcement('alive'),
      { bootIdShows: 'restart', sinceVerificationMs: 0 },
      { restart: true },
    ],
    ['an alive elsewhere', announcement('alive', MOVED), {}, { presence: true, location: MOVED }],
    ['an alive after a missed poll', announcement('alive'), { answers: false }, { presence: true }],
    ['an update', announcement('update'), {}, {}],
    ['an update elsewhere', announcement('update', MOVED), {}, { presence: true, location: MOVED }],
    ['an update without a BOOTID', announcement('update'), { bootIdShows: 'none' }, {}],
    ['a byebye', announcement('byebye'), { bootIdShows: 'restart' }, { presence: true }],
  ])('%s', (_what, one, context, expected) => {
    expect(claimsOf(one, { ...CONTEXT, ...context })).toEqual({ ...NO_CLAIMS, ...expected });
  });

  it('is one record, however many there are: the last LOCATION counts', () => {
    const shows: readonly BootIdShows[] = ['restart', 'same run'];
    const claims = [MOVED, LOCATION, 'http://192.168.1.1:7000/', LOCATION].flatMap((location) =>
      shows.map((bootIdShows) => claimsOf(announcement('alive', location), { ...CONTEXT, bootIdShows })),
    );
    const merged = claims.reduce(mergeClaims, NO_CLAIMS);
    expect(merged).toEqual({ presence: true, location: 'http://192.168.1.1:7000/', restart: true });
    expect(mergeClaims(merged, NO_CLAIMS)).toEqual(merged);
    expect(mergeClaims(NO_CLAIMS, NO_CLAIMS)).toEqual(NO_CLAIMS);
  });
});

it.each([
  [UDN, UDN, true],
  [`${UDN}::upnp:rootdevice`, UDN, true],
  [`${UDN}-another`, UDN, false],
  ['uuid:a-television', UDN, false],
  [null, UDN, false],
  [UDN, null, false],
])('USN %s is about the device %s: %s', (usn, udn, expected) => {
  expect(isAbout(announcement('alive', LOCATION, usn), udn)).toBe(expected);
});
