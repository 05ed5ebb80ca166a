import type { HttpRequest, Transport } from '@portwright/core';
import { findGateway, gatewayAt } from '@portwright/core';
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { ResultAsync } from '@portwright/core/result';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { rehearse } from './rehearse.ts';

const rehearsed = vi.hoisted(() => ({ turns: 0, isDone: false }));
vi.mock('./rehearse.ts', async (original) => {
  const actual = await original<{ rehearse: typeof rehearse }>();
  return {
    rehearse: async (turn: () => Promise<void>) => {
      await actual.rehearse(async () => {
        await turn();
        rehearsed.turns += 1;
      });
      rehearsed.isDone = true;
    },
  };
});

let router: SimulatedGateway;
let warmingUp: (transport: Transport, further: () => void) => Transport;
let further: number;

beforeEach(async () => {
  router = simulateGateway();
  [rehearsed.turns, rehearsed.isDone, further] = [0, false, 0];
  // Once is enough for a process.
  vi.resetModules();
  ({ warmingUp } = await import('./jit-warm-up.ts'));
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
const isRehearsed = (): Promise<unknown> => until(() => rehearsed.isDone);

describe('a rehearsal', () => {
  it('goes all the way to a mapping, a turn for each answer', async () => {
    const { rehearse: actual } = await vi.importActual<{ rehearse: typeof rehearse }>('./rehearse.ts');
    let turns = 0;
    await actual(() => {
      turns += 1;
      return Promise.resolve();
    });
    // The description, the status, the address, the look at the port, and the mapping.
    expect(turns).toBe(5);
  });
});

describe('a transport that warms up', () => {
  it('does so while the answer to a search is awaited, and sends nothing more', async () => {
    router = simulateGateway({ answeredTargets: [] });
    const sent: HttpRequest[] = [];
    const found = findGateway(warmingUp(held(isRehearsed, sent), countFurther));
    await isRehearsed();
    expect({ further, sent }).toEqual({ further: 1, sent: [] });
    expect((await found)._unsafeUnwrapErr()).toMatchObject({ kind: 'no-gateway', code: 'no-answer' });
  });

  it('does so while a description is awaited', async () => {
    expect((await gatewayAt(warmingUp(held(isRehearsed), countFurther), router.descriptionUrl)).isOk()).toBe(true);
    expect(further).toBe(1);
  });

  it('has no turn any more once it was answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    expect((await gatewayAt(warmingUp(router.transport, countFurther), router.descriptionUrl)).isOk()).toBe(true);
    vi.advanceTimersByTime(1000);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect({ ...rehearsed, further }).toEqual({ turns: 0, isDone: false, further: 0 });
  });

  it('is at it once, however often there is one', async () => {
    for (let round = 0; round < 2; round += 1) {
      const found = await gatewayAt(warmingUp(held(isRehearsed), countFurther), router.descriptionUrl);
      expect(found.isOk()).toBe(true);
    }
    expect(further).toBe(1);
  });

  it('works as well where what is done besides throws', async () => {
    let isTried = false;
    const broken = warmingUp(
      held(() => until(() => isTried)),
      () => {
        isTried = true;
        throw new Error('no');
      },
    );
    expect((await gatewayAt(broken, router.descriptionUrl)).isOk()).toBe(true);
  });
});
