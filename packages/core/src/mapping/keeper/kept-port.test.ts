import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import { okAsync } from '../../result.ts';
import { fakeMapper, leaseOf, mappedPort } from '../fake-mapper.test-support.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { droppedError, type KeptEvent } from './events.ts';
import { UDP } from './keeper.test-support.ts';
import { KeptPort } from './kept-port.ts';

const MAPPED: KeptEvent = { kind: 'mapped', mapping: mappedPort(leaseOf(), fakeMapper()) };
const LOST: KeptEvent = { kind: 'lost', error: droppedError(leaseOf()), retryInMs: 5_000 };
const RENEWED: KeptEvent = { kind: 'renewed', mapping: leaseOf() };

/** A port, and how many times its owner was asked to release it. */
function kept(signal?: AbortSignalLike): { readonly port: KeptPort; readonly releases: KeptPort[] } {
  const releases: KeptPort[] = [];
  const release = (mapping: KeptPort): ReturnType<KeptPort['close']> => {
    releases.push(mapping);
    return okAsync(undefined);
  };
  return { port: new KeptPort({ ...UDP, signal }, { release, onThrown: () => undefined }, 7), releases };
}

describe('its first outcome', () => {
  it('is the lease that it has already', async () => {
    const { port } = kept();
    Object.assign(port, { phase: 'mapped', lease: leaseOf(), error: droppedError(leaseOf()) });
    expect((await port.settled())._unsafeUnwrap()).toEqual(leaseOf());
  });

  it('is the lease of the event `mapped`; others are passed over', async () => {
    const { port } = kept();
    const settled = port.settled();
    port.emit(RENEWED);
    port.emit(MAPPED);
    expect((await settled)._unsafeUnwrap()).toEqual(leaseOf());
  });

  it('is the error of the event `lost`', async () => {
    const { port } = kept();
    const settled = port.settled();
    port.emit(LOST);
    expect((await settled)._unsafeUnwrapErr()).toEqual(droppedError(leaseOf()));
  });

  it('is the error that it has already', async () => {
    const { port } = kept();
    Object.assign(port, { phase: 'lost', error: droppedError(leaseOf()) });
    expect((await port.settled())._unsafeUnwrapErr()).toEqual(droppedError(leaseOf()));
  });

  it.each(['before', 'after'])('is `closed` for a port that is closed %s it is asked for', async (when) => {
    const { port } = kept();
    if (when === 'before') void port.close();
    const settled = port.settled();
    if (when === 'after') void port.close();
    expect((await settled)._unsafeUnwrapErr()).toMatchObject({ kind: 'closed', code: 'closed' });
  });
});

describe('a close', () => {
  it('releases the mapping once', async () => {
    const { port, releases } = kept();
    const [first, second] = [port.close(), port.close()];
    expect(second).toBe(first);
    expect((await first).isOk()).toBe(true);
    expect([releases, port.phase]).toEqual([[port], 'closed']);
  });

  it('ends its events', async () => {
    const { port } = kept();
    const heard: string[] = [];
    port.on(({ kind }) => heard.push(kind));
    port.emit(RENEWED);
    void port.close();
    port.emit(RENEWED);
    expect(heard).toEqual(['renewed']);
    for await (const event of port) expect(event).toBeNull();
  });

  it('follows an abort of its signal', () => {
    const abort = createAbort();
    const { port, releases } = kept(abort.signal);
    expect([port.phase, port.dueAt]).toEqual(['waiting', 7]);
    abort.abort();
    expect([port.phase, releases]).toEqual(['closed', [port]]);
  });

  it('lets go of the signal', () => {
    const heard = new Map<string, Set<() => void>>([['abort', new Set()]]);
    const signal: AbortSignalLike = {
      aborted: false,
      addEventListener: (type, listener) => heard.get(type)?.add(listener),
      removeEventListener: (type, listener) => heard.get(type)?.delete(listener),
    };
    const { port } = kept(signal);
    expect(heard.get('abort')?.size).toBe(1);
    void port.close();
    expect(heard.get('abort')?.size).toBe(0);
  });
});

it('has a granted lease while it is mapped alone', () => {
  const { port } = kept();
  Object.assign(port, { lease: leaseOf() });
  const granted = (['waiting', 'mapped', 'lost', 'closed'] as const).map((phase) => {
    port.phase = phase;
    return port.granted;
  });
  expect(granted).toEqual([null, leaseOf(), null, null]);
});
