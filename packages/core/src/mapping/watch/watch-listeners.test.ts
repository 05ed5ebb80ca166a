/** Who listens to a watch: callbacks, iterations, and what becomes of them in the end. */
import { describe, expect, it } from 'vitest';
import { connectionState } from '../../client/connection-state.ts';
import { POLLING, watched } from './watch.test-support.ts';
import { watchGateway } from './watch.ts';

describe('a listener', () => {
  it('hears nothing any more once it is removed', async () => {
    const { router, watch, told } = await watched(POLLING);
    const heard: string[] = [];
    const stop = watch.on(({ kind }) => heard.push(kind));
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('3m');
    stop();
    router.changeExternalAddress('5.5.5.10');
    await router.clock.advance('3m');
    expect([heard.length, told.length]).toEqual([1, 2]);
  });

  it('that throws is told to the caller, and the others are called', async () => {
    const thrown: unknown[] = [];
    const { router, watch, told } = await watched({ ...POLLING, onThrown: (error) => thrown.push(error) });
    const mistake = new Error('a mistake');
    watch.on(() => {
      throw mistake;
    });
    const after: string[] = [];
    watch.on(({ kind }) => after.push(kind));
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('3m');
    expect([thrown, told.length, after]).toEqual([[mistake], 1, ['externalAddress']]);
  });

  it('hears nothing after it has closed the watch', async () => {
    const { router, watch } = await watched(POLLING);
    const heard: string[] = [];
    watch.on(({ kind }) => {
      heard.push(kind);
      void watch.close();
    });
    // Two changes at once.
    router.changeExternalAddress('5.5.5.9');
    router.setWanLink(false);
    await router.clock.advance('10m');
    expect(heard).toEqual(['externalAddress']);
  });
});

it('polls at once when it is asked to', async () => {
  const { router, watch, told } = await watched(POLLING);
  router.changeExternalAddress('5.5.5.9');
  watch.checkNow();
  await router.clock.advance('1s');
  expect(told).toEqual(['poll externalAddress 5.5.5.9 public']);
  expect(watch.state?.externalAddress).toBe('5.5.5.9');
});

it('knows the state that it was given, and none without', async () => {
  const { gateway, router } = await watched(POLLING);
  const state = await connectionState(gateway);
  for (const given of [state, undefined, null]) {
    await using watch = watchGateway(gateway, { ...POLLING, state: given });
    expect(watch.state).toBe(given ?? null);
    await router.clock.advance('1s');
    expect(watch.state?.externalAddress).toBe('5.5.5.1');
  }
});

it('is closed where its scope ends', async () => {
  const { gateway, router, watch: outer } = await watched(POLLING);
  await outer.close();
  {
    await using watch = watchGateway(gateway, POLLING);
    await router.clock.advance('1m');
    expect(watch.state).not.toBe(null);
    expect(router.clock.pending).toBeGreaterThan(0);
  }
  expect(router.clock.pending).toBe(0);
});

it.each([
  ['gateway', null, {}],
  ['options', undefined, 'often'],
])('a wrong %s is a mistake of the program', async (argument, wrong, options) => {
  const { gateway } = await watched(POLLING);
  expect(() => watchGateway((wrong === null ? wrong : gateway) as never, options as never)).toThrow(argument);
});
