/** A hostile host on the LAN keeps `map` from nothing, and costs it little. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { costOfMap, type Cost } from './hostile.mjs';
import { createLab, type Lab } from './lab.mjs';

/** At most, more than without the hostile host. */
const SECONDS = 1;
const MEBIBYTES = 64;

describe.skipIf(skipWithoutLab())('map, beside a hostile host', () => {
  let lab: Lab;
  let quiet: Cost;
  let hostile: Cost;
  beforeAll(async () => {
    lab = await createLab({ daemon: false });
    quiet = await costOfMap(lab, false);
    hostile = await costOfMap(lab, true);
    const text = ({ seconds, mebibytes }: Cost): string => `${seconds.toFixed(2)} s, ${mebibytes.toFixed(0)} MiB`;
    process.stderr.write(`map: ${text(quiet)}; beside a hostile host: ${text(hostile)}\n`);
  });
  afterAll(() => {
    lab.close();
  });

  it('maps the port, every time', () => {
    expect(quiet.codes).toEqual([0, 0, 0]);
    expect(hostile.codes).toEqual([0, 0, 0]);
  });

  it(`takes at most ${SECONDS} s more`, () => {
    expect(hostile.seconds - quiet.seconds).toBeLessThanOrEqual(SECONDS);
  });

  it(`takes at most ${MEBIBYTES} MiB more`, () => {
    expect(hostile.mebibytes - quiet.mebibytes).toBeLessThanOrEqual(MEBIBYTES);
  });

  it('asks no address that a forged source named', () => {
    expect(hostile.asked).toEqual([]);
  });
});
