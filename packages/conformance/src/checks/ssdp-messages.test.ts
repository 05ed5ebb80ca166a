import { type FaultDefinition, type SimulatedGateway, simulateGateway, surroundings } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../mutants/mutant.test-support.ts';
import { leavesOut } from '../mutants/mutant.ts';
import { runConformance } from '../run/run.ts';
import type { CheckResult } from '../run/check-result.ts';

const ID = 'ssdp/alive-byebye';

type Hooks = FaultDefinition['hooks'];

/** What alive-byebye says of a gateway that is rebooted like this. */
async function rebooted(
  reboot: (router: SimulatedGateway, boot: () => Promise<void>) => Promise<void>,
  ...defects: readonly Hooks[]
): Promise<CheckResult | undefined> {
  await using router = simulateGateway();
  for (const hooks of defects) inject(router, hooks);
  const boot = surroundings(router).reboot;
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = await runConformance(router.transport, target, {
    write: true,
    disruptive: true,
    only: [ID],
    reboot: () => reboot(router, boot),
  });
  return resultOf(report._unsafeUnwrap(), ID);
}

function inject(router: SimulatedGateway, hooks: Hooks): void {
  router.inject({ row: 0, what: '', remedy: '', name: 'a defect', hooks });
}

/** It announces itself once more before it goes down for a while. */
const afterAnAlive = (downMs: number) => async (router: SimulatedGateway, boot: () => Promise<void>) => {
  router.announce('alive');
  await router.clock.sleep(downMs);
  await boot();
};

/** It is switched off in order, stays down for a while, and has no byebye at its boot, or one. */
const inOrder =
  (downMs: number, atBoot: Hooks | null) => async (router: SimulatedGateway, boot: () => Promise<void>) => {
    router.announce('byebye');
    await router.clock.sleep(downMs);
    if (atBoot !== null) inject(router, atBoot);
    await boot();
  };

const withoutByebye = leavesOut('byebye');

const strip = (message: Uint8Array): Uint8Array =>
  new TextEncoder().encode(new TextDecoder().decode(message).replace(/^BOOTID.*\r\n/m, ''));

/** Announcements and answers have no BOOTID, as those of UDA 1.0. */
const withoutBootId: Hooks = () => ({
  announcement: (messages) => messages.map(strip),
  search: (answers) => answers.map((answer) => ({ ...answer, payload: strip(answer.payload) })),
});

describe.each([0, 2_000, 60_000])('the ssdp:byebye of an orderly shutdown, %i ms before the boot', (downMs) => {
  test('is not that of the boot', async () => {
    expect(await rebooted(inOrder(downMs, withoutByebye))).toMatchObject({
      verdict: 'fail',
      expected: 'ssdp:byebye right before the first ssdp:alive',
    });
  });

  test('is no harm to that of the boot', async () => {
    expect(await rebooted(inOrder(downMs, null))).toMatchObject({ verdict: 'pass' });
  });

  test('is told by the silence after it, where there is no BOOTID', async () => {
    const verdicts = downMs < 10_000 ? ['inconclusive', 'inconclusive'] : ['fail', 'pass'];
    expect([
      (await rebooted(inOrder(downMs, withoutByebye), withoutBootId))?.verdict,
      (await rebooted(inOrder(downMs, null), withoutBootId))?.verdict,
    ]).toEqual(verdicts);
  });
});

describe('an ssdp:alive that comes before the gateway goes down is not that of the boot', () => {
  test('which its BOOTID shows', async () => {
    expect(await rebooted(afterAnAlive(0))).toMatchObject({ verdict: 'pass' });
    expect(await rebooted(afterAnAlive(0), withoutByebye)).toMatchObject({
      verdict: 'fail',
      expected: 'ssdp:byebye right before the first ssdp:alive',
    });
  });

  test('or, where there is none, the silence after it', async () => {
    expect(await rebooted(afterAnAlive(15_000), withoutBootId)).toMatchObject({ verdict: 'pass' });
    expect(await rebooted(afterAnAlive(15_000), withoutByebye, withoutBootId)).toMatchObject({
      verdict: 'fail',
      expected: 'ssdp:byebye right before the first ssdp:alive',
    });
  });

  test('and where nothing shows it, nothing is found out', async () => {
    expect(await rebooted(afterAnAlive(0), withoutByebye, withoutBootId)).toMatchObject({
      verdict: 'inconclusive',
    });
  });
});

test('silence after a reboot is a miss', async () => {
  expect(await rebooted(() => Promise.resolve())).toMatchObject({
    verdict: 'fail',
    expected: 'ssdp:alive after a boot',
    actual: 'none',
  });
});
