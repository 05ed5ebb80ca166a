/** One table of calls, run by Godot's own UPNP class and by ours on equally fresh gateways: the answers are the same. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from '../availability.mjs';
import { leaseFileOf } from '../gateway.mjs';
import { createLab, type Lab } from '../lab.mjs';
import { runGodotOracle } from './oracle.mjs';
import type { Value } from './rows.mjs';
import { prepareGateway, ROWS, SCENES } from './table.mjs';

const RUNNER = fileURLToPath(new URL('run-facade-tmp.mjs', import.meta.url));

type Answers = ReadonlyMap<string, Value>;

async function runFacadeIn(lab: Lab): Promise<Answers> {
  await prepareGateway(lab);
  const run = await lab.lan.exec(process.execPath, [RUNNER, leaseFileOf(lab.plan)], { timeoutMs: 180_000 });
  if (run.code !== 0) throw new Error(`The built packages could not run the table (are they built?):\n${run.stderr}`);
  return new Map(Object.entries(JSON.parse(run.stdout) as Record<string, Value>));
}

describe.skipIf(skipWithoutLab(['upnpc', 'godot3-server']))('the facade answers as Godot does', () => {
  let godot: Answers;
  let facade: Answers;

  beforeAll(async () => {
    await using its = await createLab();
    await using ours = await createLab();
    [godot, facade] = await Promise.all([runGodotOracle(its), runFacadeIn(ours)]);
  }, 240_000);

  it('in at least 40 calls', () => {
    expect(ROWS.filter(({ step }) => 'call' in step).length).toBeGreaterThanOrEqual(40);
  });

  describe.each(SCENES)('$scene', ({ rows }) => {
    for (const { id, says, differs } of rows) {
      if (differs === undefined) {
        it(`${id}: ${says}`, () => {
          expect(facade.get(id)).toBe(godot.get(id));
        });
      } else {
        it(`${id}: ${says}. Not as in Godot: ${differs.because}`, () => {
          expect(facade.get(id)).toBe(differs.here);
          // Where Godot has come to answer the same, the row is no longer different.
          expect(godot.get(id)).not.toBe(differs.here);
        });
      }
    }
  });
});
