/** One request and its answer: what is sent when, and which datagrams count. */
import { expect, it, describe } from 'vitest';
import { createAbort } from '../../abort.ts';
import { exchange, openTowards, type ExchangeOptions } from './exchange.ts';
import { FakeNetwork, ROUTER, ROUTER6, type Answering, type Reply } from './fake-router.test-support.ts';

const REQUEST = Uint8Array.of(1, 2, 3);
const ANSWER = Uint8Array.of(9);
const answer: Reply = { payload: ANSWER };
const SERVER = { address: ROUTER };

/** What came of it: the answer or the error's code, whether the request may have arrived, and when what was sent. */
async function ask(
  answering: Answering,
  options: Partial<ExchangeOptions<number>> = {},
  network = new FakeNetwork(answering),
) {
  const { transport } = network;
  const socket = (await openTowards(transport, SERVER))._unsafeUnwrap();
  const read = (payload: Uint8Array): number | null => (payload[0] === 9 ? 9 : null);
  const asked = await exchange(transport, SERVER, socket, {
    payload: REQUEST,
    read,
    purpose: 'request',
    limits: { deadlineMs: 8_000 },
    ...options,
  });
  expect(network.sockets.size).toBe(0);
  expect(network.sent.every(({ payload }) => payload === REQUEST)).toBe(true);
  return {
    came: asked.match(
      (value) => value,
      ({ error, mayHaveArrived }) => `${error.code}${mayHaveArrived ? ', may have arrived' : ''}`,
    ),
    sent: network.sent.map(({ at }) => at),
    endedAt: network.clock.now(),
  };
}

const silent: Answering = () => [];
const after = (count: number): Answering => {
  let times = 0;
  return () => ((times += 1) <= count ? [] : [answer]);
};

describe('transmissions', () => {
  it.each([
    ['discovery', 0, [0], 5],
    ['discovery', 1, [0, 250], 255],
    ['discovery', 2, [0, 250, 750], 755],
    ['request', 1, [0, 1_000], 1_005],
    ['request', 3, [0, 1_000, 3_000, 7_000], 7_005],
  ] as const)('%s: after %s lost ones the answer ends them', async (purpose, lost, sent, endedAt) => {
    expect(await ask(after(lost), { purpose })).toEqual({ came: 9, sent, endedAt });
  });

  it('a discovery ends 1.75 s after its first transmission, and the server may have got it', async () => {
    const came = 'timeout, may have arrived';
    expect(await ask(silent, { purpose: 'discovery' })).toEqual({ came, sent: [0, 250, 750], endedAt: 1_750 });
  });

  it('a request ends with its deadline', async () => {
    const came = 'timeout, may have arrived';
    expect(await ask(silent)).toEqual({ came, sent: [0, 1_000, 3_000, 7_000], endedAt: 8_000 });
  });

  it('nothing is sent without time, or after an abort', async () => {
    expect(await ask(silent, { limits: { deadlineMs: 0 } })).toEqual({ came: 'timeout', sent: [], endedAt: 0 });
    const { signal, abort } = createAbort();
    abort();
    expect(await ask(silent, { limits: { signal } })).toEqual({ came: 'aborted', sent: [], endedAt: 0 });
  });

  it('an abort ends the wait', async () => {
    const network = new FakeNetwork(silent);
    const { signal, abort } = createAbort();
    void network.clock.sleep(1_500).then(abort);
    const came = 'aborted, may have arrived';
    expect(await ask(silent, { limits: { signal } }, network)).toEqual({ came, sent: [0, 1_000], endedAt: 1_500 });
  });
});

describe('answers', () => {
  it('a late one counts, whichever transmission it answers', async () => {
    expect(await ask(() => [{ ...answer, afterMs: 2_500 }])).toMatchObject({
      came: 9,
      sent: [0, 1_000],
      endedAt: 2_500,
    });
  });

  it.each([
    ['another address', { address: '192.168.1.66', port: 5351 }],
    ['another port', { address: ROUTER, port: 5350 }],
  ])('one from %s is ignored', async (_from, from) => {
    expect(await ask(() => [{ ...answer, from }], { purpose: 'discovery' })).toMatchObject({ endedAt: 1_750 });
  });

  it('what is no answer to the request is ignored', async () => {
    const replies = [{ payload: Uint8Array.of(8) }, { payload: new Uint8Array(0) }, { ...answer, afterMs: 20 }];
    expect(await ask(() => replies)).toMatchObject({ came: 9, sent: [0], endedAt: 20 });
  });
});

describe('a refusal by the system of the router', () => {
  it('ends a discovery at once', async () => {
    expect(await ask(() => 'refused', { purpose: 'discovery' })).toEqual({ came: 'refused', sent: [0], endedAt: 0 });
  });

  it.each(['request', 'renewal'] as const)('is a passing one for a %s', async (purpose) => {
    let times = 0;
    const once = await ask(() => ((times += 1) === 1 ? 'refused' : [answer]), { purpose });
    expect([once.came, once.sent.length]).toEqual([9, 2]);
  });

  it('proves that nothing was done, if each transmission got one', async () => {
    expect((await ask(() => 'refused')).came).toBe('refused');
    let times = 0;
    expect((await ask(() => ((times += 1) === 1 ? 'refused' : []))).came).toBe('refused, may have arrived');
  });
});

it('what cannot be sent may not have arrived', async () => {
  const network = new FakeNetwork(silent);
  network.isUnreachable = true;
  expect((await ask(silent, { purpose: 'discovery' }, network)).came).toBe('unreachable');
});

it('the socket is connected to the server, from the address that is given', async () => {
  const network = new FakeNetwork(silent);
  const opened = (await openTowards(network.transport, { address: ROUTER6 }, 'fe80::20%eth0'))._unsafeUnwrap();
  const [{ options } = { options: null }] = network.sockets;
  expect(options).toMatchObject({
    family: 'ipv6',
    remote: { address: ROUTER6, port: 5351 },
    localAddress: 'fe80::20%eth0',
  });
  expect(opened.localAddress).toBe('fe80::20');
});
