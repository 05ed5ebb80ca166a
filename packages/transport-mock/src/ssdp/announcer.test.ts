import type { DatagramSocket } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { text } from '../gateway.test-support.ts';
import { type SimulatedGateway, simulateGateway } from '../simulate-gateway.ts';

interface Heard {
  readonly at: number;
  readonly nts: string;
  readonly bootId: string;
  readonly target: string;
}

/** What is multicast over IPv4, until the end of the test; without the repetition for each target. */
async function hear(router: SimulatedGateway): Promise<{ readonly all: readonly Heard[]; sets(): readonly string[] }> {
  const options = { family: 'ipv4', localPort: 1900, memberships: ['239.255.255.250'] } as const;
  const socket = (await router.transport.datagram.open(options))._unsafeUnwrap();
  const all: Heard[] = [];
  void collect(socket, all, () => router.clock.now());
  return {
    all,
    sets: () =>
      all
        .filter(({ target }) => target === 'upnp:rootdevice')
        .map(({ nts, bootId }) => (bootId === '' ? nts : `${nts} ${bootId}`)),
  };
}

async function collect(socket: DatagramSocket, heard: Heard[], now: () => number): Promise<void> {
  for await (const { payload } of socket.datagrams) {
    const message = text(payload);
    const header = (name: string): string => new RegExp(`^${name}: (.*)\r$`, 'm').exec(message)?.[1] ?? '';
    heard.push({ at: now(), nts: header('NTS'), bootId: header('BOOTID.UPNP.ORG'), target: header('NT') });
  }
}

const NETWORK = { lanAddress6: null };

describe('a gateway that announces itself', () => {
  test('UDA 1.1, 1.2.2: three sets at its start, a few hundred milliseconds apart', async () => {
    await using router = simulateGateway({ ...NETWORK, announces: true });
    const heard = await hear(router);
    await router.clock.advance('1s');
    // WANIPConnection:2, 2.3.23: a byebye before the first.
    expect(heard.sets()).toEqual(['ssdp:byebye 1', 'ssdp:alive 1', 'ssdp:alive 1', 'ssdp:alive 1']);
    const times = [...new Set(heard.all.map(({ at }) => at))];
    expect(times).toHaveLength(3);
    expect(times[0]).toBeLessThan(102);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeCloseTo(200);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeCloseTo(200);
    expect(heard.all).toHaveLength(44);
  });

  test('UDA 1.1, 1.2.2: then again at random, before half of max-age has passed', async () => {
    await using router = simulateGateway({ ...NETWORK, announces: true, maxAge: 100 });
    const heard = await hear(router);
    await router.clock.advance('1h');
    const times = [...new Set(heard.all.map(({ at }) => at))].slice(2);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(72);
    expect(Math.max(...pauses)).toBeLessThan(50_000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(25_000);
    expect(new Set(pauses).size).toBeGreaterThan(50);
  });

  test('makes no time fly, even when its pauses are short', async () => {
    await using router = simulateGateway({ ...NETWORK, announces: true, maxAge: 2 });
    await router.clock.advance('1s');
    await router.clock.sleep(100);
    expect(router.clock.now()).toBe(1_100);
  });

  test('begins again after a reboot, with the next BOOTID', async () => {
    await using router = simulateGateway({ ...NETWORK, announces: true });
    const heard = await hear(router);
    await router.clock.advance('10s');
    router.reboot();
    await router.clock.advance('10s');
    expect(heard.sets().slice(4)).toEqual(['ssdp:byebye 2', 'ssdp:alive 2', 'ssdp:alive 2', 'ssdp:alive 2']);
  });

  test('says byebye when it goes, and then nothing', async () => {
    const router = simulateGateway({ ...NETWORK, announces: true });
    const heard = await hear(router);
    await router.clock.advance('1s');
    await router.close();
    await router.clock.advance('1d');
    expect(heard.sets().slice(4)).toEqual(['ssdp:byebye 1']);
    expect(router.clock.pending).toBe(0);
  });
});

describe('a gateway that is told to', () => {
  test('announces once', async () => {
    await using router = simulateGateway(NETWORK);
    const heard = await hear(router);
    router.announce('alive');
    await router.clock.advance('1h');
    expect(heard.sets()).toEqual(['ssdp:alive 1']);
  });

  test('UDA 1.1, 1.2.4: update comes before the first announcement with the new BOOTID', async () => {
    await using router = simulateGateway(NETWORK);
    const heard = await hear(router);
    router.announce('update');
    await router.clock.advance('1s');
    expect(heard.sets()).toEqual(['ssdp:update 1', 'ssdp:alive 2']);
    expect(router.config.bootId).toBe(2);
  });

  test('UDA 1.0 has no update: version 1 is announced anew', async () => {
    await using router = simulateGateway({ ...NETWORK, igdVersion: 1 });
    const heard = await hear(router);
    router.announce('update');
    router.reboot();
    await router.clock.advance('1s');
    expect(heard.sets()).toEqual(['ssdp:alive', 'ssdp:alive']);
  });

  test('WANIPConnection:2, 2.3.23: a reboot is a byebye before the first alive', async () => {
    await using router = simulateGateway(NETWORK);
    const heard = await hear(router);
    router.reboot();
    await router.clock.advance('1s');
    expect(heard.sets()).toEqual(['ssdp:byebye 2', 'ssdp:alive 2']);
  });
});
