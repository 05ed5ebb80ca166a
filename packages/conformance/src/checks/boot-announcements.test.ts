import { expect, test } from 'vitest';
import { ALIVE, type Announcement, beginningOf, BYEBYE } from './boot-announcements.ts';

/** `alive 7 +12000`: with BOOTID 7, after twelve seconds of silence. */
function heard(...lines: readonly string[]): readonly Announcement[] {
  return lines.map((line) => {
    const [, kind, bootId, pause = '0'] = /^(\w+)(?: (\d+))?(?: \+(\d+))?$/.exec(line) ?? [];
    return { nts: kind === 'alive' ? ALIVE : BYEBYE, bootId, pauseMs: Number(pause) };
  });
}

test.each([
  ['byebye', ['byebye 8', 'alive 8']],
  ['alive', ['alive 8']],
  ['none', []],
  ['none', ['alive 7', 'byebye 7']],
  // Switched off in order, and up again at once, or later.
  ['alive', ['byebye 7', 'alive 8']],
  ['alive', ['alive 7', 'byebye 7', 'alive 8 +60000', 'byebye 8']],
  ['byebye', ['byebye 7', 'byebye 8', 'alive 8']],
  // One that has no BOOTID in its byebye.
  ['unclear', ['byebye', 'alive 8']],
  ['alive', ['byebye', 'alive 8 +60000']],
  ['byebye', ['byebye', 'byebye +60000', 'alive 8']],
] as const)('a boot that begins with %s, as BOOTID shows: %j', (beginning, lines) => {
  expect(beginningOf(heard(...lines), '7')).toBe(beginning);
});

test.each([
  ['unclear', ['byebye', 'alive']],
  ['unclear', ['alive']],
  ['alive', ['byebye', 'alive +60000']],
  ['byebye', ['byebye', 'byebye +60000', 'alive']],
  ['byebye', ['alive', 'byebye +60000', 'alive']],
  ['alive', ['alive', 'alive +60000']],
] as const)('a boot that begins with %s, as silence shows: %j', (beginning, lines) => {
  expect(beginningOf(heard(...lines), undefined)).toBe(beginning);
});
