/** The queue of a device whose description was fetched in turns with others. */
import { MemoryNetwork } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { err, ok, ResultAsync } from '../result.ts';
import type { Transport } from '../ports.ts';
import { createDescriptionQueue } from './description-queue.ts';
import type { SearchAnswer } from './search-types.ts';

const TIMEOUT = { kind: 'transport', code: 'timeout', message: 'no answer' } as const;

function answer(at: number): SearchAnswer {
  const location = `http://192.168.1.${at}:5000/`;
  const own = { from: `192.168.1.${at}`, location, named: location, isDefaultGateway: false };
  return { kind: 'response', target: 'upnp:rootdevice', ...own } as unknown as SearchAnswer;
}

it('has the deadline that was given, however late its description came', async () => {
  const network = new MemoryNetwork();
  const { clock } = network;
  const body = encodeUtf8('<root><device/></root>');
  // Five hosts do not answer during the first second. Each fetch is aborted and repeated, with less time left.
  const request: Transport['http']['request'] = (_what, { deadlineMs, signal }) =>
    clock.now() < 1_000
      ? new ResultAsync(clock.sleep(deadlineMs, signal).then(() => err(TIMEOUT)))
      : new ResultAsync(Promise.resolve(ok({ status: 200, headers: [], body })));
  const fetchInTurn = createDescriptionQueue({ ...network.transport(), http: { request } }, { deadlineMs: 20_000 });
  const fetched = await Promise.all([1, 2, 3, 4, 5].map((at) => fetchInTurn(answer(at))));
  expect(clock.now()).toBeGreaterThanOrEqual(1_000);
  for (const one of fetched) {
    const deadlines: number[] = [];
    const sent = await one._unsafeUnwrap().queue?.({
      url: 'http://192.168.1.1:5000/',
      name: 'a request',
      isRead: false,
      clock,
      limits: {},
      send: async (deadlineMs) => {
        deadlines.push(deadlineMs);
        return Promise.resolve(ok(null));
      },
    });
    expect([sent?.isOk(), deadlines]).toEqual([true, [20_000]]);
  }
});
