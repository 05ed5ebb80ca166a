/** Portwright on a network that loses packets, and against routers that send a body in chunks of one byte. */
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');
const RUNS = 40;
const SIDE_BY_SIDE = 5;
/** This only ends what hangs: most of the time is spent waiting, 80 s on a quiet machine. */
const MOST_MS = 600_000;
/**
 * The kernel's losses have no seed. With the 19 of 20 that succeed on average, 32 of 40 do so in all but 1 of 10,000 tests;
 * with the 15 of 20 that succeed if nothing is asked again, in 3 of 10.
 */
const AT_LEAST = 32;

/** Of what arrives on each side, a fifth. */
const LOSS = `table inet loss {
  chain input { type filter hook input priority 0; iifname != "lo" numgen random mod 100 < 20 drop; }
}
`;

describe.skipIf(skipWithoutLab([]))('in the lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab({ daemon: false });
  });
  afterAll(() => {
    lab.close();
  });

  it(
    'map succeeds although the router is 150 ms away and a fifth of the packets is lost',
    async () => {
      const program = join(import.meta.dirname, 'distant-router.mjs');
      const router = lab.gw.spawn(process.execPath, [program, lab.gatewayAddress], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [ready] = (await Promise.race([once(router.stdout ?? router, 'data'), once(router, 'close')])) as unknown[];
      expect(String(ready)).toBe('ready\n');
      for (const host of [lab.gw, lab.lan]) await host.exec('nft', ['-f', '-'], { input: LOSS });
      const outcomes: string[] = [];
      // Most of the time is spent waiting for what TCP sends again.
      for (let port = 7000; port < 7000 + RUNS; port += SIDE_BY_SIDE) {
        const ports = Array.from({ length: SIDE_BY_SIDE }, (_, index) => String(port + index));
        const runs = await Promise.all(ports.map((one) => lab.lan.exec(process.execPath, [BIN, 'map', one])));
        outcomes.push(...runs.map(({ code, stderr }) => (code === 0 ? 'mapped' : stderr)));
      }
      for (const host of [lab.gw, lab.lan]) await host.exec('nft', ['delete', 'table', 'inet', 'loss']);
      router.kill('SIGKILL');
      await once(router, 'close');
      expect(outcomes.filter((outcome) => outcome !== 'mapped').slice(RUNS - AT_LEAST)).toEqual([]);
    },
    MOST_MS,
  );

  it('eight bodies of 1 MiB in chunks of one byte take 64 MiB at most', async () => {
    const script = join(import.meta.dirname, 'one-byte-chunks.mjs');
    const { code, stdout, stderr } = await lab.lan.exec(process.execPath, [script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Number(/grew by (\d+) MiB/.exec(stdout)?.[1])).toBeLessThanOrEqual(64);
  });
});
