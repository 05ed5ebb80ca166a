import type { HttpRequest, Transport } from '@portwright/core';
import { findGateway, gatewayAt } from '@portwright/core/upnp';
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { ResultAsync } from '@portwright/core/result';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mapOnNoGateway } from './jit-warm-up.ts';

const mapping = { turns: 0, isDone: false };
async function countedMapping(turn: () => Promise<void>): Promise<void> {
  await mapOnNoGateway(async () => {
    await turn();
    mapping.turns += 1;
  });
  mapping.isDone = true;
}

let router: SimulatedGateway;
let warmUp: (transport: Transport, further?: () => void) => Transport;
let further: number;

beforeEach(async () => {
  router = simulateGateway();
  [mapping.turns, mapping.isDone, further] = [0, false, 0];
  // Once is enough for a process.
  vi.resetModules();
  const { warmUpDuring } = await import('./jit-warm-up.ts');
  warmUp = (transport, also = countFurther) => warmUpDuring(transport, also, countedMapping);
});

const countFurther = (): void => {
  further += 1;
};

/** The gateway's transport, on which no answer comes over HTTP before that. */
function held(until: () => Promise<unknown>, sent: HttpRequest[] = []): Transport {
  const { http } = router.transport;
  return {
    ...router.transport,
    http: {
      request: (request, options) => {
        sent.push(request);
        return ResultAsync.fromSafePromise(until()).andThen(() => http.request(request, options));
      },
    },
  };
}

/** Seconds on a busy machine; each part of it is awaited. */
const until = (isTrue: () => boolean): Promise<unknown> =>
  vi.waitFor(
    () => {
      expect(isTrue()).toBe(true);
    },
    { timeout: 120_000 },
  );
const isMapped = (): Promise<unknown> => until(() => mapping.isDone);

describe('the mapping on no gateway', () => {
  it('goes all the way to a mapping, a turn for each answer', async () => {
    let turns = 0;
    await mapOnNoGateway(() => {
      turns += 1;
      return Promise.resolve();
    });
    // The description, the status, the address, the look at the port, and the mapping.
    expect(turns).toBe(5);
  });
});

describe('a transport with a warm-up', () => {
  it('does so while the answer to a search is awaited, and sends nothing more', async () => {
    router = simulateGateway({ answeredTargets: [] });
    const sent: HttpRequest[] = [];
    const found = findGateway(warmUp(held(isMapped, sent)));
    await isMapped();
    expect({ further, sent }).toEqual({ further: 1, sent: [] });
    expect((await found)._unsafeUnwrapErr()).toMatchObject({ kind: 'no-gateway', code: 'no-answer' });
  });

  it('does so while a description is awaited', async () => {
    expect((await gatewayAt(warmUp(held(isMapped)), router.descriptionUrl)).isOk()).toBe(true);
    expect(further).toBe(1);
  });

  it('has no turn any more once it was answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    expect((await gatewayAt(warmUp(router.transport), router.descriptionUrl)).isOk()).toBe(true);
    vi.advanceTimersByTime(1000);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect({ ...mapping, further }).toEqual({ turns: 0, isDone: false, further: 0 });
  });

  it('is at it once, however often there is one', async () => {
    for (let round = 0; round < 2; round += 1) {
      const found = await gatewayAt(warmUp(held(isMapped)), router.descriptionUrl);
      expect(found.isOk()).toBe(true);
    }
    expect(further).toBe(1);
  });

  it('works as well where what is done besides throws', async () => {
    let isTried = false;
    const broken = warmUp(
      held(() => until(() => isTried)),
      () => {
        isTried = true;
        throw new Error('no');
      },
    );
    expect((await gatewayAt(broken, router.descriptionUrl)).isOk()).toBe(true);
  });
});
