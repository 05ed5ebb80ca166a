import type { Transport } from '@portwright/core';
import { type SimulatedGateway, simulateGateway, surroundings } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { drops, resultOf } from '../mutants/mutant.test-support.ts';
import { runConformance } from '../run/run.ts';
import type { CheckResult } from '../run/result.ts';

const ID = 'ssdp/alive-byebye';

/** What alive-byebye says of a gateway that is rebooted like this. */
async function rebooted(
  reboot: (router: SimulatedGateway, boot: () => Promise<void>) => Promise<void>,
  receives: (transport: Transport) => Transport = (transport) => transport,
): Promise<CheckResult | undefined> {
  await using router = simulateGateway();
  const boot = surroundings(router).reboot;
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = await runConformance(receives(router.transport), target, {
    write: true,
    disruptive: true,
    only: [ID],
    reboot: () => reboot(router, boot),
  });
  return resultOf(report._unsafeUnwrap(), ID);
}

/** It announces itself once more before it goes down for a while. */
const afterAnAlive = (downMs: number) => async (router: SimulatedGateway, boot: () => Promise<void>) => {
  router.announce('alive');
  await router.clock.sleep(downMs);
  await boot();
};

const withoutByebye = drops((text) => text.includes('ssdp:byebye'));

/** Announcements and answers have no BOOTID, as those of UDA 1.0. */
function withoutBootId(transport: Transport): Transport {
  const strip = (payload: Uint8Array): Uint8Array =>
    new TextEncoder().encode(new TextDecoder().decode(payload).replace(/^BOOTID.*\r\n/m, ''));
  return {
    ...transport,
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          send: (payload, to) => socket.send(payload, to),
          close: () => socket.close(),
          datagrams: {
            async *[Symbol.asyncIterator]() {
              for await (const datagram of socket.datagrams) yield { ...datagram, payload: strip(datagram.payload) };
            },
          },
        })),
    },
  };
}

describe('an ssdp:alive that comes before the gateway goes down is not that of the boot', () => {
  test('which its BOOTID shows', async () => {
    expect(await rebooted(afterAnAlive(0))).toMatchObject({ verdict: 'pass' });
    expect(await rebooted(afterAnAlive(0), withoutByebye)).toMatchObject({
      verdict: 'fail',
      actual: 'ssdp:alive first',
    });
  });

  test('or, where there is none, the silence after it', async () => {
    expect(await rebooted(afterAnAlive(15_000), withoutBootId)).toMatchObject({ verdict: 'pass' });
    expect(await rebooted(afterAnAlive(15_000), (transport) => withoutByebye(withoutBootId(transport)))).toMatchObject({
      verdict: 'fail',
      actual: 'ssdp:alive first',
    });
  });

  test('and where nothing shows it, nothing is found out', async () => {
    expect(await rebooted(afterAnAlive(0), (transport) => withoutByebye(withoutBootId(transport)))).toMatchObject({
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
