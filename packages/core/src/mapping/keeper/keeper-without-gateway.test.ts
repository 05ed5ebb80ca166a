/** While there is no gateway: how soon one that comes is noticed, and what is known when it has come. */
import type { SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { findMapper } from '../find-mapper.ts';
import type { DatagramSocket } from '../../ports.ts';
import { Keeper } from './keeper.ts';
import type { KeeperOptions } from './keeper-options.ts';
import { announceStart, follow, router, UDP } from './keeper.test-support.ts';
import type { KeptPort } from './kept-port.ts';
import { mapPort } from '../map-port.ts';

const OTHER = { uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' };

interface Alone {
  readonly gone: SimulatedGateway;
  readonly keeper: Keeper;
  readonly kept: KeptPort;
  readonly events: readonly string[];
}

/** A mapping whose gateway has been gone for a while. */
async function alone(gone: SimulatedGateway, forSoLong: string, options: KeeperOptions = {}): Promise<Alone> {
  const keeper = new Keeper(gone.transport, options);
  const kept = keeper.keep(UDP);
  expect((await kept.settled()).isOk()).toBe(true);
  await gone.clock.advance('10m');
  const events = follow(kept);
  await gone.close();
  await gone.clock.advance(forSoLong as '1h');
  expect(kept.phase).toBe('lost');
  return { gone, keeper, kept, events };
}

describe('a gateway that comes back', () => {
  it.each(['1m', '3m', '1h', '6h'])('after %s is taken at its first announcement', async (forSoLong) => {
    const { gone, keeper, events } = await alone(router(), forSoLong);
    await using back = router({ network: gone.network });
    back.announce('alive');
    await gone.clock.advance('6s');
    expect(back.mappings()).toHaveLength(1);
    expect(events).toEqual(['lost', 'restored']);
    await keeper.close();
  });

  it('with another address tells of it', async () => {
    const { gone, keeper, events } = await alone(router(), '10m');
    await using back = router({ network: gone.network, externalAddress: '9.9.9.9' });
    back.announce('alive');
    await gone.clock.advance('1h');
    expect(events.slice(0, 4)).toEqual(['lost', 'externalAddress 9.9.9.9', 'restored', 'renewed']);
    await keeper.close();
  });

  it('is found at once by who asks for it', async () => {
    const { gone, keeper } = await alone(router(), '6h');
    await using back = router({ network: gone.network });
    keeper.checkNow();
    await gone.clock.advance('6s');
    expect(back.mappings()).toHaveLength(1);
    await keeper.close();
  });

  it('is found at once by who wants another port', async () => {
    const { gone, keeper } = await alone(router(), '6h');
    await using back = router({ network: gone.network });
    keeper.keep({ ...UDP, externalPort: 8888 });
    await gone.clock.advance('6s');
    expect(back.mappings()).toHaveLength(2);
    await keeper.close();
  });
});

/** The network that this host is on by now has another router, which has the mapping within seconds. */
async function expectMoved({ gone, keeper, events }: Alone): Promise<void> {
  await using next = router({ network: gone.network, ...OTHER });
  await gone.clock.advance('20s');
  expect(next.mappings()).toHaveLength(1);
  expect(events).toEqual(['lost', 'moved']);
  await keeper.close();
}

it('another network is noticed within seconds', async () => {
  const left = await alone(router(), '2h');
  left.gone.network.changeNetwork();
  await expectMoved(left);
});

it('another network is noticed within seconds when it comes during a search', async () => {
  const gone = router();
  const searches = { begun: 0, ended: 0 };
  const find: NonNullable<KeeperOptions['find']> = (signal) => {
    searches.begun += 1;
    const end = (): void => {
      searches.ended += 1;
    };
    return findMapper(gone.transport, { signal }).andTee(end).orTee(end);
  };
  const left = await alone(gone, '3h', { find });
  while (searches.begun === searches.ended) await gone.clock.advance('100ms');
  gone.network.changeNetwork();
  while (searches.begun > searches.ended) await gone.clock.advance('100ms');
  await expectMoved(left);
});

it('the presence listener ends when a gateway comes with a mapping that stands already', async () => {
  const gone = router();
  const listening = new Set<DatagramSocket>();
  const { datagram } = gone.transport;
  const open: typeof datagram.open = (options) =>
    datagram.open(options).map((socket) => {
      if (options.localPort !== 1900) return socket;
      const close = async (): Promise<void> => {
        listening.delete(socket);
        await socket.close();
      };
      listening.add(socket);
      return { ...socket, close };
    });
  const { keeper } = await alone({ ...gone, transport: { ...gone.transport, datagram: { open } } }, '3h');
  const listeners = [...listening];
  expect(listeners).not.toEqual([]);
  await using back = router({ network: gone.network });
  const { mapper } = (await findMapper(gone.transport))._unsafeUnwrap();
  const other = { ...UDP, externalPort: 8888 };
  keeper.keep(other, (await mapPort(mapper, other))._unsafeUnwrap());
  await gone.clock.advance('1s');
  expect(back.mappings()).not.toEqual([]);
  expect(listeners.filter((socket) => listening.has(socket))).toEqual([]);
  await keeper.close();
  expect(listening.size).toBe(0);
});

it('a flood of announcements costs a search or two in a minute', async () => {
  const gone = router();
  let searches = 0;
  const find: NonNullable<KeeperOptions['find']> = (signal) => {
    searches += 1;
    return findMapper(gone.transport, { signal });
  };
  const { keeper } = await alone(gone, '6h', { find });
  searches = 0;
  for (let second = 0; second < 1_200; second += 1) {
    announceStart(gone, second);
    await gone.clock.advance('1s');
  }
  expect(searches).toBeGreaterThan(10);
  expect(searches).toBeLessThan(60);
  await keeper.close();
});

it('a reboot that brings another address tells of both', async () => {
  await using gateway = router();
  const keeper = new Keeper(gateway.transport);
  const kept = keeper.keep(UDP);
  expect((await kept.settled()).isOk()).toBe(true);
  await gateway.clock.advance('10m');
  const events = follow(kept);
  gateway.reboot();
  gateway.changeExternalAddress('9.9.9.9');
  await gateway.clock.advance('10m');
  expect(events).toEqual(['externalAddress 9.9.9.9', 'restored']);
  await keeper.close();
});
