import { expect, test } from 'vitest';
import { announcementsDuring, portControlRouter, toHex } from './port-control.test-support.ts';
import type { SimulatedGateway } from '../simulate-gateway.ts';

const LISTENERS = [
  { port: 5350, group: '224.0.0.1' },
  { port: 5351, group: '224.0.0.1' },
  { port: 5350, group: 'ff02::1' },
] as const;

/** What each listener hears first, in hex, with the sender. */
async function firstOf(make: () => SimulatedGateway, happens: (router: SimulatedGateway) => void) {
  const heard = [];
  for (const where of LISTENERS) {
    await using router = make();
    const all = await announcementsDuring(
      router,
      () => {
        happens(router);
      },
      where,
    );
    const [{ at } = { at: NaN }] = all;
    heard.push(
      all.filter((one) => one.at === at).map(({ from, payload }) => `${from.address} ${from.port} ${toHex(payload)}`),
    );
  }
  return heard;
}

const PCP = '028000000000000000000000000000000000000000000000';

test('RFC 6886, 3.2.1, and RFC 6887, 14.1: a reboot is announced to every group', async () => {
  const heard = await firstOf(portControlRouter, (router) => {
    router.reboot();
  });
  expect(heard).toEqual([
    ['192.168.1.1 5351 008000000000000005050501', `192.168.1.1 5351 ${PCP}`],
    ['192.168.1.1 5351 008000000000000005050501'],
    [`fe80::1%lan0 5351 ${PCP}`],
  ]);
});

test('another external address is announced, with the address', async () => {
  const heard = await firstOf(
    () => portControlRouter({ protocols: ['nat-pmp'] }),
    (router) => {
      router.changeExternalAddress('5.5.5.77');
    },
  );
  expect(heard).toEqual([
    ['192.168.1.1 5351 00800000000000000505054d'],
    ['192.168.1.1 5351 00800000000000000505054d'],
    [],
  ]);
});

test('the same address again, a router without PCP and NAT-PMP, and one that is closed announce nothing', async () => {
  const [same, none] = await Promise.all(
    [portControlRouter(), portControlRouter({ protocols: ['upnp'] })].map(async (router, at) => {
      const heard = await announcementsDuring(router, () => {
        if (at === 0) router.changeExternalAddress('5.5.5.1');
        else router.reboot();
      });
      await router.close();
      return heard;
    }),
  );
  expect([same, none]).toEqual([[], []]);
  const router = portControlRouter();
  const heard = await announcementsDuring(router, () => {
    router.reboot();
    void router.close();
  });
  expect(heard.length).toBeLessThanOrEqual(2);
});

test('RFC 6886, 3.2.1: ten times, with pauses that double from 250 ms, and the epoch of each moment', async () => {
  await using router = portControlRouter({ protocols: ['pcp'] });
  await router.clock.advance('1h');
  const heard = await announcementsDuring(router, () => {
    router.changeExternalAddress('5.5.5.77');
  });
  const [{ at } = { at: NaN }] = heard;
  const pauses = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000];
  const times = pauses.reduce<readonly number[]>((all, pause) => [...all, (all.at(-1) ?? 0) + pause], [0]);
  expect(heard.map((one) => one.at - at)).toEqual(times);
  expect(heard.map(({ payload }) => new DataView(payload.buffer).getUint32(8))).toEqual(
    times.map((ms) => Math.floor(ms / 1000)),
  );
});

test('another change begins from the beginning', async () => {
  await using router = portControlRouter({ protocols: ['nat-pmp'] });
  const heard = await announcementsDuring(router, () => {
    router.changeExternalAddress('5.5.5.77');
    void router.clock.sleepInBackground(300).then(() => {
      router.changeExternalAddress('5.5.5.78');
    });
  });
  expect(heard.map(({ payload }) => payload[11])).toEqual([77, 77, ...Array.from({ length: 10 }, () => 78)]);
});

test('a router that announces itself does so from the start, and another does not', async () => {
  for (const announces of [true, false]) {
    await using router = portControlRouter({ announces, protocols: ['pcp'] });
    const heard = await announcementsDuring(router, () => undefined);
    expect(heard.length).toBe(announces ? 10 : 0);
  }
});
