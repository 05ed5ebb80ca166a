import type { Transport } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import { seededRandom } from '../seeded-random.ts';
import { ACCEPTED } from '../events/events.test-support.ts';
import { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts';
import type { HttpOutcome, NetworkHost } from './network-host.ts';
import { messageDelay } from './tcp-loss.ts';

/** Answers every datagram with itself, and every request with ACCEPTED. */
const ECHO: NetworkHost = {
  addresses: ['192.168.1.9'],
  http: () => ACCEPTED,
  datagram: (payload, to) => [{ payload, from: to, delayMs: 0 }],
};

interface Answer {
  readonly at: number;
  readonly payload: string;
}

/** Sends as many datagrams, all at once, and gives the answers in their order. */
async function echo(options: MemoryNetworkOptions<never>, count: number): Promise<readonly Answer[]> {
  const network = new MemoryNetwork(options);
  network.attach(ECHO);
  const { datagram, clock } = network.transport();
  const socket = (await datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  const answers: Answer[] = [];
  const reading = (async () => {
    for await (const { payload } of socket.datagrams) answers.push({ at: clock.now(), payload: text(payload) });
  })();
  for (let number = 0; number < count; number += 1) {
    (await socket.send(bytes(String(number)), { address: '192.168.1.9', port: 9 }))._unsafeUnwrap();
  }
  await clock.sleep(10_000);
  await socket.close();
  await reading;
  return answers;
}

describe('loss', () => {
  test('hits datagrams there and back', async () => {
    expect(await echo({}, 200)).toHaveLength(200);
    const answers = await echo({ loss: 0.3 }, 200);
    expect(answers.length).toBeGreaterThan(70);
    expect(answers.length).toBeLessThan(126);
    expect(await echo({ loss: 1 }, 20)).toEqual([]);
  });

  test('is the same with the same seed, and another with another', async () => {
    const run = (seed: number): Promise<readonly Answer[]> => echo({ loss: 0.5, random: seededRandom(seed) }, 50);
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  test('delays HTTP, as TCP sends again after longer and longer times', async () => {
    const delay = async (...lost: readonly boolean[]): Promise<number> => {
      const left = [...lost];
      const random = { fraction: () => (left.shift() === true ? 0 : 1) };
      const network = new MemoryNetwork({ loss: 0.5, latencyMs: 150, random });
      network.attach(ECHO);
      expect((await get(network.transport(), 'http://192.168.1.9/', 20_000)).isOk()).toBe(true);
      return network.clock.now() - 300;
    };
    expect(await delay()).toBe(0);
    // A SYN; the answer to a SYN; both, one after the other.
    expect([await delay(true), await delay(false, true), await delay(true, false, true)]).toEqual([1000, 1000, 3000]);
    // The request, and the response.
    expect([await delay(false, false, true, true), await delay(false, false, false, true)]).toEqual([2700, 900]);
  });

  test('of everything leaves no answer', async () => {
    const network = new MemoryNetwork({ loss: 1 });
    network.attach(ECHO);
    expect((await get(network.transport(), 'http://192.168.1.9/'))._unsafeUnwrapErr().code).toBe('timeout');
    expect(network.clock.now()).toBe(5000);
  });

  test('hits each segment of a message', () => {
    const draws = [false, true, true, false, false];
    expect(messageDelay(() => draws.shift() === true, 3 * 1448, 10)).toBe(600);
    expect(draws).toEqual([]);
  });
});

describe('jitter', () => {
  test('comes on top of the latency, and datagrams overtake one another', async () => {
    const answers = await echo({ latencyMs: 10, jitterMs: 100 }, 100);
    const times = answers.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...times)).toBeLessThan(220);
    expect(Math.max(...times)).toBeGreaterThan(150);
    expect(answers.map(({ payload }) => payload)).not.toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  test('slows HTTP', async () => {
    const network = new MemoryNetwork({ latencyMs: 10, jitterMs: 1_000, random: { fraction: () => 0.5 } });
    network.attach(ECHO);
    expect((await get(network.transport(), 'http://192.168.1.9/')).isOk()).toBe(true);
    expect(network.clock.now()).toBe(1_020);
  });
});

function get(transport: Transport, url: string, deadlineMs = 5_000): ReturnType<Transport['http']['request']> {
  const request = { method: 'GET', url, headers: [], body: new Uint8Array() };
  return transport.http.request(request, { deadlineMs, maxBodyBytes: 1_000 });
}

describe('a client that listens', () => {
  const request = { method: 'GET', url: 'http://192.168.1.3:8080/a', headers: [], body: new Uint8Array() };

  test('gets requests of hosts and of other clients, with the sender’s address', async () => {
    const network = new MemoryNetwork();
    const heard: unknown[] = [];
    network.listen({ address: '192.168.1.3', port: 8080 }, ({ url }, from) => {
      heard.push([url, from]);
      return { ...ACCEPTED, delayMs: 5 };
    });
    expect((await get(network.transport(), 'http://192.168.1.3:8080/a')).isOk()).toBe(true);
    expect(network.clock.now()).toBe(7);
    const outcome: HttpOutcome | null = await network.request(request, '192.168.1.1');
    expect(outcome).toEqual({ ...ACCEPTED, delayMs: 6 });
    expect(network.clock.now()).toBe(8);
    expect(heard).toEqual([
      ['http://192.168.1.3:8080/a', '192.168.1.2'],
      ['http://192.168.1.3:8080/a', '192.168.1.1'],
    ]);
  });

  test('refuses at other ports, and everywhere once it has ended', async () => {
    const network = new MemoryNetwork();
    const end = network.listen({ address: 'FD77::3', port: 8080 }, () => ACCEPTED);
    const code = async (url: string): Promise<string> =>
      (await get(network.transport(), url)).match(
        () => 'ok',
        (error) => error.code,
      );
    expect(await code('http://[fd77:0::3]:8080/')).toBe('ok');
    expect(await code('http://[fd77::3]:8081/')).toBe('refused');
    end();
    expect(await code('http://[fd77::3]:8080/')).toBe('refused');
  });

  test('where nobody is a host’s request comes to nothing', async () => {
    const network = new MemoryNetwork();
    expect(await network.request(request, '192.168.1.1')).toBeNull();
    expect(await network.request({ ...request, url: 'https://192.168.1.3/' }, '192.168.1.1')).toBeNull();
  });

  test('two at one port, or at no address, are a mistake', () => {
    const network = new MemoryNetwork();
    const listen = (address: string) => () => network.listen({ address, port: 8080 }, () => ACCEPTED);
    listen('fd77::3')();
    expect(listen('FD77:0::3')).toThrow(RangeError);
    expect(listen('router.lan')).toThrow(RangeError);
  });
});
